/** Drag and drop over the conversation: one half sends photos, the other sends files. */

import { element, icon } from "./element.js";

/** @param {function(File[], string)} take called with the files and `photo` or `document` */
export function mountDrop(root, overlay, take) {
  const zones = [
    zone("photo", "image", "As photos", "compressed, shown at once"),
    zone("document", "file", "As files", "untouched, full quality"),
  ];
  overlay.append(...zones);
  let depth = 0;
  const close = () => {
    depth = 0;
    overlay.hidden = true;
  };
  root.addEventListener("dragenter", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    depth += 1;
    overlay.hidden = false;
  });
  root.addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) close();
  });
  root.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    for (const one of zones) one.classList.toggle("over", one.contains(event.target));
  });
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    close();
    const files = [...event.dataTransfer.files];
    if (files.length > 0) take(files, event.target.closest(".drop-zone")?.dataset.as ?? "photo");
  });
}

function zone(as, picture, title, hint) {
  return element(
    "div",
    { class: "drop-zone", "data-as": as, "data-testid": `drop-${as}` },
    icon(picture),
    element("b", {}, title),
    element("span", {}, hint),
  );
}
