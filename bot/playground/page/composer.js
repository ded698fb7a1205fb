/** Where a message is written: text, files, the message it answers, and who says it. */

import { Attachments } from "./attachments.js";
import { Delivery } from "./delivery.js";
import { element, roundButton } from "./element.js";
import { ReplyBar } from "./reply.js";
import { ServerError } from "./server.js";
import { Speakers } from "./speakers.js";
import { Suggestions } from "./suggestions.js";

/** @type {import("./delivery.js").Draft} */
const EMPTY = { text: "", files: [], as: "photo", reply: null };

export class Composer {
  #drafts = new Map();

  /** @param {function(string)} tell shows one sentence to the person */
  constructor(world, root, tell) {
    Object.assign(this, { world, root, tell });
    this.input = element("textarea", {
      id: "composer-input",
      "data-testid": "composer-input",
      rows: 1,
      "aria-label": "Message",
      "aria-autocomplete": "list",
      "aria-controls": "suggestions",
      enterkeyhint: "send",
      input: () => this.#onInput(),
      keydown: (event) => this.#onKey(event),
    });
    this.attachments = new Attachments(() => this.#refresh());
    this.suggestions = new Suggestions(world, this.input, (text) => this.say(text));
    this.speakers = new Speakers(world);
    this.reply = new ReplyBar();
    this.delivery = new Delivery((busy) => this.#showBusy(busy));
    this.sendButton = roundButton("send", "Send", null, { type: "submit", "data-testid": "send" });
    root.append(
      this.suggestions.list,
      this.speakers.root,
      this.reply.root,
      this.attachments.tray,
      this.#row(),
    );
    root.addEventListener("submit", (event) => this.#onSubmit(event));
    document.addEventListener("paste", (event) => this.#onPaste(event));
    document.addEventListener("keydown", (event) => this.#catchKey(event));
    world.addEventListener("select", () => this.#open());
    world.addEventListener("world", () => this.#refresh());
  }

  #row() {
    const toggle = () => this.suggestions.toggle();
    return element(
      "div",
      { class: "row" },
      roundButton("attach", "Attach photos or files", () => this.attachments.pick(), {
        "data-testid": "attach",
      }),
      this.input,
      roundButton("slash", "Commands of the bot", toggle, { "data-testid": "commands" }),
      this.sendButton,
    );
  }

  /** Each chat keeps what was being written in it. */
  #open() {
    if (this.chat !== this.world.chatId) {
      if (this.chat) this.#drafts.set(this.chat, this.#draft());
      this.chat = this.world.chatId;
      this.#write(this.#drafts.get(this.chat) ?? EMPTY);
    }
    this.#refresh();
  }

  #draft() {
    const { files, as } = this.attachments;
    return { text: this.input.value, files, as, reply: this.reply.message };
  }

  #write({ text, files, as, reply }) {
    this.input.value = text;
    this.attachments.replace(files, as);
    this.reply.set(reply);
    this.#refresh();
  }

  #refresh() {
    const files = this.attachments.files.length;
    const { bot, isPrivate } = this.world;
    const words = isPrivate ? "Message" : `Message, or @${bot.username} …`;
    this.input.placeholder = files ? "Add a caption" : words;
    this.sendButton.disabled = !(files || this.input.value.trim());
  }

  #onInput() {
    this.suggestions.refresh();
    this.#refresh();
  }

  #onKey(event) {
    if (event.isComposing || this.suggestions.handleKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.root.requestSubmit();
    }
    if (event.key === "Escape") this.reply.set(null);
  }

  /** Typing with the focus nowhere goes into the message, as in other messengers. */
  #catchKey(event) {
    const isLetter = event.key.length === 1 && event.key !== " ";
    const nowhere = event.target === document.body || event.target.id === "feed";
    if (isLetter && nowhere && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.input.focus();
    }
  }

  #onPaste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.take(files);
  }

  /** Put files into the tray; see Attachments.add. */
  take(files, as) {
    this.attachments.add(files, as);
    this.input.focus();
  }

  /** Answer a message with the next one. */
  answer(message) {
    this.reply.set(message);
    this.input.focus();
  }

  /** Send a text at once, whatever is being written. */
  say(text) {
    return this.#send({ ...EMPTY, text });
  }

  #onSubmit(event) {
    event.preventDefault();
    const draft = this.#draft();
    draft.text = draft.text.trim();
    if (!draft.text && draft.files.length === 0) return;
    this.suggestions.close();
    this.#write(EMPTY);
    this.input.focus();
    this.#send(draft);
  }

  async #send(draft) {
    const { chatId, speaker } = this.world;
    try {
      await this.delivery.send(chatId, speaker.id, draft);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.tell(error.message);
      this.#giveBack(chatId, draft);
    }
  }

  /** What was refused is there to be changed, unless something else was begun meanwhile. */
  #giveBack(chat, draft) {
    if (chat !== this.chat) this.#drafts.set(chat, draft);
    else if (!this.input.value && this.attachments.files.length === 0) this.#write(draft);
  }

  #showBusy(busy) {
    this.sendButton.classList.toggle("waiting", busy);
    this.sendButton.setAttribute("aria-busy", String(busy));
  }
}
