/** The bar above the message field with the message that will be answered. */

import { element, icon, roundButton } from "./element.js";
import { kindWord, pictureOf } from "./media.js";
import { summaryOf } from "./prose.js";

export class ReplyBar {
  message = null;

  constructor() {
    const look = { class: "reply-bar", "data-testid": "reply-bar", hidden: true };
    this.root = element("div", look);
  }

  /** Answer this message; null answers none. */
  set(message) {
    this.message = message;
    this.root.hidden = !message;
    if (message) this.root.replaceChildren(...this.#parts(message));
  }

  #parts(message) {
    const picture = pictureOf(message);
    const lines = element(
      "div",
      { class: "lines" },
      element("div", { class: "name" }, `Reply to ${message.from.name}`),
      element("div", { class: "said" }, summaryOf(message, kindWord(message))),
    );
    const close = roundButton("close", "Do not reply", () => this.set(null));
    const image = picture ? [element("img", { src: picture, alt: "" })] : [];
    return [icon("reply"), ...image, lines, close];
  }
}
