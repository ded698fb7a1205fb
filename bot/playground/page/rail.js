/** The list of chats. */

import { activityWords } from "./activity.js";
import { dayOf, isoOf, timeOf } from "./clock.js";
import { avatar, element } from "./element.js";
import { kindWord, pictureOf } from "./media.js";
import { summaryOf } from "./prose.js";

/** @param {function()} chosen called after a chat was picked, e.g. to close a drawer */
export function mountRail(world, root, chosen) {
  const draw = () => {
    const focused = root.contains(document.activeElement) && document.activeElement.dataset.chat;
    root.replaceChildren(...world.chats.map((chat) => element("li", {}, row(world, chat, chosen))));
    if (focused) root.querySelector(`[data-chat="${focused}"]`)?.focus();
  };
  for (const event of ["world", "select", "messages", "action"])
    world.addEventListener(event, draw);
  root.addEventListener("keydown", moveFocus);
}

function row(world, chat, chosen) {
  const last = world.messagesOf(chat.id).at(-1);
  const unread = world.unread.get(chat.id);
  const open = () => {
    world.select(chat.id);
    chosen();
  };
  return element(
    "button",
    {
      class: "chat-row",
      type: "button",
      "data-testid": "chat-item",
      "data-chat": chat.id,
      "aria-current": chat.id === world.chatId ? "true" : null,
      click: open,
    },
    avatar({ id: chat.id, name: chat.title }),
    element(
      "span",
      { class: "about" },
      element(
        "span",
        { class: "line" },
        element("span", { class: "title" }, chat.title),
        last && element("time", { datetime: isoOf(last.date) }, whenOf(last.date)),
      ),
      element(
        "span",
        { class: "line" },
        element("span", { class: "last" }, ...lastLine(world, chat, last)),
        unread &&
          element("span", { class: "badge", "aria-label": `${unread} unread` }, String(unread)),
      ),
    ),
  );
}

function lastLine(world, chat, last) {
  const action = world.actionIn(chat.id);
  if (action) return [element("span", { class: "dots" }, activityWords(action))];
  if (!last)
    return [
      chat.type === "private"
        ? "Private chat with the bot"
        : `${chat.members.length} people and the bot`,
    ];
  const author = chat.type !== "private" && `${last.from.name}: `;
  const picture = pictureOf(last);
  return [
    author,
    picture && element("img", { src: picture, alt: "" }),
    summaryOf(last, kindWord(last)),
  ].filter(Boolean);
}

const whenOf = (date) => (dayOf(date) === "Today" ? timeOf(date) : dayOf(date));

function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll(".chat-row")];
  rows[rows.indexOf(document.activeElement) + step]?.focus();
}
