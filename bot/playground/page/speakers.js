/** Who speaks in a group: a row of people above the message field. */

import { avatar, element } from "./element.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Speakers {
  constructor(world) {
    this.world = world;
    const look = { class: "speakers", role: "radiogroup", "aria-label": "Speak as" };
    this.root = element("div", look);
    for (const event of ["world", "select"]) world.addEventListener(event, () => this.#draw());
  }

  #draw() {
    const { chat, isPrivate } = this.world;
    this.root.hidden = isPrivate;
    if (isPrivate || !chat) return;
    const focused = this.root.contains(document.activeElement);
    const people = chat.members.map((id) => this.#choice(this.world.user(id)));
    const label = element("span", { class: "label", "aria-hidden": "true" }, "Speak as");
    this.root.replaceChildren(label, ...people);
    if (focused) this.root.querySelector("[aria-checked=true]").focus();
  }

  #choice(user) {
    const checked = user.id === this.world.speaker.id;
    const look = {
      type: "button",
      role: "radio",
      "aria-checked": String(checked),
      tabindex: checked ? 0 : -1,
      "data-testid": "speaker",
      "data-user": user.id,
      click: () => this.world.speakAs(user.id),
      keydown: (event) => this.#turn(event),
    };
    return element("button", look, avatar(user), user.name);
  }

  #turn(event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const { members } = this.world.chat;
    const place = members.indexOf(this.world.speaker.id) + step + members.length;
    this.world.speakAs(members[place % members.length]);
  }
}
