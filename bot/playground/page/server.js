/** The playground's HTTP interface (docs/playground.md), one function a request. */

/** The server refused; the message is one sentence for the person. */
export class ServerError extends Error {}

async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ServerError("The playground does not answer.");
  }
  const isJson = response.headers.get("content-type")?.includes("json");
  const body = isJson ? await response.json() : null;
  if (!response.ok)
    throw new ServerError(body?.error ?? `The playground answered ${response.status}.`);
  return body;
}

function post(path, body) {
  const headers = { "content-type": "application/json" };
  return request(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export const getWorld = () => request("/api/world");

export const getMessages = (chat) => request(`/api/chats/${chat}/messages`);

export const sendText = (chat, user, text, replyTo) =>
  post(`/api/chats/${chat}/messages`, { user, text, ...(replyTo && { reply_to: replyTo }) });

/** Send 1 to 10 files in one message or album; `as` is photo, document or sticker. */
export function sendFiles(chat, user, { files, as, caption, replyTo }) {
  const form = new FormData();
  form.append("user", user);
  form.append("as", as);
  if (caption) form.append("caption", caption);
  if (replyTo) form.append("reply_to", replyTo);
  for (const file of files) form.append("file", file, file.name);
  return request(`/api/chats/${chat}/messages`, { method: "POST", body: form });
}

/** Press a button; resolves when the bot has answered, or after 5 s with a null answer. */
export const press = (chat, message, user, data) =>
  post(`/api/chats/${chat}/messages/${message}/press`, { user, data });

export const deleteMessage = (chat, message, user) =>
  request(`/api/chats/${chat}/messages/${message}`, {
    method: "DELETE",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user }),
  });

export const setBlocked = (user, blocked) => post(`/api/users/${user}/block`, { blocked });

export const setLanguage = (user, language) => post(`/api/users/${user}/language`, { language });

export const transcriptPath = (chat) => `/api/transcript?chat=${chat}`;

export const getTranscript = (chat) => request(transcriptPath(chat));

export const getCalls = (after) => request(`/api/calls?after=${after}`);

export const getFaults = () => request("/api/faults");

export const addFault = (fault) => post("/api/faults", fault);

export const removeFault = (id) => request(`/api/faults/${id}`, { method: "DELETE" });

export const removeFaults = () => request("/api/faults", { method: "DELETE" });

/**
 * Follow the server's events for ever; the browser reconnects with Last-Event-ID.
 *
 * @param {Object<string, function(Object): void>} listeners by event name, plus `open` and `lost`
 */
export function follow(listeners) {
  const source = new EventSource("/api/events");
  source.addEventListener("open", () => listeners.open());
  source.addEventListener("error", () => listeners.lost());
  for (const name of ["message", "delete", "call", "action", "world"]) {
    source.addEventListener(name, (event) => listeners[name](JSON.parse(event.data || "null")));
  }
  return source;
}
