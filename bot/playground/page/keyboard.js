/** The inline keyboard under a message: presses, links and texts to copy. */

import { element, icon } from "./element.js";

const STYLES = ["primary", "success", "danger"];

/**
 * @param {Object[][]} rows buttons `{text, data?, url?, copy?, style?}`
 * @param {{press: function(Object, HTMLElement), copy: function(string)}} actions
 */
export function keyboardRows(rows, actions) {
  return rows.map((row) =>
    element(
      "div",
      { class: "keyboard-row" },
      row.map((button) => keyboardButton(button, actions)),
    ),
  );
}

function keyboardButton(button, actions) {
  const look = {
    class: `key ${STYLES.includes(button.style) ? button.style : ""}`,
    "data-testid": "keyboard-button",
    "data-data": button.data ?? null,
  };
  const text = element("span", { class: "key-text", dir: "auto" }, button.text);
  if (button.url) {
    const link = { href: button.url, target: "_blank", rel: "noopener noreferrer" };
    return element("a", { ...look, ...link }, text, icon("link"));
  }
  if (button.copy !== undefined && button.copy !== null) {
    const click = () => actions.copy(button.copy);
    return element("button", { ...look, type: "button", click }, text, icon("copy"));
  }
  const click = (event) => actions.press(button, event.currentTarget);
  return element("button", { ...look, type: "button", click }, text);
}
