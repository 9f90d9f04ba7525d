// Whose phone this is just now. Pages are kept for one person at a time; what waits stays with whoever wrote it.
import { fact, setFact } from "./store.js";

const DAY = 24 * 3600 * 1000;

export const shelfOf = (person) => `pages-${person}`;

// A page of a signed-in person: what others left on this phone goes.
export async function claim(person) {
  if ((await fact("person")) !== person) await setFact("pack", null);
  await setFact("person", person);
  await forget((name) => name !== shelfOf(person));
}

export async function leave() {
  await setFact("person", null);
  await setFact("pack", null);
  await forget(() => true);
}

// Somebody is signing in: nobody is shown a kept page until it is known who.
export const somebody = () => setFact("person", null);

async function forget(isGone) {
  if (!self.caches) return;
  const shelves = (await caches.keys()).filter((name) => name.startsWith("pages-"));
  await Promise.all(shelves.filter(isGone).map((name) => caches.delete(name)));
}

// The date where the rep works. The server's date when the day was packed, as many days later as the phone counts
// there: a phone set to another date, or to another zone, still moves on at midnight.
export function todayBy(pack, now = new Date()) {
  if (!pack) return null;
  const days = Math.round((midnight(now, pack.zone) - midnight(new Date(pack.at), pack.zone)) / DAY);
  return new Date(Date.parse(pack.today) + days * DAY).toISOString().slice(0, 10);
}

// Sweden writes dates as ISO 8601 does.
const midnight = (at, timeZone) => Date.parse(at.toLocaleDateString("sv", { timeZone }));
