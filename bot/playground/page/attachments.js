/** The tray of files about to be sent: previews in order, and how they go out. */

import { sizeOf } from "./clock.js";
import { element, icon, roundButton } from "./element.js";

const WAYS = { photo: "Photos", document: "Files", sticker: "Stickers" };
const TEST_IDS = { photo: "as-photo", document: "as-file", sticker: "as-sticker" };

export class Attachments {
  files = [];
  as = "photo";
  #addresses = new Map();

  /** @param {function()} changed called after files came or went */
  constructor(changed) {
    this.changed = changed;
    this.tray = element("div", { class: "tray", "data-testid": "tray", hidden: true });
    this.picker = element("input", {
      type: "file",
      multiple: true,
      class: "unseen",
      tabindex: "-1",
      "aria-label": "Choose photos or files",
      "data-testid": "file-input",
      change: () => this.#picked(),
    });
    this.previews = element("ol", { class: "previews", "aria-label": "To be sent, in this order" });
    this.ways = element("div", { class: "ways", role: "group", "aria-label": "Send as" });
    document.body.append(this.picker);
    this.tray.append(this.previews, this.ways);
  }

  pick() {
    this.picker.click();
  }

  #picked() {
    this.add([...this.picker.files]);
    this.picker.value = ""; // so that the same file can be chosen again
  }

  /** @param {string} [as] photo, document or sticker; without it pictures go as photos */
  add(files, as) {
    const pictures = files.every(isPicture);
    if (this.files.length === 0) this.as = pictures ? "photo" : "document";
    else if (!pictures) this.as = "document";
    if (as === "document" || pictures) this.as = as ?? this.as;
    this.replace([...this.files, ...files]);
  }

  replace(files, as = this.as) {
    this.as = as;
    for (const [file, address] of this.#addresses) {
      if (files.includes(file)) continue;
      URL.revokeObjectURL(address);
      this.#addresses.delete(file);
    }
    this.files = files;
    this.#show();
    this.changed();
  }

  #show() {
    this.tray.hidden = this.files.length === 0;
    this.previews.replaceChildren(...this.files.map((file, index) => this.#preview(file, index)));
    this.previews.classList.toggle("whole", this.as !== "photo");
    this.ways.replaceChildren(...Object.keys(WAYS).map((as) => this.#way(as)));
  }

  #way(as) {
    const many = this.files.length > 1;
    const click = () => {
      this.as = as;
      this.#show();
      this.ways.querySelector("[aria-pressed=true]").focus();
    };
    return element(
      "button",
      {
        type: "button",
        "data-testid": TEST_IDS[as],
        "aria-pressed": String(this.as === as),
        disabled: as !== "document" && !this.files.every(isPicture),
        click,
      },
      many ? WAYS[as] : WAYS[as].slice(0, -1),
    );
  }

  #preview(file, index) {
    const name = `${file.name}, ${sizeOf(file.size)}`;
    const many = this.files.length > 1;
    return element(
      "li",
      { "data-testid": "preview", title: name },
      isPicture(file) ? this.#thumbnail(file) : unseen(file),
      many && element("span", { class: "place" }, String(index + 1)),
      index > 0 &&
        roundButton("left", `Move ${file.name} forward`, () => this.#forward(index), {
          class: "round left",
        }),
      roundButton("close", `Remove ${file.name}`, () => this.#remove(index), {
        class: "round remove",
      }),
    );
  }

  #thumbnail(file) {
    if (!this.#addresses.has(file)) this.#addresses.set(file, URL.createObjectURL(file));
    const image = element("img", { src: this.#addresses.get(file), alt: file.name });
    image.addEventListener("error", () => image.replaceWith(unseen(file))); // e.g. HEIC
    return image;
  }

  #forward(index) {
    const files = [...this.files];
    [files[index - 1], files[index]] = [files[index], files[index - 1]];
    this.replace(files);
    const row = this.previews.children[index - 1];
    (row.querySelector(".left") ?? row.querySelector(".remove")).focus();
  }

  #remove(index) {
    this.replace(this.files.filter((_, place) => place !== index));
    this.previews.children[Math.max(index - 1, 0)]?.querySelector(".remove").focus();
  }
}

const isPicture = (file) =>
  file.type.startsWith("image/") || /\.(heic|heif|tiff?)$/i.test(file.name);

function unseen(file) {
  return element("span", { class: "unseen-file" }, icon("file"), element("span", {}, file.name));
}
