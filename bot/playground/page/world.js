/**
 * What the page knows: the world, the messages, which chat is open and who speaks.
 *
 * Events: `world` (people, chats, commands, blocks), `select` (another chat or speaker), `messages`
 * ({chat, fresh}: some changed; `fresh` is the new one, if any), `call` (the bot called),
 * `action` ({chat}: the bot started or stopped typing), `connection`.
 */

import * as server from "./server.js";

/** Telegram shows a chat action for 5 seconds or until the bot's next message. */
const ACTION_SECONDS = 5;

export class World extends EventTarget {
  bot = { id: 0, username: "", name: "", commands: [] };
  users = [];
  chats = [];
  chatId = 0;
  connected = false;
  unread = new Map();
  #speakers = new Map();
  #messages = new Map();
  #actions = new Map();
  #held = null;

  /** Connect first and load second, so that nothing falls between the two. */
  start() {
    let opened = false;
    server.follow({
      open: () => {
        this.#connect(true);
        if (opened) this.load();
        opened = true;
      },
      lost: () => this.#connect(false),
      message: (message) => this.#hear(() => this.#receive(message)),
      delete: ({ chat, id }) => this.#hear(() => this.#forget(chat, id)),
      call: (call) => this.#emit("call", call),
      action: (action) => this.#act(action),
      world: () => this.#loadWorld(),
    });
    return this.load();
  }

  /** Read everything anew: at the start, and after the connection was lost. */
  async load() {
    const held = (this.#held = []);
    try {
      await this.#loadWorld();
      await Promise.all(this.chats.map(({ id }) => this.#loadMessages(id)));
    } finally {
      this.#held = null;
    }
    for (const event of held) event();
    if (!this.chat) this.select(this.chats[0].id);
    for (const { id } of this.chats) this.#emit("messages", { chat: id, fresh: null });
  }

  get chat() {
    return this.chats.find(({ id }) => id === this.chatId);
  }

  /** Whoever the page acts for in the open chat: its person, or the one chosen in a group. */
  get speaker() {
    const id = this.#speakers.get(this.chatId) ?? this.chat?.members[0];
    return this.user(this.isPrivate ? this.chatId : id);
  }

  get isPrivate() {
    return this.chatId > 0;
  }

  user(id) {
    return this.users.find((user) => user.id === id);
  }

  /** The messages of a chat, oldest first. */
  messagesOf(chat) {
    return [...(this.#messages.get(chat)?.values() ?? [])].sort((a, b) => a.id - b.id);
  }

  message(chat, id) {
    return this.#messages.get(chat)?.get(id);
  }

  /** What the bot is doing in a chat (`typing`, `upload_photo`, …), or undefined. */
  actionIn(chat) {
    return this.#actions.get(chat)?.action;
  }

  select(chat) {
    if (!this.chats.some(({ id }) => id === chat)) return;
    this.chatId = chat;
    this.unread.delete(chat);
    this.#emit("select");
  }

  speakAs(user) {
    this.#speakers.set(this.chatId, user);
    this.#emit("select");
  }

  markRead() {
    if (this.unread.delete(this.chatId)) this.#emit("messages", { chat: this.chatId, fresh: null });
  }

  /** While lists are being read, news wait, so that an older list does not undo them. */
  #hear(event) {
    if (this.#held) this.#held.push(event);
    else event();
  }

  async #loadMessages(chat) {
    const messages = await server.getMessages(chat);
    this.#messages.set(chat, new Map(messages.map((message) => [message.id, message])));
  }

  async #loadWorld() {
    Object.assign(this, await server.getWorld());
    this.#emit("world");
  }

  #receive(message) {
    const known = this.#messages.get(message.chat) ?? new Map();
    this.#messages.set(message.chat, known);
    const fresh = !known.has(message.id);
    known.set(message.id, message);
    if (message.from.bot) this.#endAction(message.chat);
    const unseen = message.chat !== this.chatId || document.hidden;
    if (fresh && unseen && message.from.bot) {
      this.unread.set(message.chat, (this.unread.get(message.chat) ?? 0) + 1);
    }
    this.#emit("messages", { chat: message.chat, fresh: fresh ? message : null });
  }

  #forget(chat, id) {
    this.#messages.get(chat)?.delete(id);
    this.#emit("messages", { chat, fresh: null });
  }

  #act({ chat, action }) {
    this.#endAction(chat);
    const timer = setTimeout(() => this.#endAction(chat), ACTION_SECONDS * 1000);
    this.#actions.set(chat, { action, timer });
    this.#emit("action", { chat });
  }

  #endAction(chat) {
    clearTimeout(this.#actions.get(chat)?.timer);
    if (this.#actions.delete(chat)) this.#emit("action", { chat });
  }

  #connect(connected) {
    this.connected = connected;
    this.#emit("connection");
  }

  #emit(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
