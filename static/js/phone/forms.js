// Takes the forms of a rep's day: what is sent is first written to this phone, then the network is asked. Where it
// answers at once the person comes to where the plain form would have led, else to the day as it is kept here.
import { drop, itemAt, itemsOf, keep, put } from "./store.js";
import { asNote, isTold } from "./notes.js";

const PATIENCE = 2000;
const SCARCE = 8_000_000;
const ON_THE_WAY = ["arrived", "left", "done", "missed", "skipped"];
const LEFT_OUT = ["csrf_token"];
const MOST_PHOTOS = 12;

// What is said to the person as it stands.
class Told extends Error {}

export function takeForms({ person, words, flush }) {
  const desk = { person, words, flush };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.dataset.outbox) return;
    if (form.dataset.outbox === "order" && event.submitter?.name !== "save") return;
    event.preventDefault();
    if (form.dataset.taken) return;
    form.dataset.taken = "1";
    take(desk, form, event.submitter).catch((error) => excuse(desk, form, error));
  });
  const typed = [...document.querySelectorAll("form[data-draft]")];
  if (typed.length) mind(desk, typed);
}

async function take(desk, form, submitter) {
  const data = new FormData(form, submitter);
  const pictures = await picturesOf(data, desk.words);
  const item = itemOf(desk.person, form, data, pictures);
  if (item.kind === "undo" && (await isTakenBack(item))) return go(item.then);
  const place = await kept(desk, item, pictures);
  try {
    return await sentOn(desk, form, item, place);
  } catch (error) {
    // It is on this phone: whatever goes wrong from here on, saving it once more would make a second one.
    console.error(error);
    return onward(desk, form, item);
  }
}

async function sentOn(desk, form, item, place) {
  form.dispatchEvent(new CustomEvent("kept"));
  navigator.storage?.persist?.();
  await Promise.race([desk.flush(), new Promise((done) => setTimeout(done, PATIENCE))]);
  return onward(desk, form, { ...item, ...(await itemAt(place)) });
}

// What is mended here takes the place of what was sent back, along with its photos; an expense has one.
async function kept(desk, item, pictures) {
  const mended = new URLSearchParams(location.hash.slice(1)).get("mend");
  const isMended = (one) => one.uid === mended && one.kind === item.kind && one.state === "rejected";
  const old = (await itemsOf(desk.person)).filter(isMended);
  if (item.kind !== "expense" || !item.photos.length) {
    item.photos = [...new Set([...old.flatMap((one) => one.photos), ...item.photos])];
  }
  if (item.photos.length > MOST_PHOTOS) throw new Told(desk.words.photoMany);
  return keep(item, pictures, old);
}

function onward(desk, form, item) {
  if (item.state === "rejected") return refused(desk, form, item);
  if (item.state === "conflict") return go("/outbox");
  const isOver = ON_THE_WAY.includes(item.kind) && item.kind !== "arrived";
  const isTold = ON_THE_WAY.concat("undo", "close", "order").includes(item.kind) || item.payload.later;
  const isShown = item.state !== "sent" || item.message || !isTold;
  const { saved, here, savedHere } = desk.words;
  const text = item.message || (item.state === "sent" ? saved : isOver ? here : savedHere);
  if (isShown) sessionStorage.setItem("said", JSON.stringify({ text, uid: item.uid, isOver }));
  return go((item.state === "sent" && item.sent) || item.then);
}

// Sent back while the person looks on: the form says so, as a plain one would. What was typed is a draft again; with
// photos, or mended before, the item waits in the outbox, until it is saved here anew.
async function refused(desk, form, item) {
  const { leaveFor, mendingAt } = await import("./drafts.js");
  const stays = item.photos.length || location.hash.startsWith("#mend=");
  const page = stays ? mendingAt(item.page, item) : item.page;
  if ("draft" in form.dataset) leaveFor(item, page);
  history.replaceState(null, "", page);
  if (!stays) await drop([item]);
  trouble(form, desk.words[item.message] || item.message);
}

// A phone that cannot keep it leaves what was typed on the page; the next tap sends it as a plain form.
function excuse({ words }, form, error) {
  if (error instanceof Told) return trouble(form, error.message);
  console.error(error);
  delete form.dataset.outbox;
  return trouble(form, error.name === "QuotaExceededError" ? words.noRoom : words.notKept);
}

