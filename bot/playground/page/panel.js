/** The side panel: its tabs, and whether it is open. */

import { Calls } from "./calls.js";
import { element, roundButton } from "./element.js";
import { Faults } from "./faults.js";
import { Transcript } from "./transcript.js";

const KEY = "easel-panel";
const ROOM_FOR_THREE = matchMedia("(min-width: 1180px)");

export class Panel {
  /** @param {{app: HTMLElement, root: HTMLElement, viewer: Viewer, tell: function(string)}} page */
  constructor(world, { app, root, viewer, tell }) {
    this.app = app;
    this.root = root;
    this.transcript = new Transcript(world, viewer, tell);
    this.tabs = {
      transcript: { title: "Transcript", view: this.transcript },
      calls: { title: "Calls", view: new Calls(world, tell) },
      faults: { title: "Faults", view: new Faults(world, tell) },
    };
    const list = element("div", {
      class: "tabs",
      role: "tablist",
      "aria-label": "Behind the scenes",
      keydown: (event) => this.#turn(event),
    });
    for (const [name, tab] of Object.entries(this.tabs)) list.append(this.#tab(name, tab));
    const close = roundButton("close", "Close the panel", () => this.toggle(false), {
      "data-testid": "panel-close",
    });
    root.append(
      element("header", { class: "bar" }, list, element("span", { class: "grow" }), close),
    );
    for (const { view } of Object.values(this.tabs)) root.append(view.root);
    this.show("transcript");
    if (ROOM_FOR_THREE.matches && localStorage.getItem(KEY) === "open") this.toggle(true);
  }

  #tab(name, tab) {
    tab.view.root.id = `tab-${name}`;
    tab.view.root.setAttribute("role", "tabpanel");
    tab.view.root.setAttribute("aria-label", tab.title);
    tab.button = element(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-controls": tab.view.root.id,
        "data-testid": "panel-tab",
        "data-tab": name,
        click: () => this.show(name),
      },
      tab.title,
    );
    return tab.button;
  }

  show(name) {
    for (const [key, { button, view }] of Object.entries(this.tabs)) {
      button.setAttribute("aria-selected", String(key === name));
      button.tabIndex = key === name ? 0 : -1;
      view.root.hidden = key !== name;
    }
    this.current = this.tabs[name].view;
    if (this.isOpen) this.current.refresh();
  }

  get isOpen() {
    return this.app.classList.contains("with-panel");
  }

  toggle(open = !this.isOpen) {
    this.app.classList.toggle("with-panel", open);
    document.getElementById("panel-toggle").setAttribute("aria-expanded", String(open));
    if (ROOM_FOR_THREE.matches) localStorage.setItem(KEY, open ? "open" : "closed");
    if (open) this.current.refresh();
  }

  /** Open the transcript at one message. */
  showHistory(message) {
    this.show("transcript");
    this.toggle(true);
    this.transcript.reveal(message.id);
  }

  #turn(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const names = Object.keys(this.tabs);
    const place = names.findIndex((name) => this.tabs[name].view === this.current);
    const next = names[(place + step + names.length) % names.length];
    this.show(next);
    this.tabs[next].button.focus();
  }
}
