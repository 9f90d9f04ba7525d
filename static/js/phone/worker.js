// The service worker: pages from the network, or, when it is slow or away, as they were kept; own files from the
// phone; what is sent is left alone.
import { flush } from "./sender.js";
import { fact, setFact } from "./store.js";
import { pack } from "./pack.js";
import { shelfOf, todayBy } from "./whose.js";

const PATIENCE = 2500;
const LOST_PATIENCE = 500;
const LOST_FOR = 60_000;
// They change what is pointed at on a page, not what it holds.
const PASSING = ["just", "changed", "looks", "then", "visit", "away", "was", "given", "to"];
let lostAt = 0;

export function serve(version, files) {
  const assets = `assets-${version}`;
  addEventListener("install", (event) => event.waitUntil(caches.open(assets).then((shelf) => shelf.addAll(files))));
  addEventListener("activate", (event) => event.waitUntil(takeOver(assets)));
  addEventListener("message", (event) => {
    if (event.data === "take over") skipWaiting();
    else if (event.data.pack) event.waitUntil(pack(event.data.pack));
  });
  addEventListener("sync", (event) => event.waitUntil(sendInBackground()));
  addEventListener("fetch", (event) => {
    const { method, url, mode } = event.request;
    const { origin, pathname } = new URL(url);
    if (origin !== location.origin) return;
    if (method === "POST" && mode === "navigate") event.respondWith(sent(event));
    if (method !== "GET") return;
    if (mode === "navigate" || /^\/today\/.*\.js$/.test(pathname)) event.respondWith(page(event));
    else if (/^\/(app|static|vendor|icons|maps)\//.test(pathname)) event.respondWith(file(event.request));
  });
}

// Kept pages still need the files of former versions, until the day is packed anew.
async function takeOver(assets) {
  const shelves = await caches.keys();
  await setFact("former", shelves.filter((name) => name.startsWith("assets-") && name !== assets));
  await clients.claim();
}

async function sendInBackground() {
  const person = await fact("person");
  // Rejecting makes the browser ask again later.
  if (person && (await flush(person)) === "away") throw new Error("away");
}

const file = async (request) => (await caches.match(request)) || fetch(request);

async function page(event) {
  const { url } = event.request;
  const fresh = fetch(event.request);
  const isKept = fresh.then((answer) => remember(url, answer.clone()), () => false);
  event.waitUntil(isKept);
  const patience = Date.now() - lostAt < LOST_FOR ? LOST_PATIENCE : PATIENCE;
  const first = await Promise.race([fresh.catch(() => null), new Promise((done) => setTimeout(done, patience))]);
  // From 502 on it is a proxy that speaks, for a server that is away.
  const isHeard = first && (first.status < 502 || first.status > 504);
  if (isHeard) {
    lostAt = 0;
    return first;
  }
  const former = await kept(url).catch(() => null);
  if (former) {
    lostAt = Date.now();
    event.waitUntil(isKept.then((isThere) => isThere && sayNewer(event.resultingClientId, url)));
  }
  return (former && marked(former)) || (await fresh.catch(() => null)) || instead(event.request);
}

async function remember(url, answer) {
  const person = await fact("person");
  if (answer.status !== 200 || !person || answer.headers.get("Rounds-Kept-For") !== String(person)) return false;
  await (await caches.open(shelfOf(person))).put(await placeOf(url), answer);
  return true;
}

// The network was only slow: its page came while the former one was already looked at.
async function sayNewer(id, url) {
  const page = id && (await clients.get(id));
  const answer = page && (await kept(url));
  if (answer) page.postMessage({ newer: await answer.text() });
}

async function kept(url) {
  const person = await fact("person");
  if (!person) return undefined;
  const shelf = await caches.open(shelfOf(person));
  return (await shelf.match(await placeOf(url))) || shelf.match(plain(url));
}

// A kept page is shown once it is laid over with what was done since, so that nothing jumps (app.css).
async function marked(answer) {
  if (!(answer.headers.get("Content-Type") || "").startsWith("text/html")) return answer;
  return new Response((await answer.text()).replace("<html ", "<html data-kept "), { headers: answer.headers });
}

// Today has no place of its own: after midnight it is the next day that was packed.
async function placeOf(url) {
  const address = plain(url);
  const day = address.pathname === "/today" && todayBy(await fact("pack"));
  return day ? new URL(`/today/${day}`, location.origin) : address;
}

function plain(url) {
  const address = new URL(url);
  for (const name of PASSING) address.searchParams.delete(name);
  address.hash = "";
  if (address.pathname === "/") address.pathname = "/today";
  return address;
}

// A plain form of a kept page that gets no answer leads back to it, and it says so. Other pages could lose what was
// typed: there the browser says it.
async function sent(event) {
  try {
    return await fetch(event.request);
  } catch (error) {
    const page = event.clientId && (await clients.get(event.clientId));
    const isThere = page && (await kept(page.url).catch(() => null));
    if (!isThere) throw error;
    const address = new URL(page.url);
    address.searchParams.set("away", "form");
    return Response.redirect(address);
  }
}

// A page that is not on this phone: the day is, or the nearest one that is, or what waits to be sent.
async function instead(request) {
  if (request.mode !== "navigate") return Response.error();
  const wanted = plain(request.url).pathname;
  for (const path of ["/today", await nearestDay().catch(() => null), "/outbox"]) {
    const isThere = path && path !== wanted && (await kept(new URL(path, location.origin)).catch(() => null));
    if (isThere) return Response.redirect(`${path}?away=${wanted === "/today" ? "day" : "1"}`);
  }
  return Response.error();
}

// Of the days that were packed the next one from today on, else the last one before.
async function nearestDay() {
  const today = `/today/${todayBy(await fact("pack"))}`;
  const addresses = await (await caches.open(shelfOf(await fact("person")))).keys();
  const days = addresses.map(({ url }) => new URL(url).pathname).filter((path) => /^\/today\/[\d-]{10}$/.test(path)).sort();
  return days.find((day) => day >= today) || days.at(-1);
}
