/** The bar above the conversation: whose chat it is, what the bot does, and the chat's menu. */

import { activityWords } from "./activity.js";
import { avatar, element, roundButton } from "./element.js";
import { openMenu } from "./menu.js";
import * as server from "./server.js";

const LANGUAGES = { en: "English", ru: "Русский", de: "Deutsch" };

/** @param {Object<string, function>} actions openRail, togglePanel, and attempt of actions.js */
export function mountHeader(world, root, actions) {
  const title = element("h2", { "data-testid": "chat-title" });
  const state = element("div", { class: "state", "data-testid": "chat-state" });
  const face = element("span", {});
  const showMenu = (event) =>
    openMenu(menuItems(world, actions.attempt), { anchor: event.currentTarget });
  root.append(
    roundButton("menu", "Chats", actions.openRail, {
      id: "rail-toggle",
      "data-testid": "rail-toggle",
    }),
    face,
    element("div", { class: "names" }, title, state),
    roundButton("more", "This person", showMenu, {
      id: "person-menu",
      "data-testid": "person-menu",
      "aria-haspopup": "menu",
    }),
    roundButton("panel", "Behind the scenes", actions.togglePanel, {
      id: "panel-toggle",
      "data-testid": "panel-toggle",
    }),
  );
  const draw = () => {
    if (!world.chat) return;
    face.replaceChildren(
      world.isPrivate
        ? avatar({ ...world.bot, bot: true })
        : avatar({ id: world.chatId, name: world.chat.title }),
    );
    title.textContent = world.isPrivate ? world.bot.name : world.chat.title;
    writeState(world, state);
  };
  for (const event of ["world", "select", "action", "connection"])
    world.addEventListener(event, draw);
}

function writeState(world, state) {
  const action = world.actionIn(world.chatId);
  state.className = "state";
  if (!world.connected) {
    state.classList.add("lost");
    state.textContent = "No connection to the playground, trying again";
  } else if (action) {
    state.classList.add("busy");
    state.replaceChildren(element("span", { class: "dots" }, activityWords(action)));
  } else state.textContent = restingState(world);
}

function restingState({ chat, isPrivate, speaker, bot }) {
  if (!isPrivate) return `${chat.members.length} people and @${bot.username}`;
  const language = LANGUAGES[speaker.language] ?? speaker.language;
  return `You are ${speaker.name} · ${language}${speaker.blocked ? " · bot blocked" : ""}`;
}

function menuItems(world, attempt) {
  const { id, name, blocked, language } = world.speaker;
  const block = {
    label: blocked ? `Unblock the bot for ${name}` : `Block the bot as ${name}`,
    icon: "block",
    danger: !blocked,
    run: () => attempt(() => server.setBlocked(id, !blocked)),
  };
  const languages = Object.entries(LANGUAGES).map(([code, label]) => ({
    label: `${name} reads ${label}`,
    icon: code === language ? "check" : "language",
    checked: code === language,
    run: () => attempt(() => server.setLanguage(id, code)),
  }));
  return [...languages, block];
}
