/** Photos, albums, files and stickers inside a bubble. */

import { heightOf, mosaic } from "./album.js";
import { sizeOf } from "./clock.js";
import { element, icon } from "./element.js";

const WIDEST_PX = 430;
const HIGHEST_PX = 470;
const NARROWEST_PX = 240;
/** Beyond these shapes a photo is cropped in the chat, as in every messenger. */
const RATIOS = [0.5, 3.2];
const STICKER_PX = 220;
const FADE_MS = 380;
const SHOWN_BY_BROWSERS = /^image\/(png|jpeg|webp|gif|avif|bmp|svg\+xml)$/;

const ratioOf = ({ width, height }) => Math.min(Math.max(width / height, RATIOS[0]), RATIOS[1]);

/** CSS width in px of the bubble that shows these messages' pictures, or null without any. */
export function mediaWidth(messages) {
  const { photo } = messages[0];
  if (!photo) return null;
  if (messages.length > 1)
    return Math.round(Math.min(WIDEST_PX, HIGHEST_PX / heightOf(rowsOf(messages))));
  const fitting = Math.min(WIDEST_PX, HIGHEST_PX * ratioOf(photo));
  return Math.round(Math.max(NARROWEST_PX, Math.min(fitting, photo.width)));
}

/** A photo that can be exchanged in place: the new picture fades in over the old one. */
export class Photo {
  constructor(message, open) {
    this.message = message;
    this.node = element("button", {
      class: "photo",
      type: "button",
      "data-testid": "photo",
      "data-message-id": message.id,
      click: () => open(this.message),
    });
    this.node.append(this.#image(message.photo));
    this.#shape(message.photo);
    this.#describe();
  }

  update(message) {
    const changed = message.photo.url !== this.message.photo.url;
    this.message = message;
    this.#describe();
    if (changed) this.#fadeTo(message.photo);
  }

  #image(photo) {
    return element("img", { src: photo.url, alt: "", draggable: "false", decoding: "async" });
  }

  #describe() {
    const { from, caption } = this.message;
    this.node.setAttribute("aria-label", `Photo from ${from.name}${caption ? `: ${caption}` : ""}`);
  }

  #shape(photo) {
    this.node.style.setProperty("--ratio", ratioOf(photo));
  }

  async #fadeTo(photo) {
    const next = this.#image(photo);
    await next.decode().catch(() => {}); // a broken picture replaces the old one all the same
    if (this.message.photo.url !== photo.url) return; // a newer version came meanwhile
    this.#shape(photo);
    this.node.append(next);
    await next.animate([{ opacity: 0 }, { opacity: 1 }], FADE_MS).finished.catch(() => {});
    while (this.node.contains(next) && this.node.firstChild !== next) this.node.firstChild.remove();
  }
}

const rowsOf = (messages) => mosaic(messages.map(({ photo }) => photo.width / photo.height));

/** The rows of an album. Its photos keep their identity when one of them is edited. */
export function albumRows(messages, photos) {
  let index = 0;
  return rowsOf(messages).map((row) => {
    const sum = row.reduce((total, ratio) => total + ratio);
    const cells = row.map((ratio) => {
      const cell = photos[index++].node;
      cell.style.setProperty("flex-grow", ratio);
      return cell;
    });
    return element("div", { class: "album-row", style: { "aspect-ratio": sum.toFixed(4) } }, cells);
  });
}

/** A file: thumbnail or kind, name, size, and a way to save it. */
export function fileCard(message, open) {
  const { url, name, size } = message.document;
  const label = `${name}, ${sizeOf(size)}`;
  const save = { class: "save", href: url, download: name, "aria-label": `Save ${label}` };
  return element(
    "div",
    { class: "file", "data-testid": "document", "data-message-id": message.id },
    fileFace(message, label, open),
    element(
      "span",
      { class: "about" },
      element("bdi", { class: "name", title: name }, name),
      element("span", { class: "size" }, `${sizeOf(size)} · ${kindOf(name)}`),
    ),
    element("a", save, icon("download")),
  );
}

/** The thumbnail of a picture, which opens it; a plain sheet for everything else. */
function fileFace(message, label, open) {
  const whole = pictureOf(message);
  const small = message.document.thumbnail ?? whole;
  if (!small) return element("span", { class: "kind" }, icon("file"));
  const image = element("img", { src: small, alt: "", loading: "lazy", draggable: "false" });
  image.addEventListener("error", () => image.replaceWith(icon("file"))); // named like a picture
  if (!whole) return element("span", { class: "kind" }, image);
  const look = { class: "thumbnail", type: "button", "aria-label": `Open ${label}` };
  return element("button", { ...look, click: () => open(message) }, image);
}

const kindOf = (name) => (/\.(\w{1,5})$/.exec(name)?.[1] ?? "file").toUpperCase();

export function sticker(message) {
  const { url, width, height } = message.sticker;
  const shown = Math.round(STICKER_PX * Math.min(1, width / height));
  const style = { width: `${shown}px`, "aspect-ratio": `${width} / ${height}` };
  const alt = `Sticker from ${message.from.name}`;
  return element("img", { class: "sticker", src: url, style, alt, draggable: "false" });
}

/** One or two words for what a message holds beside its text; null for plain text. */
export function kindWord(message) {
  if (message.photo) return "Photo";
  if (message.sticker) return "Sticker";
  return message.document ? message.document.name : null;
}

/** The address of a message's picture for a viewer or a small thumbnail, or null. */
export function pictureOf(message) {
  if (message.photo) return message.photo.url;
  const file = message.document;
  return file && SHOWN_BY_BROWSERS.test(file.mime ?? "") ? file.url : null;
}
