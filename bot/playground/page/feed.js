/** The conversation: days, runs of bubbles, and a scroll position that never jumps. */

import { Bubble } from "./bubble.js";
import { dayOf } from "./clock.js";
import { element, icon } from "./element.js";
import { emptyState } from "./welcome.js";

const PAGE = 120;
const RUN_SECONDS = 300;
const NEAR_BOTTOM_PX = 60;

export class Feed {
  #bubbles = new Map();
  #count = PAGE;
  #pinned = true;
  #missed = 0;

  /** @param {Object} actions see Bubble; `empty` fills the composer from the empty state */
  constructor(world, root, toBottom, actions) {
    Object.assign(this, { world, root, toBottom, actions });
    this.list = element("div", { class: "list", role: "feed", "aria-label": "Messages" });
    root.append(this.list);
    toBottom.addEventListener("click", () => this.scrollToEnd("smooth"));
    root.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    root.addEventListener("keydown", (event) => this.#onKey(event));
    const keepEnd = new ResizeObserver(() => this.#pinned && this.scrollToEnd());
    keepEnd.observe(this.list);
    keepEnd.observe(root);
    world.addEventListener("select", () => this.#open());
    world.addEventListener("messages", ({ detail }) => this.#onMessages(detail));
  }

  #open() {
    if (this.chat !== this.world.chatId) {
      this.chat = this.world.chatId;
      this.#count = PAGE;
      this.#bubbles.clear();
      this.#pinned = true;
    }
    this.render();
    if (this.#pinned) this.scrollToEnd();
  }

  #onMessages({ chat, fresh }) {
    if (chat !== this.world.chatId) return;
    if (fresh?.from.id === this.world.speaker?.id) this.#pinned = true;
    if (fresh && !this.#pinned) this.#missed += 1;
    this.render();
    if (this.#pinned) this.scrollToEnd();
    this.#showToBottom();
  }

  /** Bring the list in line with the world: bubbles that stay are the same nodes as before. */
  render() {
    const all = this.world.messagesOf(this.world.chatId);
    const items = itemsOf(all.slice(-this.#count), this.world);
    const nodes = items.flatMap((item) => this.#nodesOf(item));
    if (all.length > this.#count) nodes.unshift(this.#earlier());
    if (items.length === 0 && this.world.chat) nodes.push(emptyState(this.world, this.actions));
    const keep = new Set(items.map(({ key }) => key));
    for (const key of this.#bubbles.keys()) if (!keep.has(key)) this.#bubbles.delete(key);
    place(this.list, nodes);
    const last = items.at(-1);
    for (const { key } of items) this.#bubbles.get(key).node.tabIndex = key === last.key ? 0 : -1;
  }

  #nodesOf(item) {
    let bubble = this.#bubbles.get(item.key);
    if (!bubble) {
      bubble = new Bubble(this.actions);
      this.#bubbles.set(item.key, bubble);
    }
    bubble.update(item);
    return item.day ? [this.#dayMark(item.day), bubble.node] : [bubble.node];
  }

  #dayMark(day) {
    const shown = [...this.list.querySelectorAll(".day")].find((node) => node.textContent === day);
    return shown ?? element("div", { class: "day", role: "separator" }, day);
  }

  #earlier() {
    const click = () => {
      this.#count += PAGE;
      this.render();
    };
    return element(
      "button",
      { class: "day earlier", type: "button", click },
      "Show earlier messages",
    );
  }

  scrollToEnd(behavior = "instant") {
    this.root.scrollTo({ top: this.root.scrollHeight, behavior });
  }

  /** Show a message in the middle of the screen and flash it once. */
  jump(id) {
    const node = this.#find(id);
    if (!node) return;
    this.#pinned = false;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    node.focus({ preventScroll: true });
    node.classList.remove("flash");
    void node.offsetWidth; // restarts the animation
    node.classList.add("flash");
  }

  #find(id) {
    const bubbles = [...this.#bubbles.values()];
    return bubbles.find(({ item }) => item.messages.some((message) => message.id === id))?.node;
  }

  #noteScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.root;
    this.#pinned = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    if (this.#pinned) this.#missed = 0;
    this.#showToBottom();
  }

  #showToBottom() {
    this.toBottom.hidden = this.#pinned;
    const label = this.#missed
      ? `${this.#missed} new, go to the latest message`
      : "Go to the latest message";
    this.toBottom.setAttribute("aria-label", label);
    const badge = this.#missed > 0 && element("span", { class: "badge" }, String(this.#missed));
    this.toBottom.replaceChildren(...[icon("down"), badge].filter(Boolean));
  }

  /** Up and Down walk through the messages; Enter opens the menu, R replies, Delete deletes. */
  #onKey(event) {
    const node = event.target;
    if (!node.matches?.("[data-testid=message]")) return;
    const bubble = [...this.#bubbles.values()].find((one) => one.node === node);
    const message = bubble.item.messages[0];
    const { left, bottom } = node.querySelector(".bubble").getBoundingClientRect();
    const keys = {
      ArrowUp: () => this.#step(node, -1),
      ArrowDown: () => this.#step(node, 1),
      Enter: () => this.actions.menu(message, { x: left + 20, y: bottom - 8 }),
      r: () => this.actions.reply(message),
      Delete: () => this.actions.remove(message),
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key]();
  }

  #step(node, direction) {
    const nodes = [...this.list.querySelectorAll("[data-testid=message]")];
    nodes[nodes.indexOf(node) + direction]?.focus();
  }
}

/** Albums together, with the day before the first of a day and the edges of each run. */
function itemsOf(messages, world) {
  const items = [];
  for (const message of messages) {
    const before = items.at(-1);
    const album = message.media_group && `album-${message.media_group}`;
    if (album && before?.key === album) before.messages.push(message);
    else items.push({ key: album || `message-${message.id}`, messages: [message] });
  }
  items.forEach((item, index) => {
    const [head] = item.messages;
    const [before] = items[index - 1]?.messages ?? [];
    const [after] = items[index + 1]?.messages ?? [];
    item.day = before && dayOf(before.date) === dayOf(head.date) ? null : dayOf(head.date);
    item.own = head.from.id === world.speaker?.id;
    item.group = !world.isPrivate;
    item.first = !inOneRun(before, head);
    item.last = !inOneRun(head, after);
  });
  return items;
}

function inOneRun(one, next) {
  if (!one || !next || one.from.id !== next.from.id) return false;
  return next.date - one.date < RUN_SECONDS && dayOf(one.date) === dayOf(next.date);
}

/** Make the children exactly these nodes, moving none that is already in its place. */
function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}
