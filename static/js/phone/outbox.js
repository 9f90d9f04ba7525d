// The outbox: what waits on this phone and what came back, in plain words, and what one can do about it.
import { drop, dropPhoto, fact, itemsOf, onChange, photosOf, put } from "./store.js";
import { filled } from "./overlay.js";
import { forget, leaveFor, mendingAt } from "./drafts.js";

const person = Number(document.body.dataset.person);
const words = JSON.parse(document.getElementById("sync").dataset.words);
const box = document.getElementById("outbox");
const says = box.dataset;
const locale = document.documentElement.lang;
const MOMENT = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const moment = (at) => new Date(at).toLocaleString(locale, MOMENT);

async function show() {
  const items = await itemsOf(person);
  const open = items.filter((item) => item.state !== "sent");
  const photos = await photosOf(person);
  const refused = photos.filter((photo) => photo.refused);
  const rows = [...open.map(row), ...refused.map((photo) => photoRow(photo, items))];
  for (const picture of box.querySelectorAll("[data-items] img")) URL.revokeObjectURL(picture.src);
  box.querySelector("[data-items]").replaceChildren(...rows);
  box.querySelector("[data-none]").hidden = rows.length > 0;
  box.querySelector("[data-does=export]").disabled = !rows.length;
  const synced = await fact("synced");
  const left = photos.length - refused.length;
  box.querySelector("[data-synced]").textContent = synced && synced.person === person
    ? filled(says.synced, { at: moment(synced.at) }) : says.never;
  const [one, many] = JSON.parse(says.photos);
  box.querySelector("[data-photos]").textContent = left ? filled(left === 1 ? one : many, { n: left }) : "";
}

// Of a photo that the server does not take; what it belongs to is stored.
function photoRow(photo, items) {
  const made = document.getElementById("photo").content.cloneNode(true);
  const its = items.find((item) => item.photos.includes(photo.sha));
  made.querySelector("[data-name]").textContent = its?.name || "";
  made.querySelector("[data-says]").textContent = words[photo.refused] || photo.refused;
  made.querySelector("img").src = URL.createObjectURL(photo.blob);
  made.querySelector("[data-does=save]").addEventListener("click", () => save(photo.blob, `${photo.sha.slice(0, 12)}.jpg`));
  made.querySelector("[data-does=throw]").addEventListener("click", () => (
    confirm(says.throwing) && dropPhoto(person, photo.sha)
  ));
  return made;
}

function row(item) {
  const made = document.getElementById("item").content.cloneNode(true);
  made.querySelector("[data-what]").textContent = words.kinds[item.kind];
  made.querySelector("[data-name]").textContent = item.name;
  made.querySelector("[data-when]").textContent = moment(item.client_at);
  made.querySelector("[data-says]").textContent = sentence(item);
  for (const button of made.querySelectorAll("button")) {
    const isOffered = button.dataset.when.split(" ").includes(item.state);
    const isPossible = button.dataset.does !== "edit" || ["done", "note", "expense", "missed", "skipped"].includes(item.kind);
    if (isOffered && isPossible) button.addEventListener("click", () => act[button.dataset.does](item));
    else button.remove();
  }
  return made;
}

function sentence(item) {
  if (item.state === "waiting") return item.tries ? says.tried : says.waits;
  return item.theirs?.says || words[item.message] || item.message;
}

const act = {
  mine: (item) => again({ ...item, uid: crypto.randomUUID(), base_rev: item.rev }),
  again: (item) => again(item),
  theirs: (item) => drop([item]),
  throw: (item) => {
    if (!confirm(says.throwing)) return;
    forget(item);
    drop([item]);
  },
  edit: (item) => {
    const page = mendingAt(item.page, item);
    leaveFor(item, page);
    location.assign(page);
  },
};

async function again(item) {
  if ("uid" in item.payload) item.payload.uid = item.uid;
  await put([{ ...item, state: "waiting", message: "", theirs: null, tries: 0 }]);
  document.dispatchEvent(new Event("send"));
}

async function toFile() {
  const photos = new Map((await photosOf(person)).map((photo) => [photo.sha, photo.blob]));
  const items = (await itemsOf(person)).filter((item) => item.state !== "sent");
  const pictures = {};
  for (const [sha, blob] of photos) pictures[sha] = await asText(blob);
  const text = JSON.stringify({ person, items, photos: pictures }, null, 2);
  const name = `rounds-outbox-${new Date().toISOString().slice(0, 10)}.json`;
  save(new Blob([text], { type: "application/json" }), name);
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const asText = (blob) => new Promise((done) => {
  const reader = new FileReader();
  reader.addEventListener("load", () => done(reader.result));
  reader.readAsDataURL(blob);
});

box.querySelector("[data-does=send]").addEventListener("click", () => document.dispatchEvent(new Event("send")));
box.querySelector("[data-does=export]").addEventListener("click", toFile);
box.hidden = false;
onChange(show);
await show();
