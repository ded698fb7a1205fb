/** The bot's outgoing calls, the newest first, as they happen. */

import { isoOf, secondOf } from "./clock.js";
import { element } from "./element.js";
import * as server from "./server.js";

const MOST_ROWS = 400;

export class Calls {
  #last = 0;
  #loading = null;

  constructor(world, tell) {
    Object.assign(this, { world, tell });
    this.filter = element("input", {
      type: "search",
      class: "field",
      placeholder: "Filter by method, chat or status",
      "aria-label": "Filter the calls",
      "data-testid": "calls-filter",
      input: () => this.#sift(),
    });
    this.list = element("ol", { class: "calls", "data-testid": "calls" });
    this.empty = element("p", { class: "quiet hint" }, "The bot has not called yet.");
    this.root = element(
      "section",
      { class: "tab" },
      element("div", { class: "tools" }, this.filter),
      this.empty,
      this.list,
    );
    world.addEventListener("call", ({ detail }) => this.#add(detail));
  }

  /** Read what came before the page was opened, once. */
  refresh() {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load() {
    try {
      const calls = await server.getCalls(0);
      this.list.replaceChildren();
      this.#last = 0;
      for (const call of calls.slice(-MOST_ROWS)) this.#add(call);
    } catch (error) {
      if (!(error instanceof server.ServerError)) throw error;
      this.#loading = null;
      this.tell(error.message);
    }
  }

  #add(call) {
    if (call.seq <= this.#last) return;
    this.#last = call.seq;
    this.empty.hidden = true;
    const row = callRow(call, this.world);
    row.hidden = !this.#matches(row);
    this.list.prepend(row);
    if (this.list.children.length > MOST_ROWS) this.list.lastChild.remove();
  }

  #matches(row) {
    return row.textContent.toLowerCase().includes(this.filter.value.trim().toLowerCase());
  }

  #sift() {
    for (const row of this.list.children) row.hidden = !this.#matches(row);
  }
}

function callRow({ at, method, chat, message, status, description, fault }, world) {
  const tone = status >= 200 && status < 300 ? "fine" : "failed";
  const title = world.chats.find(({ id }) => id === chat)?.title;
  const where = [title, message && `#${message}`].filter(Boolean).join(" ");
  return element(
    "li",
    { class: tone, "data-testid": "call", "data-method": method, "data-status": status },
    element("time", { datetime: isoOf(at) }, secondOf(at)),
    element("span", { class: "method" }, method),
    element("span", { class: "where" }, where),
    element("span", { class: "status" }, String(status || "–")),
    fault && element("span", { class: "tag gone" }, `fault: ${fault.kind ?? fault}`),
    description && element("span", { class: "description" }, description),
  );
}
