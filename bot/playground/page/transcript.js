/** Every version of every message of the open chat, deleted ones too. */

import { delayOf, isoOf, secondOf } from "./clock.js";
import { element, icon } from "./element.js";
import { kindWord } from "./media.js";
import { summaryOf } from "./prose.js";
import * as server from "./server.js";

const CALM_MS = 300;

export class Transcript {
  #rows = new Map();
  #timer = 0;

  constructor(world, viewer, tell) {
    Object.assign(this, { world, viewer, tell });
    this.count = element("span", { class: "grow count" });
    this.download = element(
      "a",
      { class: "plain-button", "data-testid": "transcript-download" },
      icon("download"),
      "JSON",
    );
    this.list = element("div", { class: "entries", "data-testid": "transcript" });
    this.root = element(
      "section",
      { class: "tab" },
      element("div", { class: "tools" }, this.count, this.download),
      this.list,
    );
    world.addEventListener(
      "messages",
      ({ detail }) => detail.chat === world.chatId && this.#later(),
    );
    world.addEventListener("select", () => this.#later());
  }

  /** Many edits at once ask the server only once. */
  #later() {
    clearTimeout(this.#timer);
    if (this.root.checkVisibility()) this.#timer = setTimeout(() => this.refresh(), CALM_MS);
  }

  async refresh() {
    const chat = this.world.chatId;
    if (!chat) return;
    let entries;
    try {
      entries = await server.getTranscript(chat);
    } catch (error) {
      if (!(error instanceof server.ServerError)) throw error;
      this.tell(error.message);
      return;
    }
    if (chat === this.world.chatId) this.#show(chat, entries);
  }

  #show(chat, entries) {
    const versions = entries.reduce((sum, { history }) => sum + history.length, 0);
    this.count.textContent = `${entries.length} messages, ${versions} versions`;
    this.download.href = server.transcriptPath(chat);
    this.download.download = `transcript-${chat}.json`;
    if (this.chat !== chat) this.#rows.clear();
    this.chat = chat;
    this.list.replaceChildren(...entries.map((entry) => this.#row(entry)));
  }

  /** A row is built anew only when its message got another version; it stays open then. */
  #row(entry) {
    const mark = `${entry.history.length} ${entry.deleted}`;
    const known = this.#rows.get(entry.id);
    if (known?.mark === mark) return known.node;
    const node = this.#entry(entry);
    node.open = known?.node.open ?? entry.history.length > 1;
    this.#rows.set(entry.id, { mark, node });
    return node;
  }

  #entry(entry) {
    const { history, deleted, from } = entry;
    const versions =
      history.length > 1 && element("span", { class: "tag" }, `${history.length} versions`);
    return element(
      "details",
      { class: "entry", "data-testid": "transcript-entry", "data-message-id": entry.id },
      element(
        "summary",
        {},
        element("span", { class: "number" }, `#${entry.id}`),
        element("b", {}, from.name),
        element("span", { class: "gist" }, summaryOf(entry, kindWord(entry))),
        versions,
        deleted && element("span", { class: "tag gone" }, "deleted"),
      ),
      this.#filmstrip(entry),
      element(
        "ol",
        { class: "versions" },
        history.map((version) => versionRow(version, history[0].at)),
      ),
    );
  }

  /** The pictures of all versions in order: the painting as it grew. */
  #filmstrip({ id, history }) {
    const pictured = history.filter(({ photo }) => photo?.url);
    if (pictured.length === 0) return null;
    const slides = pictured.map(({ photo, caption }, index) => ({
      url: photo.url,
      name: `photo-${id}-${index + 1}.jpg`,
      text: caption ?? "",
    }));
    return element(
      "div",
      { class: "filmstrip" },
      pictured.map(({ photo, at }, index) =>
        element(
          "button",
          {
            type: "button",
            "data-testid": "transcript-thumbnail",
            "aria-label": `Version at ${secondOf(at)}`,
            title: delayOf(at - history[0].at),
            click: () => this.viewer.openSlides(slides, index),
          },
          element("img", { src: photo.url, alt: "", loading: "lazy" }),
        ),
      ),
    );
  }

  async reveal(id) {
    await this.refresh();
    const node = this.#rows.get(id)?.node;
    if (!node) return;
    node.open = true;
    node.scrollIntoView({ block: "start", behavior: "smooth" });
    node.querySelector("summary").focus({ preventScroll: true });
  }
}

function versionRow(version, start) {
  const words = version.text ?? version.caption;
  const file = version.document?.name ?? version.document?.file_name;
  const keys = (version.keyboard ?? []).flat();
  return element(
    "li",
    {},
    element(
      "time",
      { datetime: isoOf(version.at), title: secondOf(version.at) },
      delayOf(version.at - start),
    ),
    element(
      "div",
      { class: "what" },
      words && element("p", { dir: "auto" }, words),
      file && element("p", { class: "quiet" }, file),
      version.photo && !words && element("p", { class: "quiet" }, "Photo"),
      keys.length > 0 &&
        element(
          "p",
          { class: "keys" },
          keys.map(({ text }) => element("span", {}, text)),
        ),
    ),
  );
}
