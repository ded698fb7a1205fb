/** What a person can do with a message; every part of the page asks for it here. */

import { openMenu } from "./menu.js";
import { alertDialog, toast } from "./notice.js";
import { pictureOf } from "./media.js";
import * as server from "./server.js";

export class Actions {
  /** The composer, feed, viewer and panel are set by main once they exist. */
  constructor(world) {
    this.world = world;
  }

  attach = () => this.composer.attachments.pick();

  say = (text) => this.composer.say(text);

  reply = (message) => this.composer.answer(message);

  open = (message) => this.viewer.openMessage(message);

  jump = (id) => this.feed.jump(id);

  history = (message) => this.panel.showHistory(message);

  find = (id) => this.world.message(this.world.chatId, id);

  copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      toast("Copied to the clipboard.");
    } catch {
      toast(`The browser does not allow copying. The text is: ${text}`);
    }
  };

  press = async (message, button, node) => {
    if (node.querySelector(".spinner")) return; // it waits for the bot already
    const spinner = document.createElement("span");
    spinner.className = "spinner";
    node.append(spinner);
    node.setAttribute("aria-busy", "true");
    const press = () => server.press(message.chat, message.id, this.world.speaker.id, button.data);
    const pressed = await attempt(press);
    spinner.remove();
    node.removeAttribute("aria-busy");
    if (pressed) this.#showAnswer(pressed.answer);
  };

  #showAnswer(answer) {
    if (!answer) toast("The bot did not answer within 5 seconds.");
    else if (answer.text && answer.show_alert) alertDialog(this.world.bot.name, answer.text);
    else if (answer.text) toast(answer.text);
  }

  remove = (message) =>
    attempt(() => server.deleteMessage(message.chat, message.id, this.world.speaker.id));

  menu = (message, place) => openMenu(this.#menuItems(message), place);

  #menuItems(message) {
    const text = message.text ?? message.caption;
    const file = message.photo ?? message.document ?? message.sticker;
    const items = [{ label: "Reply", icon: "reply", run: () => this.reply(message) }];
    if (text) items.push({ label: "Copy text", icon: "copy", run: () => this.copy(text) });
    if (pictureOf(message))
      items.push({ label: "View picture", icon: "zoom", run: () => this.open(message) });
    if (file) items.push({ label: "Save", icon: "download", run: () => save(file, message.id) });
    items.push({ label: "Show every version", icon: "history", run: () => this.history(message) });
    items.push({ label: "Delete", icon: "trash", danger: true, run: () => this.remove(message) });
    return items;
  }
}

function save(file, id) {
  const link = document.createElement("a");
  link.href = file.url;
  link.download = file.name ?? `picture-${id}`;
  link.click();
}

/** Do something on the server; a refusal becomes a toast and the result is undefined. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof server.ServerError)) throw error;
    toast(error.message);
    return undefined;
  }
}
