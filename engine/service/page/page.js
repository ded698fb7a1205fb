// Looks at the service each second; a preview is fetched only when there is a newer one.
const LOOK_MS = 1000;
const KEY = "easel-engine-token";
const one = (id) => document.getElementById(id);
const shown = new Map(); // of each running attempt: its card, and the preview on it
let refused = false;

class Refused extends Error {}

async function ask(path) {
  const token = sessionStorage.getItem(KEY);
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const answer = await fetch(path, { headers, cache: "no-store" });
  if (answer.status === 401) throw new Refused();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}

function element(tag, text = "", kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = kind;
  return made;
}

function duration(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

function showDevices({ devices, ready }) {
  one("devices").replaceChildren(
    ...devices.map((device) => {
      const item = element("li");
      const state = ready ? "free" : "getting ready";
      item.append(element("span", device.name, "name"));
      item.append(element("small", device.attempt ? `paints ${device.attempt}` : state));
      return item;
    }),
  );
}

function newCard(attempt) {
  const card = element("li");
  const picture = element("div", "", "blank");
  const words = element("div", "", "words");
  const bar = element("progress");
  bar.setAttribute("aria-label", "Steps");
  words.append(element("span", attempt.id, "name"), bar, element("small"));
  card.append(picture, words);
  return { card, bar, words: words.lastChild, preview: null };
}

function sentence(attempt) {
  const { progress, recipe, image_size: size, device } = attempt;
  const where = device ? ` on ${device}` : "";
  const what = `${recipe}, ${size} px${where}`;
  if (!progress) return `${what}: preparing`;
  const left = progress.seconds_left === null ? "" : `, ${duration(progress.seconds_left)} left`;
  return `${what}: step ${progress.step} of ${progress.steps}${left}`;
}

async function showPreview(attempt, entry) {
  const number = attempt.latest_preview;
  if (number === null || number === entry.preview) return;
  entry.preview = number;
  const path = `/v1/jobs/${encodeURIComponent(attempt.id)}/preview?event=${number}`;
  const address = URL.createObjectURL(await (await ask(path)).blob());
  const picture = element("img");
  picture.alt = `The picture after ${attempt.progress?.step ?? 1} steps`;
  picture.onload = () => URL.revokeObjectURL(address);
  picture.src = address;
  entry.card.firstChild.replaceWith(picture);
}

function showRunning(running) {
  const ids = new Set(running.map((attempt) => attempt.id));
  for (const [id, entry] of shown) {
    if (!ids.has(id)) {
      entry.card.remove();
      shown.delete(id);
    }
  }
  for (const attempt of running) {
    if (!shown.has(attempt.id)) shown.set(attempt.id, newCard(attempt));
    const entry = shown.get(attempt.id);
    if (!entry.card.isConnected) one("running").append(entry.card);
    entry.bar.max = attempt.progress?.steps ?? 1;
    entry.bar.value = attempt.progress?.step ?? 0;
    entry.words.textContent = sentence(attempt);
    showPreview(attempt, entry).catch(() => {}); // the next one will do
  }
  one("idle").hidden = running.length > 0;
}

function showWaiting(waiting) {
  one("waiting").replaceChildren(
    ...waiting.map(({ id, seconds }) => {
      const item = element("li");
      item.append(element("span", id, "name"), element("small", `for ${duration(seconds)}`));
      return item;
    }),
  );
  one("nobody").hidden = waiting.length > 0;
}

function say(words, trouble = false) {
  one("state").textContent = words;
  one("state").toggleAttribute("data-trouble", trouble);
}

async function look() {
  try {
    const answers = await Promise.all([ask("/v1/devices"), ask("/v1/queue")]);
    const [devices, queue] = await Promise.all(answers.map((answer) => answer.json()));
    showDevices(devices);
    showRunning(queue.running);
    showWaiting(queue.waiting);
    const count = devices.devices.length;
    const of = `${queue.free} of ${count} device${count === 1 ? "" : "s"} free`;
    say(devices.ready ? of : "The devices are getting ready");
    refused = false;
  } catch (error) {
    refused = error instanceof Refused;
    say(refused ? "" : "The service does not answer", !refused);
  }
  one("entry").hidden = !refused;
  one("overview").hidden = refused;
  if (!refused) setTimeout(look, LOOK_MS);
}

one("entry").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, one("token").value.trim());
  look();
});

look();
