/** What is said outside the chat: toasts, alerts, and news for screen readers. */

import { element } from "./element.js";

const TOAST_MS = 3500;

/** A short note over the page that goes by itself. */
export function toast(text) {
  const holder = document.getElementById("toasts");
  const note = element("div", { class: "toast", "data-testid": "toast" }, text);
  holder.replaceChildren(note); // the latest counts
  holder.hidePopover?.(); // shown anew, it lies over any dialog that opened meanwhile
  holder.showPopover();
  setTimeout(() => {
    note.remove();
    if (!holder.firstChild) holder.hidePopover();
  }, TOAST_MS);
}

/** A dialog with one text and OK, as Telegram shows an answer with show_alert. */
export function alertDialog(title, text) {
  const dialog = document.getElementById("alert");
  const close = () => dialog.close();
  dialog.replaceChildren(
    element("h2", {}, title),
    element("p", { id: "alert-text", dir: "auto" }, text),
    element(
      "button",
      {
        class: "plain-button solid",
        type: "button",
        "data-testid": "alert-ok",
        autofocus: true,
        click: close,
      },
      "OK",
    ),
  );
  dialog.showModal();
}

/** Tell screen readers about a new message; edits stay silent, there are many. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}
