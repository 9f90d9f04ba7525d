// The outbox: what waits on this phone and what came back, in plain words, and what one can do about it.
import { drop, dropPhoto, fact, itemAt, itemsOf, onChange, photosOf, put } from "./store.js";
import { filled } from "./overlay.js";
import { asNote, isTold } from "./notes.js";
import { forget, leaveFor, mendingAt } from "./drafts.js";

const person = Number(document.body.dataset.person);
const words = JSON.parse(document.getElementById("sync").dataset.words);
const box = document.getElementById("outbox");
const says = box.dataset;
const locale = document.documentElement.lang;
const MOMENT = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const moment = (at) => new Date(at).toLocaleString(locale, MOMENT);

// What can be done on a page of the day can be undone there; the others only here, until they are on their way.
const ONLY_HERE = ["note", "expense", "order", "close", "follow_up"];
const MENDED = ["done", "note", "expense", "missed", "skipped", "order", "close"];
const DRAFTED = MENDED.filter((kind) => kind !== "order");

// Not yet on the server, itself or a photo of it.
function openOf(items, photos) {
  const here = photos.filter((photo) => !photo.refused).map((photo) => photo.sha);
  return items.filter((item) => item.state !== "sent" || item.photos.some((sha) => here.includes(sha)));
}

async function show() {
  const items = await itemsOf(person);
  const photos = await photosOf(person);
  const open = openOf(items, photos);
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
  made.querySelector("[data-note]").textContent = item.payload.note || item.payload.text || "";
  for (const button of made.querySelectorAll("button")) {
    const isOffered = button.dataset.when.split(" ").includes(item.state);
    if (isOffered && isPossible(button.dataset.does, item)) button.addEventListener("click", () => act[button.dataset.does](item));
    else button.remove();
  }
  return made;
}

function isPossible(what, item) {
  if (what === "edit") return MENDED.includes(item.kind);
  return what !== "throw" || item.state !== "waiting" || (ONLY_HERE.includes(item.kind) && !item.tries);
}

function sentence(item) {
  if (item.state === "sent") return says.photo;
  if (item.state === "waiting") return item.tries ? says.tried : says.waits;
  return item.theirs?.says || words[item.message] || item.message;
}

const act = {
  mine: (item) => again({ ...item, uid: crypto.randomUUID(), base_rev: item.rev }),
  again: (item) => again(item),
  // The visit is as they have it; what was written and photographed there is nobody else's.
  theirs: (item) => (isTold(item) ? again(asNote(item, crypto.randomUUID())) : drop([item])),
  throw: (item) => confirm(says.throwing) && navigator.locks.request("rounds-outbox", () => thrown(item)),
  edit: (item) => {
    const page = mendingAt(item.page, item);
    if (DRAFTED.includes(item.kind)) leaveFor(item, page);
    location.assign(page);
  },
};

// It may have been sent while the person was asked.
async function thrown(item) {
  const now = await itemAt(item.place);
  if (!now || now.state !== item.state || now.tries !== item.tries) return;
  forget(item);
  await drop([item]);
}

async function again(item) {
  if ("uid" in item.payload) item.payload.uid = item.uid;
  await put([{ ...item, state: "waiting", message: "", theirs: null, tries: 0 }]);
  document.dispatchEvent(new Event("send"));
}

async function toFile() {
  const photos = await photosOf(person);
  const items = openOf(await itemsOf(person), photos);
  const pictures = {};
  for (const { sha, blob } of photos) pictures[sha] = await asText(blob);
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
onChange(show);
await show();
// Seen once it is whole, so that nothing jumps.
box.hidden = false;
