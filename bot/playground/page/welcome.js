/** What an empty chat says: what to do, and one press to begin. */

import { element, icon } from "./element.js";

/** @param {{attach: function(), say: function(string)}} actions */
export function emptyState(world, actions) {
  const mention = world.isPrivate ? "" : `@${world.bot.username}`;
  const group = element(
    "p",
    {},
    "In a group the bot listens when it is addressed: mention ",
    element("code", {}, mention),
    " in the caption, or reply to it.",
  );
  const start = `/start${mention}`;
  return element(
    "section",
    { class: "empty", "data-testid": "empty" },
    element(
      "div",
      { class: "sketch", "aria-hidden": "true" },
      element("span", { class: "sheet photo-sheet" }),
      element("span", { class: "plus" }, "+"),
      element("span", { class: "sheet style-sheet" }),
      element("span", { class: "plus" }, "="),
      element("span", { class: "sheet both-sheet" }),
    ),
    element("h3", {}, "Send two photos"),
    element("p", {}, "The first is painted in the style of the second."),
    !world.isPrivate && group,
    element(
      "div",
      { class: "starters" },
      element(
        "button",
        { class: "plain-button solid", type: "button", click: actions.attach },
        icon("image"),
        "Choose photos",
      ),
      element(
        "button",
        { class: "plain-button", type: "button", click: () => actions.say(start) },
        `Say ${start}`,
      ),
    ),
  );
}
