/** Sends what was written, in order, one thing at a time. */

import * as server from "./server.js";

const LONGEST_ALBUM = 10;

/** @typedef {{text: string, files: File[], as: string, reply: Object|null}} Draft */

export class Delivery {
  #last = Promise.resolve();
  #waiting = 0;

  /** @param {function(boolean)} busy told when sending begins and when all is sent */
  constructor(busy) {
    this.busy = busy;
  }

  /**
   * Send a draft after everything before it.
   *
   * @param {Draft} draft
   * @returns {Promise} rejects with ServerError when the playground refuses
   */
  send(chat, user, draft) {
    this.#waiting += 1;
    this.busy(true);
    const sent = this.#last.then(() => deliver(chat, user, draft));
    this.#last = sent.catch(() => {}).then(() => this.busy((this.#waiting -= 1) > 0));
    return sent;
  }
}

/** A text, or files with a caption: albums of ten, stickers one by one. */
async function deliver(chat, user, { text, files, as, reply }) {
  const replyTo = reply?.id;
  if (files.length === 0) return server.sendText(chat, user, text, replyTo);
  const isSticker = as === "sticker";
  const size = isSticker ? 1 : LONGEST_ALBUM;
  for (let start = 0; start < files.length; start += size) {
    const caption = start === 0 && !isSticker ? text : "";
    const some = files.slice(start, start + size);
    await server.sendFiles(chat, user, { files: some, as, caption, replyTo });
  }
  return isSticker && text && server.sendText(chat, user, text); // a sticker has no caption
}
