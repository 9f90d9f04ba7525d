// Fetches the day: pages, map and streets of today and the next day with visits, into the shelf of one person. Runs
// in the service worker, so that it goes on while the person moves from page to page.
import { fact, setFact, tell } from "./store.js";
import { shelfOf } from "./whose.js";

// Nobody looks at these pages now: what is to be said once is left for the page that is open.
const PACKING = { "Rounds-Packing": "1" };

// Few, so that the page the person waits for does not wait for these.
const AT_ONCE = 2;
const MARK = "Rounds-Pack";
const ROUNDS = 3;
const PAUSE = 4000;
// It will not be there the next time either.
const GONE = [403, 404, 409, 410];
let running = null;

export const pack = (person) => (running ||= inRounds(person).finally(() => { running = null; }));

// One page that fails does not leave the day unpacked; what is there already is not fetched again.
async function inRounds(person) {
  for (let round = 1; !(await isDone(person)) && round < ROUNDS; round += 1) {
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

async function isDone(person) {
  const answer = await fetch("/today/pack", { headers: { Accept: "application/json", ...PACKING }, cache: "no-store" });
  if (!answer.ok) return GONE.includes(answer.status);
  const wanted = await answer.json();
  const before = await fact("pack");
  if (wanted.person !== person || (before && before.mark === wanted.mark && before.today === wanted.today)) return true;
  const shelf = await caches.open(shelfOf(person));
  const todo = [...wanted.pages, ...wanted.ground];
  const room = { bytes: wanted.ground_bytes };
  const hands = Array.from({ length: AT_ONCE }, () => work(shelf, todo, wanted, room));
  const isWhole = (await Promise.all(hands)).every(Boolean);
  if (!isWhole || (await fact("person")) !== person) return false;
  await tidy(shelf, wanted);
  await setFact("pack", { person, mark: wanted.mark, today: wanted.today, zone: wanted.zone, at: Date.now() });
  tell("packed");
  return true;
}

// Streets are taken along, the coarsest first, for as long as there is room for them.
async function work(shelf, todo, wanted, room) {
  const ground = new Set(wanted.ground);
  let isWhole = true;
  for (let address; (address = todo.shift());) {
    if (ground.has(address) && room.bytes <= 0) continue;
    let kept = await shelf.match(address);
    const isThere = kept && (kept.headers.get(MARK) === wanted.mark || ground.has(address));
    if (!isThere) isWhole = (await take(shelf, address, wanted)) && isWhole;
    if (ground.has(address)) kept ||= await shelf.match(address);
    if (ground.has(address) && kept) room.bytes -= Number(kept.headers.get("Content-Length")) || (await kept.blob()).size;
  }
  return isWhole;
}

async function take(shelf, address, wanted) {
  const cache = wanted.ground.includes(address) ? "default" : "no-store";
  const answer = await fetch(address, { headers: PACKING, cache });
  const isTheirs = answer.headers.get("Rounds-Kept-For") === String(wanted.person);
  // A page that answers with something else (a visit called off meanwhile) is not there to be kept.
  if (answer.ok && !answer.redirected && (isTheirs || wanted.ground.includes(address))) {
    const headers = new Headers(answer.headers);
    headers.set(MARK, wanted.mark);
    await shelf.put(address, new Response(await answer.blob(), { headers }));
    return true;
  }
  return GONE.includes(answer.status) && !answer.redirected;
}

// What no longer belongs to these days goes, and the files of former versions, which no kept page needs any more.
async function tidy(shelf, wanted) {
  const known = new Set([...wanted.pages, ...wanted.ground].map((address) => new URL(address, location.origin).href));
  for (const request of await shelf.keys()) if (!known.has(request.url)) await shelf.delete(request);
  for (const name of (await fact("former")) || []) await caches.delete(name);
}
