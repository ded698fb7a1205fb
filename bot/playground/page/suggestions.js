/** The bot's commands above the message field, filtered by what is being typed. */

import { element } from "./element.js";

export class Suggestions {
  #open = false;
  #active = 0;

  /** @param {function(string)} choose called with the command that was picked */
  constructor(world, input, choose) {
    Object.assign(this, { world, input, choose });
    this.list = element("ul", {
      class: "suggestions",
      id: "suggestions",
      role: "listbox",
      "aria-label": "Commands of the bot",
      "data-testid": "suggestions",
      hidden: true,
    });
    input.addEventListener("blur", () => this.close());
  }

  toggle() {
    const open = this.#open;
    this.input.focus();
    if (open) this.close();
    else this.#show(this.#commands);
  }

  /** Follow the text: "/se" leaves /settings and its like. */
  refresh() {
    const typed = /^\/(\w*)$/.exec(this.input.value);
    if (!typed) return this.close();
    return this.#show(this.#commands.filter(({ command }) => command.startsWith(typed[1])));
  }

  /** A person has the commands of their language; the bot's own list stands in for a group. */
  get #commands() {
    const { speaker, bot, isPrivate } = this.world;
    return isPrivate ? (speaker.commands ?? bot.commands) : bot.commands;
  }

  close() {
    this.#open = false;
    this.list.hidden = true;
    this.input.removeAttribute("aria-activedescendant");
  }

  #show(commands) {
    this.commands = commands;
    this.#open = true;
    const whole = commands.findIndex(({ command }) => `/${command}` === this.input.value);
    this.#active = Math.max(whole, 0); // /set is meant by "/set", not the /settings before it
    this.list.hidden = false;
    if (commands.length > 0)
      this.list.replaceChildren(...commands.map((one, index) => this.#option(one, index)));
    else this.list.replaceChildren(element("li", { class: "none" }, "No such command."));
    this.#mark();
  }

  #option({ command, description }, index) {
    const mousedown = (event) => {
      event.preventDefault(); // keeps the focus in the message field
      this.#pick(index);
    };
    const look = {
      role: "option",
      id: `suggestion-${index}`,
      "data-testid": "suggestion",
      mousedown,
    };
    return element("li", look, element("b", {}, `/${command}`), element("span", {}, description));
  }

  #mark() {
    [...this.list.children].forEach((row, index) => {
      row.setAttribute("aria-selected", String(index === this.#active));
      if (index === this.#active) row.scrollIntoView({ block: "nearest" });
    });
    this.input.setAttribute("aria-activedescendant", `suggestion-${this.#active}`);
  }

  #pick(index) {
    const { command } = this.commands[index];
    this.close();
    this.input.value = "";
    this.input.dispatchEvent(new Event("input"));
    this.choose(this.world.isPrivate ? `/${command}` : `/${command}@${this.world.bot.username}`);
  }

  /** @returns {boolean} whether the key was meant for the list */
  handleKey(event) {
    if (!this.#open) return false;
    const count = this.commands.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.close();
    else if (step && count) {
      this.#active = (this.#active + step + count) % count;
      this.#mark();
    } else if ((event.key === "Enter" || event.key === "Tab") && count && !event.shiftKey)
      this.#pick(this.#active);
    else return false;
    event.preventDefault();
    return true;
  }
}
