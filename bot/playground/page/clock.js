/** Dates and sizes as a reader expects them. All times come as Unix seconds. */

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const SECOND = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const DAY_AND_YEAR = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });
const FULL = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });
const DAY_MS = 86_400_000;

const dateOf = (seconds) => new Date(seconds * 1000);

export const timeOf = (seconds) => TIME.format(dateOf(seconds));

export const secondOf = (seconds) => SECOND.format(dateOf(seconds));

export const momentOf = (seconds) => FULL.format(dateOf(seconds));

export const isoOf = (seconds) => dateOf(seconds).toISOString();

/** "Today", "Yesterday", "12 March" or, in another year, "12 March 2025". */
export function dayOf(seconds) {
  const date = dateOf(seconds);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return "Today";
  if (date.toDateString() === new Date(now - DAY_MS).toDateString()) return "Yesterday";
  return (date.getFullYear() === now.getFullYear() ? DAY : DAY_AND_YEAR).format(date);
}

/** "+0.8 s" or "+2:05" since another moment. */
export function delayOf(seconds) {
  if (seconds < 60) return `+${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `+${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** "812 B", "34 KB", "1.4 MB", in units of 1000 as file managers show them. */
export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
