/** What the bot is busy with, in words: the Bot API's chat actions. */

const WORDS = {
  typing: "typing",
  upload_photo: "sending a photo",
  upload_document: "sending a file",
  upload_video: "sending a video",
  choose_sticker: "choosing a sticker",
};

export const activityWords = (action) => WORDS[action] ?? "busy";
