/** Switches that make the bot's calls fail, so that one can watch it cope. */

import { element, roundButton } from "./element.js";
import * as server from "./server.js";

const KINDS = [
  ["429", "429: too many requests"],
  ["403", "403: blocked by the user"],
  ["502", "502: bad gateway"],
  ["hang", "Hang: no answer for a while"],
  ["reset", "Reset: connection cut before the call"],
  ["dropped", "Dropped: done, but the answer is lost"],
];
const METHODS = [
  "sendMessage",
  "sendPhoto",
  "sendDocument",
  "sendMediaGroup",
  "sendChatAction",
  "editMessageText",
  "editMessageCaption",
  "editMessageMedia",
  "editMessageReplyMarkup",
  "deleteMessage",
  "answerCallbackQuery",
  "getFile",
  "setMessageReaction",
  "getUpdates",
];

export class Faults {
  constructor(world, tell) {
    Object.assign(this, { world, tell });
    this.list = element("ul", {
      class: "faults",
      "data-testid": "faults",
      "aria-label": "Active faults",
    });
    this.form = element("form", {
      class: "fault-form",
      "data-testid": "fault-form",
      submit: (event) => this.#onSubmit(event),
    });
    this.root = element("section", { class: "tab" }, this.form, this.list);
    this.#fill();
    world.addEventListener("world", () => this.#fillChats());
    world.addEventListener(
      "call",
      ({ detail }) => detail.fault && this.root.checkVisibility() && this.refresh(),
    );
  }

  #fill() {
    this.kind = choice("kind", KINDS, { change: () => this.#suit() });
    this.method = choice("method", [["", "any method"], ...METHODS.map((name) => [name, name])]);
    this.chats = choice("chat", [["", "any chat"]]);
    this.count = amount("count", { placeholder: "all" });
    this.retry = amount("retry_after", { value: 5 });
    this.seconds = amount("seconds", { value: 60 });
    this.retryRow = labelled("Retry after, s", this.retry);
    this.secondsRow = labelled("For, s", this.seconds);
    this.form.append(
      labelled("What the bot meets", this.kind),
      labelled("Method", this.method),
      labelled("Chat", this.chats),
      element(
        "div",
        { class: "pair" },
        labelled("Number of calls", this.count),
        this.retryRow,
        this.secondsRow,
      ),
      element("button", { class: "plain-button solid", "data-testid": "fault-add" }, "Add fault"),
    );
    this.#suit();
  }

  #fillChats() {
    const { value } = this.chats;
    const choices = [["", "any chat"], ...this.world.chats.map(({ id, title }) => [id, title])];
    this.chats.replaceChildren(
      ...choices.map(([id, title]) => element("option", { value: id }, title)),
    );
    this.chats.value = value;
  }

  /** Only the numbers that this kind of fault knows. */
  #suit() {
    this.retryRow.hidden = this.kind.value !== "429";
    this.secondsRow.hidden = this.kind.value !== "hang";
  }

  async #onSubmit(event) {
    event.preventDefault();
    const fault = { kind: this.kind.value };
    if (this.method.value) fault.method = this.method.value;
    if (this.chats.value) fault.chat = Number(this.chats.value);
    if (this.count.value) fault.count = Number(this.count.value);
    if (fault.kind === "429") fault.retry_after = Number(this.retry.value);
    if (fault.kind === "hang") fault.seconds = Number(this.seconds.value);
    await this.#change(() => server.addFault(fault));
  }

  async #change(action) {
    try {
      await action();
      this.#show(await server.getFaults());
    } catch (error) {
      if (!(error instanceof server.ServerError)) throw error;
      this.tell(error.message);
    }
  }

  refresh() {
    return this.#change(() => {});
  }

  #show(faults) {
    const clear = {
      type: "button",
      class: "plain-button",
      "data-testid": "faults-clear",
      click: () => this.#change(server.removeFaults),
    };
    const rows = faults.map((fault) => this.#row(fault));
    if (faults.length > 1)
      rows.push(element("li", { class: "all" }, element("button", clear, "Remove all")));
    if (faults.length === 0)
      rows.push(
        element("li", { class: "quiet hint" }, "No fault is set: every call goes through."),
      );
    this.list.replaceChildren(...rows);
  }

  #row({ id, kind, method, chat, count, retry_after: retryAfter, seconds }) {
    const title = this.world.chats.find((one) => one.id === chat)?.title;
    const left = count ? `${count} ${count === 1 ? "call" : "calls"} left` : "until removed";
    const more = { 429: `retry after ${retryAfter} s`, hang: `for ${seconds} s` }[kind];
    const scope = [method ?? "any method", title ?? "any chat", left, more]
      .filter(Boolean)
      .join(", ");
    const remove = () => this.#change(() => server.removeFault(id));
    return element(
      "li",
      { "data-testid": "fault", "data-kind": kind },
      element("span", { class: "tag gone" }, String(kind)),
      element("span", { class: "scope" }, scope),
      roundButton("close", `Remove fault ${kind}`, remove, { "data-testid": "fault-remove" }),
    );
  }
}

function choice(name, options, attributes = {}) {
  const rows = options.map(([value, text]) => element("option", { value }, text));
  return element(
    "select",
    { name, class: "field", "data-testid": `fault-${name}`, ...attributes },
    rows,
  );
}

function amount(name, attributes) {
  return element("input", {
    name,
    type: "number",
    min: 1,
    class: "field",
    "data-testid": `fault-${name}`,
    ...attributes,
  });
}

function labelled(text, field) {
  return element("label", { class: "labelled" }, element("span", {}, text), field);
}
