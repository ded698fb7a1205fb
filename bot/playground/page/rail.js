/** The list of chats. */

import { activityWords } from "./activity.js";
import { dayOf, isoOf, timeOf } from "./clock.js";
import { avatar, element } from "./element.js";
import { kindWord, pictureOf } from "./media.js";
import { summaryOf } from "./prose.js";

/** @param {function()} chosen called after a chat was picked, e.g. to close a drawer */
export function mountRail(world, root, chosen) {
  const rows = new Map();
  const draw = () => {
    for (const chat of world.chats) {
      if (!rows.has(chat.id)) {
        rows.set(chat.id, new Row(world, chat.id, chosen));
        root.append(element("li", {}, rows.get(chat.id).node));
      }
      rows.get(chat.id).update(chat);
    }
  };
  for (const event of ["world", "select", "messages", "action"]) {
    world.addEventListener(event, draw);
  }
  root.addEventListener("keydown", moveFocus);
}

/** A chat's row; its lines are written anew only when they say something else. */
class Row {
  #mark = "";

  constructor(world, id, chosen) {
    this.world = world;
    const open = () => {
      world.select(id);
      chosen();
    };
    const hooks = { "data-testid": "chat-item", "data-chat": id };
    this.about = element("span", { class: "about" });
    const look = { class: "chat-row", type: "button", ...hooks, click: open };
    this.node = element("button", look, this.about);
  }

  update(chat) {
    const { world } = this;
    if (!this.about.previousSibling) this.node.prepend(avatar({ id: chat.id, name: chat.title }));
    if (chat.id === world.chatId) this.node.setAttribute("aria-current", "true");
    else this.node.removeAttribute("aria-current");
    const last = world.messagesOf(chat.id).at(-1);
    const unread = world.unread.get(chat.id);
    const mark = JSON.stringify([chat, last, unread, world.actionIn(chat.id)]);
    if (mark === this.#mark) return;
    this.#mark = mark;
    this.about.replaceChildren(
      line(element("span", { class: "title" }, chat.title), last && moment(last.date)),
      line(element("span", { class: "last" }, ...gist(world, chat, last)), unread && badge(unread)),
    );
  }
}

const line = (...parts) => element("span", { class: "line" }, ...parts);

function moment(date) {
  const day = dayOf(date);
  return element("time", { datetime: isoOf(date) }, day === "Today" ? timeOf(date) : day);
}

function badge(unread) {
  return element("span", { class: "badge", "aria-label": `${unread} unread` }, String(unread));
}

/** What the bot is doing, else the last message, else who is in the chat. */
function gist(world, chat, last) {
  const action = world.actionIn(chat.id);
  if (action) return [element("span", { class: "dots" }, activityWords(action))];
  const isPrivate = chat.type === "private";
  if (!last && isPrivate) return ["Private chat with the bot"];
  if (!last) return [`${chat.members.length} people and the bot`];
  const picture = pictureOf(last);
  const parts = [
    !isPrivate && `${last.from.name}: `,
    picture && element("img", { src: picture, alt: "" }),
    summaryOf(last, kindWord(last)),
  ];
  return parts.filter(Boolean);
}

function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll(".chat-row")];
  rows[rows.indexOf(document.activeElement) + step]?.focus();
}
