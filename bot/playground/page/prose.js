/** Text of messages. The server makes `html` safe; everything else goes in as plain text. */

import { element } from "./element.js";

/**
 * The text or caption of a message as nodes, with commands that can be pressed.
 *
 * @param {Object} message
 * @param {function(string)} say called with a pressed command
 */
export function proseOf(message, say) {
  const prose = element("div", { class: "prose", dir: "auto" });
  if (message.html) prose.innerHTML = message.html;
  else prose.textContent = message.text ?? message.caption ?? "";
  for (const command of prose.querySelectorAll(".bot-command")) {
    const text = command.textContent;
    command.replaceWith(
      element("button", { type: "button", class: "command", click: () => say(text) }, text),
    );
  }
  for (const spoiler of prose.querySelectorAll(".spoiler")) hide(spoiler);
  return prose;
}

/** A spoiler shows itself after a press, or Enter. */
function hide(spoiler) {
  const show = () => spoiler.classList.add("shown");
  spoiler.tabIndex = 0;
  spoiler.setAttribute("role", "button");
  spoiler.title = "Show the hidden text";
  spoiler.addEventListener("click", show);
  spoiler.addEventListener("keydown", ({ key }) => key === "Enter" && show());
}

/** One line for lists and quotes: the text, or what stands in for it. */
export function summaryOf(message, kind) {
  const text = (message.text ?? message.caption ?? "").replaceAll(/\s+/g, " ").trim();
  return text || kind || "Message";
}
