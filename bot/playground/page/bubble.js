/** One bubble, a message or an album: parts are exchanged in place, and only when they changed. */

import { isoOf, momentOf, timeOf } from "./clock.js";
import { avatar, element, hueOf } from "./element.js";
import { keyboardRows } from "./keyboard.js";
import { Photo, albumRows, fileCard, kindWord, mediaWidth, sticker } from "./media.js";
import { proseOf, summaryOf } from "./prose.js";
import { quote } from "./quote.js";

const TOUCH = matchMedia("(hover: none)");
/** The blue of the bot's own picture. */
const BOT_HUE = 212;

/**
 * What one bubble shows; `first` and `last` are its place in a run of one sender's.
 *
 * @typedef {{messages: Object[], first: boolean, last: boolean, own: boolean, group: boolean}} Item
 */

export class Bubble {
  #marks = {};
  #photos = new Map();

  /** @param {Object} actions what a person can do, see actions.js */
  constructor(actions) {
    this.actions = actions;
    this.parts = {};
    for (const name of ["sender", "quote", "media", "text", "reactions"]) {
      this.parts[name] = element("div", { class: `part ${name}`, hidden: true });
    }
    this.parts.keyboard = element("div", {
      class: "keyboard",
      role: "group",
      "aria-label": "Buttons",
      hidden: true,
    });
    this.side = element("div", { class: "side" });
    this.meta = element("span", { class: "meta" });
    const { keyboard, ...inside } = this.parts;
    this.body = element("div", { class: "bubble" }, ...Object.values(inside));
    this.column = element("div", { class: "column" }, this.body, keyboard);
    this.node = element("article", { "data-testid": "message" }, this.side, this.column);
    this.node.addEventListener("contextmenu", (event) => this.#menu(event));
    this.node.addEventListener("dblclick", (event) => this.#reply(event));
    this.body.addEventListener("click", (event) => this.#tap(event));
  }

  /** @param {Item} item */
  update(item) {
    this.item = item;
    const [head] = item.messages;
    const spoken = item.messages.find(({ text, caption }) => text || caption) ?? head;
    this.#dress(item, head, Boolean(spoken.text || spoken.caption));
    this.#part(
      "sender",
      item.group && !item.own && item.first && !head.sticker ? head.from : null,
      senderName,
    );
    this.#part("quote", head.reply_to ?? null, (quoted) => this.#quote(quoted));
    this.#media(item.messages);
    this.#writeMeta(item.messages);
    this.#part("text", [spoken.html, spoken.text, spoken.caption], () => this.#prose(spoken));
    this.#part(
      "reactions",
      item.messages.flatMap(({ reactions }) => reactions ?? []),
      reactionChips,
    );
    this.#keyboard(head);
  }

  #dress(item, head, hasText) {
    const kinds = { photos: head.photo, stickers: head.sticker, files: head.document };
    const kind = Object.keys(kinds).find((name) => kinds[name]) ?? "words";
    const side = item.own ? "out" : "in";
    const flags = [
      item.last && "tail",
      item.first && "first",
      !hasText && "bare",
      head.keyboard && "keyed",
    ];
    this.node.className = ["message", side, kind, ...flags].filter(Boolean).join(" ");
    this.node.dataset.messageId = head.id;
    const width = mediaWidth(item.messages);
    this.column.style.setProperty("--media-width", width ? `${width}px` : "none");
    this.side.replaceChildren(...(item.group && !item.own && item.last ? [avatar(head.from)] : []));
    this.side.hidden = !item.group || item.own;
    const what = summaryOf(head, kindWord(head));
    this.node.setAttribute("aria-label", `${head.from.name}, ${timeOf(head.date)}: ${what}`);
  }

  /** Rebuild a part when the value it shows is another one; hide it when there is none. */
  #part(name, value, build) {
    const mark = JSON.stringify(value);
    if (this.#marks[name] === mark) return;
    this.#marks[name] = mark;
    const nodes = value === null ? [] : build(value);
    this.parts[name].replaceChildren(...nodes);
    this.parts[name].hidden = nodes.length === 0;
  }

