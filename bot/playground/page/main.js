/**
 * The chat page of the playground: builds the world and hangs every part into the page.
 *
 * Parts find each other only here. Data comes from `World`, which follows the server's events;
 * parts redraw when it tells them so.
 *
 * Hooks for tests, by data-testid (stable; more attributes in brackets):
 *   chat-item [data-chat], chat-title, chat-state, person-menu, rail-toggle, theme-toggle,
 *   panel-toggle
 *   feed, empty, message [data-message-id; class in or out], photo [data-message-id],
 *   document [data-message-id], quote, edited, reaction, keyboard-button [data-data], to-bottom
 *   composer, composer-input, attach, file-input, tray, preview, as-photo, as-file, as-sticker,
 *   reply-bar, speaker [data-user], commands, suggestions, suggestion, send, drop, drop-photo,
 *   drop-document
 *   menu, toasts, toast, alert, alert-ok, announcer
 *   viewer, viewer-image, viewer-count, viewer-previous, viewer-next, viewer-zoom, viewer-close
 *   panel, panel-tab [data-tab: transcript, calls, faults], panel-close
 *   transcript, transcript-entry [data-message-id], transcript-thumbnail, transcript-download
 *   calls, call [data-method, data-status], calls-filter
 *   fault-form, fault-kind, fault-method, fault-chat, fault-count, fault-retry_after,
 *   fault-seconds, fault-add, faults, fault [data-kind], fault-remove, faults-clear
 */

import { Actions, attempt } from "./actions.js";
import { Composer } from "./composer.js";
import { mountDrop } from "./drop.js";
import { Feed } from "./feed.js";
import { mountHeader } from "./header.js";
import { kindWord } from "./media.js";
import { announce, toast } from "./notice.js";
import { Panel } from "./panel.js";
import { summaryOf } from "./prose.js";
import { mountRail } from "./rail.js";
import { mountTheme } from "./theme.js";
import { Viewer } from "./viewer.js";
import { World } from "./world.js";

const at = (id) => document.getElementById(id);

function build() {
  const world = new World();
  const actions = new Actions(world);
  const app = at("app");
  mountTheme(at("theme"));
  mountRail(world, at("chats"), () => app.classList.remove("with-rail"));
  mountHeader(world, at("header"), {
    openRail: () => openRail(app),
    togglePanel: () => actions.panel.toggle(),
    attempt,
  });
  actions.viewer = new Viewer(world, at("viewer"));
  actions.feed = new Feed(world, at("feed"), at("to-bottom"), actions);
  actions.composer = new Composer(world, at("composer"), toast);
  actions.panel = new Panel(world, { app, root: at("panel"), viewer: actions.viewer, tell: toast });
  mountDrop(at("chat"), at("drop"), (files, as) => actions.composer.take(files, as));
  closeDrawers(app, actions.panel);
  followPlace(world);
  announceNews(world);
  return world;
}

function openRail(app) {
  app.classList.add("with-rail");
  at("chats").querySelector("[aria-current]")?.focus();
}

/** On a narrow screen the side bars lie over the chat; Esc or a press beside closes them. */
function closeDrawers(app, panel) {
  const close = () => {
    app.classList.remove("with-rail");
    panel.toggle(false);
  };
  at("shade").addEventListener("click", close);
  app.addEventListener("keydown", (event) => {
    const isDrawer = getComputedStyle(at("shade")).display !== "none";
    if (event.key === "Escape" && isDrawer) close();
  });
}

/** The open chat is in the address, so that a reload stays in it. */
function followPlace(world) {
  const goTo = () => world.select(Number(location.hash.slice(1)));
  world.addEventListener("world", () => world.chat ?? goTo());
  world.addEventListener("select", () => history.replaceState(null, "", `#${world.chatId}`));
  addEventListener("hashchange", goTo);
}

function announceNews(world) {
  world.addEventListener("messages", ({ detail: { chat, fresh } }) => {
    if (fresh && chat === world.chatId && fresh.from.id !== world.speaker.id) {
      announce(`${fresh.from.name}: ${summaryOf(fresh, kindWord(fresh))}`);
    }
    const unread = [...world.unread.values()].reduce((sum, count) => sum + count, 0);
    document.title = unread ? `(${unread}) Easel playground` : "Easel playground";
  });
  document.addEventListener("visibilitychange", () => document.hidden || world.markRead());
}

attempt(() => build().start());
