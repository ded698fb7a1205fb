/** The message that another one answers, as a line that leads back to it. */

import { element } from "./element.js";
import { kindWord, pictureOf } from "./media.js";
import { summaryOf } from "./prose.js";

/**
 * @param {{id: number, name: string, text: string}} quoted what the reply says about it
 * @param {Object|undefined} original the message itself, if it is still there
 * @param {function()} jump called when the quote is pressed
 */
export function quote(quoted, original, jump) {
  const picture = original && pictureOf(original);
  const text = quoted.text || (original ? summaryOf(original, kindWord(original)) : "Message");
  const look = { class: "quoted", type: "button", "data-testid": "quote", click: jump };
  return element(
    "button",
    look,
    picture && element("img", { src: picture, alt: "" }),
    element(
      "span",
      { class: "lines" },
      element("span", { class: "name" }, quoted.name),
      element("span", { class: "said" }, text),
    ),
  );
}
