/** Where a message is written: text, files, the message it answers, and who says it. */

import { Attachments } from "./attachments.js";
import { element, icon, roundButton } from "./element.js";
import { kindWord, pictureOf } from "./media.js";
import { summaryOf } from "./prose.js";
import * as server from "./server.js";
import { Speakers } from "./speakers.js";
import { Suggestions } from "./suggestions.js";

const LONGEST_ALBUM = 10;

export class Composer {
  #drafts = new Map();
  #sending = false;

  /** @param {function(string)} tell shows one sentence to the person */
  constructor(world, root, tell) {
    Object.assign(this, { world, root, tell, reply: null });
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
    this.replyBar = element("div", {
      class: "reply-bar",
      "data-testid": "reply-bar",
      hidden: true,
    });
    this.sendButton = roundButton("send", "Send", null, { type: "submit", "data-testid": "send" });
    root.append(
      this.suggestions.list,
      this.speakers.root,
      this.replyBar,
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
      const { text, reply, files } = this.#drafts.get(this.world.chatId) ?? {
        text: "",
        reply: null,
        files: [],
      };
      if (this.chat) {
        const left = { text: this.input.value, reply: this.reply, files: this.attachments.files };
        this.#drafts.set(this.chat, left);
      }
      this.chat = this.world.chatId;
      this.input.value = text;
      this.attachments.replace(files);
      this.answer(reply);
    }
    this.#refresh();
  }

  #refresh() {
    const files = this.attachments.files.length;
    const { bot, isPrivate } = this.world;
    const words = isPrivate ? "Message" : `Message, or @${bot.username} …`;
    this.input.placeholder = files ? "Add a caption" : words;
    this.sendButton.disabled = this.#sending || !(files || this.input.value.trim());
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
    if (event.key === "Escape") this.answer(null);
  }

  /** Typing with the focus nowhere goes into the message, as in other messengers. */
  #catchKey(event) {
    const isLetter = event.key.length === 1 && event.key !== " ";
    const nowhere = event.target === document.body || event.target.id === "feed";
    if (isLetter && nowhere && !event.ctrlKey && !event.metaKey && !event.altKey)
      this.input.focus();
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

  /** Answer a message with the next one; null takes it back. */
  answer(message) {
    this.reply = message;
    this.replyBar.hidden = !message;
    if (!message) return;
    const picture = pictureOf(message);
    this.replyBar.replaceChildren(
      ...[
        icon("reply"),
        picture && element("img", { src: picture, alt: "" }),
        element(
          "div",
          { class: "lines" },
          element("div", { class: "name" }, `Reply to ${message.from.name}`),
          element("div", { class: "said" }, summaryOf(message, kindWord(message))),
        ),
        roundButton("close", "Do not reply", () => this.answer(null)),
      ].filter(Boolean),
    );
    this.input.focus();
  }

  /** Send a text at once, whatever is being written. */
  say(text) {
    return this.#try(() => server.sendText(this.world.chatId, this.world.speaker.id, text));
  }

  async #onSubmit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (this.#sending || !(text || this.attachments.files.length)) return;
    this.suggestions.close();
    const chat = this.world.chatId;
    if (!(await this.#try(() => this.#deliver(chat, text))) || chat !== this.world.chatId) return;
    this.input.value = "";
    this.attachments.replace([]);
    this.answer(null);
    this.#refresh();
    this.input.focus();
  }

  async #deliver(chat, text) {
    const user = this.world.speaker.id;
    const replyTo = this.reply?.id;
    const { files, as } = this.attachments;
    if (files.length === 0) return server.sendText(chat, user, text, replyTo);
    const size = as === "sticker" ? 1 : LONGEST_ALBUM;
    for (let start = 0; start < files.length; start += size) {
      const caption = start === 0 && as !== "sticker" ? text : "";
      const some = files.slice(start, start + size);
      await server.sendFiles(chat, user, { files: some, as, caption, replyTo });
    }
    if (as === "sticker" && text) await server.sendText(chat, user, text);
  }

  async #try(action) {
    this.#sending = true;
    this.sendButton.classList.add("waiting");
    this.#refresh();
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof server.ServerError)) throw error;
      this.tell(error.message);
      return false;
    } finally {
      this.#sending = false;
      this.sendButton.classList.remove("waiting");
      this.#refresh();
    }
  }
}