function trouble(form, text) {
  const main = document.getElementById("main");
  let says = main.querySelector(".banner.outbox");
  if (!says) {
    says = Object.assign(document.createElement("p"), { className: "banner bad outbox" });
    says.setAttribute("role", "alert");
    if (form.closest(".thumb, .snackbar, details, template")) main.prepend(says);
    else form.before(says);
  }
  says.textContent = text;
  says.scrollIntoView({ block: "center" });
  delete form.dataset.sent;
  delete form.dataset.taken;
}

function itemOf(person, form, data, pictures) {
  const { outbox, visit, account, on, rev, name, then, online, told } = form.dataset;
  const day = data.get("on") || on || "";
  const uid = crypto.randomUUID();
  const onward = new URLSearchParams(location.search).get("then") === "close" && form.dataset.thenClose;
  return {
    ...{ person, uid, kind: outbox, name: name || "", state: "waiting", tries: 0 },
    ...{ visit: Number(visit) || null, account: Number(account) || null, on: day || null },
    ...{ base_rev: rev ? Number(rev) : null, client_at: new Date().toISOString() },
    ...{ payload: payloadOf(data, uid), photos: pictures.map((picture) => picture.sha) },
    ...{ then: onward || then || "/today", sent: onward || (online || "").replace("{month}", day.slice(0, 7)) },
    ...{ page: location.pathname + location.search, ...(told ? { told: JSON.parse(told) } : {}) },
  };
}

// A kept page would give the uid it was made with every time: each item has its own.
function payloadOf(data, uid) {
  const payload = {};
  for (const name of new Set(data.keys())) {
    const values = data.getAll(name).filter((value) => typeof value === "string");
    if (!LEFT_OUT.includes(name) && values.length) payload[name] = values.length === 1 ? values[0] : values;
  }
  if ("uid" in payload) payload.uid = uid;
  return payload;
}

async function picturesOf(data, words) {
  const files = [...data.values()].filter((value) => value instanceof File && value.size);
  if (!files.length) return [];
  if (files.length > MOST_PHOTOS) throw new Told(words.photoMany);
  const { prepared } = await import("./photos.js");
  const pictures = [];
  try {
    // One after the other: decoded, each takes tens of megabytes.
    for (const file of files) pictures.push(await prepared(file));
  } catch {
    throw new Told(words.noPicture);
  }
  return pictures;
}

// What was never on the wire is taken back here; the server need not hear of it. While something is being sent for
// long, it is told like any other step.
async function isTakenBack(item) {
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    return await navigator.locks.request("rounds-outbox", { signal }, () => takeBack(item));
  } catch (error) {
    if (error.name !== "TimeoutError" && error.name !== "AbortError") throw error;
    return false;
  }
}

async function takeBack(item) {
  const all = (await itemsOf(item.person)).filter((one) => one.visit === item.visit);
  const steps = all.filter((one) => one.state === "waiting" && ON_THE_WAY.includes(one.kind));
  const hasOnlyLeft = steps.at(-1)?.kind === "left";
  const own = hasOnlyLeft ? steps.slice(-1) : steps;
  if (!own.length || own.some((one) => one.tries)) return false;
  const isKnown = document.querySelector(`[data-visit="${item.visit}"][data-state]`)?.dataset.state;
  const sent = all.filter((one) => one.state === "sent" && ON_THE_WAY.concat("undo").includes(one.kind)).at(-1);
  const told = own.filter(isTold);
  await put(told.map((one) => asNote(one)), own.filter((one) => !told.includes(one)));
  // Beneath a report that goes lies that one had left: so it is again.
  if (hasOnlyLeft || (sent ? sent.kind : isKnown) === "left") return true;
  return !sent && (!isKnown || isKnown === "planned");
}

async function mind({ person, words }, forms) {
  const { minded } = await import("./drafts.js");
  for (const form of forms) form.addEventListener("unkept", () => trouble(form, words.scarce), { once: true });
  const isBack = forms.map((form) => minded(form, person)).some(Boolean);
  const says = document.querySelector("[data-draft-says]");
  if (says) says.textContent = isBack ? words.draft : "";
  const room = await navigator.storage?.estimate?.();
  if (room && room.quota - room.usage < SCARCE) trouble(forms[0], words.scarce);
}

const go = (address) => location.assign(address);
