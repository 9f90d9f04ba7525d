// A rep's page on a phone: whose it is, the day at hand without a network, what waits, and the sign that says so.
import { onChange, fact, itemsOf, photosOf } from "./store.js";
import { SignedOut, begin, flush } from "./sender.js";
import { filled, lay, undoOf } from "./overlay.js";
import { claim, leave, todayBy } from "./whose.js";

const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 300_000;
const person = Number(document.body.dataset.person);
const sign = document.getElementById("sync");
const words = JSON.parse(sign.dataset.words);
const HOUR = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
let pause = FIRST_PAUSE;
let timer = null;
let isSignedOut = false;

const counted = (pair, n) => filled(pair[n === 1 ? 0 : 1], { n });

async function send() {
  clearTimeout(timer);
  const answer = await flush(person).catch(failed);
  if (answer === "stranger") {
    await leave();
    return location.reload();
  }
  isSignedOut = answer === "signIn";
  if (answer === "away") {
    timer = setTimeout(send, pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    askInBackground();
  } else pause = FIRST_PAUSE;
  return showSign();
}

// Whatever went wrong here, it is tried again.
function failed(error) {
  console.error(error);
  return "away";
}

// Where the browser can, it sends when the network is back and the page long closed.
async function askInBackground() {
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.sync?.register("outbox").catch(() => showSign());
}

async function unsent() {
  const items = await itemsOf(person);
  const kept = await photosOf(person);
  const refused = kept.filter((photo) => photo.refused).length;
  const photos = new Set(kept.filter((photo) => !photo.refused).map((photo) => photo.sha));
  const isOpen = (item) => item.state === "waiting" || (item.state === "sent" && item.photos.some((sha) => photos.has(sha)));
  const stuck = items.filter((item) => ["rejected", "conflict"].includes(item.state)).length + refused;
  return { open: items.filter(isOpen).length, stuck };
}

async function showSign() {
  const { open, stuck } = await unsent();
  const state = stuck ? "trouble" : !open ? "sent" : isSignedOut ? "signIn" : "waiting";
  sign.hidden = false;
  sign.dataset.state = state;
  sign.querySelector("span").textContent = state === "sent" ? words.sent : counted(words[state], stuck || open);
  sign.href = state === "signIn" ? `/login?next=${encodeURIComponent(location.pathname)}` : "/outbox";
}

async function showReady() {
  const box = document.querySelector("[data-ready]");
  const pack = await fact("pack");
  if (!box || !pack || pack.person !== person) return;
  const at = new Date(pack.at).toLocaleTimeString(document.documentElement.lang, HOUR);
  box.textContent = filled(words.ready, { at });
}

async function install() {
  if (!navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.register("/sw.js", { type: "module", updateViaCache: "none" });
  const offer = () => registration.waiting && navigator.serviceWorker.controller && offerNew(registration);
  offer();
  registration.addEventListener("updatefound", () => registration.installing.addEventListener("statechange", offer));
  (await navigator.serviceWorker.ready).active.postMessage({ pack: person });
}

function offerNew(registration) {
  if (document.querySelector("[data-new]")) return;
  const button = Object.assign(document.createElement("button"), { textContent: words.newVersion, className: "new-version" });
  button.dataset.new = "";
  button.addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    registration.waiting.postMessage("take over");
  });
  document.getElementById("main").prepend(button);
}

function announce(text, visit) {
  const template = visit && document.querySelector("template[data-snackbar]");
  const box = template ? template.content.cloneNode(true).firstElementChild : document.createElement("p");
  if (template) {
    box.querySelector("span").textContent = text;
    undoOf(box.querySelector("form"), visit);
  } else Object.assign(box, { className: "snackbar", textContent: text });
  box.setAttribute("role", "status");
  document.getElementById("main").append(box);
  setTimeout(() => box.remove(), 8000);
}

// What lies over the page comes later: the two are compared as they were made.
function hearOfNewer(laid) {
  const former = document.getElementById("main").cloneNode(true);
  navigator.serviceWorker?.addEventListener("message", async ({ data }) => {
    if (data.newer) (await import("./newer.js")).offer(former, data.newer, words, await laid);
  });
}

async function greet() {
  const address = new URL(location.href);
  const away = address.searchParams.get("away");
  if (away) {
    announce({ form: words.notNow, day: words.otherDay }[away] || words.notHere);
    address.searchParams.delete("away");
    history.replaceState(null, "", address);
  }
  const said = JSON.parse(sessionStorage.getItem("said") || "null");
  sessionStorage.removeItem("said");
  if (!said) return;
  const own = said.isOver && (await itemsOf(person)).filter((item) => item.uid === said.uid && item.state === "waiting")[0];
  announce(said.text, own);
}

// The pages go with the person, what is not sent stays: it is said before.
async function signOut(event) {
  event.preventDefault();
  const { open, stuck } = await unsent();
  if (open + stuck && !confirm(counted(words.leaving, open + stuck))) return undefined;
  const form = event.target;
  try {
    const data = new FormData(form);
    data.set("csrf_token", (await begin()).csrf);
    const answer = await fetch(form.action, { method: "POST", body: data, redirect: "manual" });
    if (!answer.ok && answer.type !== "opaqueredirect") return announce(words.cannotLeave);
  } catch (error) {
    if (!(error instanceof SignedOut)) return announce(words.cannotLeave);
  }
  await leave();
  return location.assign("/login");
}

// A page may have been made on another day than the one it is looked at.
async function today() {
  const dates = [todayBy(await fact("pack")), document.getElementById("main").dataset.today];
  return dates.filter(Boolean).sort().at(-1);
}

async function start() {
  let tellLaid;
  if ("kept" in document.documentElement.dataset) hearOfNewer(new Promise((done) => { tellLaid = done; }));
  await claim(person);
  document.querySelector("form[data-leave]").addEventListener("submit", signOut);
  // A page without such forms, as the map, does not load what takes them.
  if (document.querySelector("form[data-outbox], template")) {
    (await import("./forms.js")).takeForms({ person, words, flush: send });
  }
  const laid = await today().then((on) => lay({ person, words, today: on })).catch((error) => console.error(error));
  tellLaid?.(laid || []);
  document.documentElement.dataset.laid = "";
  onChange((what) => (what === "packed" ? showReady() : showSign()));
  addEventListener("online", send);
  document.addEventListener("send", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  // A page out of the browser's memory is older than what has happened since.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  await Promise.all([greet(), showReady(), showSign()]);
  document.documentElement.dataset.phone = "ready";
  await Promise.all([send(), install()]);
}

// Without a secure address browsers keep nothing: every form is a plain one then.
if (isSecureContext && navigator.locks && self.indexedDB) await start();