  #prose(message) {
    const written = message.text || message.caption;
    if (!written) {
      this.body.append(this.meta);
      return [];
    }
    const prose = proseOf(message, this.actions.say);
    prose.append(this.meta);
    return [prose];
  }

  #quote(quoted) {
    const jump = () => this.actions.jump(quoted.id);
    return [quote(quoted, this.actions.find(quoted.id), jump)];
  }

  /** Photos stay the same nodes over edits, so that a changed picture can fade in. */
  #media(messages) {
    const pictures = messages.filter(({ photo }) => photo);
    for (const message of pictures) {
      const known = this.#photos.get(message.id);
      if (known) known.update(message);
      else this.#photos.set(message.id, new Photo(message, this.actions.open));
    }
    if (pictures.length === 0) this.#photos.clear();
    const shape = pictures.map(({ id, photo }) => [
      id,
      pictures.length > 1 && photo.width / photo.height,
    ]);
    const rest = messages.filter(({ photo }) => !photo);
    const others = rest.map(({ id, document, sticker: webp }) =>
      document || webp ? [id, document, webp] : null,
    );
    const value = [...shape, ...others.filter(Boolean)];
    this.#part("media", value.length > 0 ? value : null, () =>
      this.#mediaNodes(messages, pictures),
    );
  }

  #mediaNodes(messages, pictures) {
    const photos = pictures.map(({ id }) => this.#photos.get(id));
    if (photos.length === 1) return [photos[0].node];
    if (photos.length > 1) return albumRows(pictures, photos);
    return messages.map((message) =>
      message.sticker ? sticker(message) : fileCard(message, this.actions.open),
    );
  }

  #writeMeta(messages) {
    const edited = messages.find((message) => message.edited);
    const date = messages[0].date;
    const click = () => this.actions.history(edited);
    const mark = {
      class: "edited",
      type: "button",
      title: "Show every version",
      "data-testid": "edited",
      click,
    };
    this.meta.replaceChildren(
      ...(edited ? [element("button", mark, "edited")] : []),
      element("time", { datetime: isoOf(date), title: momentOf(date) }, timeOf(date)),
    );
  }

  #keyboard(message) {
    const focused =
      this.parts.keyboard.contains(document.activeElement) && document.activeElement.dataset.data;
    const actions = {
      copy: this.actions.copy,
      press: (button, node) => this.actions.press(message, button, node),
    };
    this.#part("keyboard", message.keyboard ?? null, (rows) => keyboardRows(rows, actions));
    if (focused && !this.parts.keyboard.contains(document.activeElement)) {
      this.parts.keyboard.querySelector(`[data-data="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  /** The message of an album that was meant, or the only one. */
  messageAt(target) {
    const id = Number(target.closest?.("[data-message-id]")?.dataset.messageId);
    return this.item.messages.find((message) => message.id === id) ?? this.item.messages[0];
  }

  #menu(event) {
    event.preventDefault();
    this.actions.menu(this.messageAt(event.target), { x: event.clientX, y: event.clientY });
  }

  /** Fingers have no right button: a tap on the bubble itself opens the menu. */
  #tap(event) {
    const free = !event.target.closest("button, a") && getSelection().isCollapsed;
    if (free && TOUCH.matches) this.#menu(event);
  }

  #reply(event) {
    if (event.target.closest("button, a, .prose")) return;
    this.actions.reply(this.messageAt(event.target));
  }
}

function senderName(from) {
  const hue = from.bot ? BOT_HUE : hueOf(from.id);
  return [element("span", { class: "sender-name", style: { "--hue": hue } }, from.name)];
}

function reactionChips(reactions) {
  return reactions.map((emoji) =>
    element("span", { class: "chip", "data-testid": "reaction" }, emoji),
  );
}
