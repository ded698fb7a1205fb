/** The full-size viewer: arrows, zoom, and a picture that follows its message's edits. */

import { element, icon, roundButton } from "./element.js";
import { pictureOf } from "./media.js";

export class Viewer {
  constructor(world, dialog) {
    Object.assign(this, { world, dialog });
    this.image = element("img", { alt: "", draggable: "false", "data-testid": "viewer-image" });
    this.stage = element("div", { class: "viewer-stage", tabindex: "-1" }, this.image);
    this.caption = element("p", { class: "viewer-caption", dir: "auto" });
    this.count = element("span", { class: "viewer-count", "data-testid": "viewer-count" });
    this.save = element(
      "a",
      { class: "round", "aria-label": "Save", title: "Save" },
      icon("download"),
    );
    dialog.append(this.stage, this.#bar(), this.caption);
    dialog.addEventListener("keydown", (event) => this.#onKey(event));
    this.stage.addEventListener("click", (event) => this.#onClick(event));
    this.image.addEventListener("load", () => this.#describe());
    this.#makeDraggable();
    world.addEventListener("messages", () => this.dialog.open && this.message && this.#follow());
  }

  #bar() {
    this.zoomButton = roundButton("zoom", "100 %", () => this.toggleZoom(), {
      "data-testid": "viewer-zoom",
      "aria-pressed": "false",
    });
    this.before = roundButton("left", "Previous picture", () => this.step(-1), {
      class: "round before",
      "data-testid": "viewer-previous",
    });
    this.after = roundButton("right", "Next picture", () => this.step(1), {
      class: "round after",
      "data-testid": "viewer-next",
    });
    const close = roundButton("close", "Close", () => this.dialog.close(), {
      "data-testid": "viewer-close",
    });
    return element(
      "div",
      { class: "viewer-bar" },
      this.count,
      element("span", { class: "grow" }),
      this.before,
      this.after,
      this.zoomButton,
      this.save,
      close,
    );
  }

  /** Show a message's picture among all pictures of its chat. */
  openMessage(message) {
    this.message = message;
    const shown = this.world.messagesOf(message.chat).filter(pictureOf);
    this.#open(
      shown.map(slideOf),
      shown.findIndex(({ id }) => id === message.id),
    );
  }

  /** Show pictures that belong to no living message, such as old versions: `{url, name, text}`. */
  openSlides(slides, index) {
    this.message = null;
    this.#open(slides, index);
  }

  #open(slides, index) {
    this.slides = slides;
    if (!this.dialog.open) this.dialog.showModal();
    this.#show(index);
    this.stage.focus();
  }

  #follow() {
    const current = this.slides[this.index].id;
    const shown = this.world.messagesOf(this.message.chat).filter(pictureOf);
    const place = shown.findIndex(({ id }) => id === current);
    if (place < 0) return this.dialog.close();
    this.slides = shown.map(slideOf);
    return this.#show(place, this.zoomed);
  }

  #show(index, zoomed = false) {
    this.index = index;
    const { url, name, text } = this.slides[index];
    if (this.image.getAttribute("src") !== url) this.image.src = url;
    this.image.alt = text || name;
    this.caption.textContent = text;
    this.save.href = url;
    this.save.download = name;
    this.before.disabled = index === 0;
    this.after.disabled = index === this.slides.length - 1;
    this.#zoom(zoomed);
    this.#describe();
  }

  #describe() {
    const { naturalWidth: width, naturalHeight: height } = this.image;
    const size = width ? ` · ${width} × ${height}` : "";
    if (width) this.image.style.setProperty("--ratio", width / height);
    this.count.textContent = `${this.index + 1} of ${this.slides.length}${size}`;
  }

  step(direction) {
    const index = this.index + direction;
    if (this.slides[index]) this.#show(index);
  }

  toggleZoom() {
    this.#zoom(!this.zoomed);
    if (!this.zoomed) return;
    this.stage.scrollTo(
      (this.stage.scrollWidth - this.stage.clientWidth) / 2,
      (this.stage.scrollHeight - this.stage.clientHeight) / 2,
    );
  }

  #zoom(zoomed) {
    this.zoomed = zoomed;
    this.dialog.classList.toggle("zoomed", zoomed);
    this.zoomButton.setAttribute("aria-pressed", String(zoomed));
    this.zoomButton.title = zoomed ? "Fit to the window" : "100 %";
  }

  #onKey(event) {
    const keys = {
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
      " ": () => this.toggleZoom(),
      "+": () => this.toggleZoom(),
    };
    if (!keys[event.key] || (event.key === " " && event.target.matches("button, a"))) return;
    event.preventDefault();
    keys[event.key]();
  }

  #onClick(event) {
    if (this.dragged) return;
    if (event.target === this.image) this.toggleZoom();
    else this.dialog.close();
  }

  /** At full size the picture is moved by dragging it. */
  #makeDraggable() {
    const { stage } = this;
    stage.addEventListener("pointerdown", (down) => {
      this.dragged = false;
      if (!this.zoomed || down.pointerType === "touch") return;
      const from = { left: stage.scrollLeft, top: stage.scrollTop };
      const move = ({ clientX, clientY }) => {
        const [x, y] = [clientX - down.clientX, clientY - down.clientY];
        this.dragged ||= Math.hypot(x, y) > 4;
        stage.scrollTo(from.left - x, from.top - y);
      };
      stage.addEventListener("pointermove", move);
      addEventListener("pointerup", () => stage.removeEventListener("pointermove", move), {
        once: true,
      });
    });
  }
}

function slideOf(message) {
  const text = message.text ?? message.caption ?? "";
  const name = message.document?.name ?? `photo-${message.id}.jpg`;
  return { id: message.id, url: pictureOf(message), name, text };
}
