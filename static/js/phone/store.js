// What this phone knows: items that wait and their photos, by person, and a few facts about itself. Everything is
// written here before it is sent. Used by pages and by the service worker.
const STORES = ["items", "photos", "facts"];
let opened = null;
const out = new BroadcastChannel("rounds");

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("rounds", 1);
    asked.onupgradeneeded = () => {
      const base = asked.result;
      base.createObjectStore("items", { keyPath: "place", autoIncrement: true }).createIndex("person", "person");
      base.createObjectStore("photos", { keyPath: ["person", "sha"] });
      base.createObjectStore("facts");
    };
    asked.onsuccess = () => {
      const base = asked.result;
      base.onclose = () => { opened = null; };
      base.onversionchange = () => {
        opened = null;
        base.close();
      };
      done(base);
    };
    asked.onerror = () => failed(asked.error);
  });
}

// What could not be opened is tried anew the next time.
const connected = () => (opened ||= open().catch((error) => {
  opened = null;
  throw error;
}));

// One transaction, whole or not at all; `work` answers with a request, whose result is the answer.
async function within(mode, work) {
  const begin = (base) => base.transaction(STORES, mode, { durability: "strict" });
  const first = await connected();
  let step;
  try {
    step = begin(first);
  } catch (error) {
    // Browsers close a connection without a word when a page was long in the background.
    if (error.name !== "InvalidStateError") throw error;
    opened = null;
    const second = await connected();
    step = begin(second);
  }
  return finished(step, work);
}

const finished = (step, work) => new Promise((done, failed) => {
  step.onabort = step.onerror = () => failed(step.error || new DOMException("", "AbortError"));
  try {
    const asked = work(...STORES.map((name) => step.objectStore(name)));
    step.oncomplete = () => done(asked && asked.result);
  } catch (error) {
    failed(error);
    step.abort();
  }
});

async function change(work) {
  const answer = await within("readwrite", work);
  out.postMessage("changed");
  return answer;
}

// Oldest first: by the order they were written in, whatever the phone's clock said.
export const itemsOf = (person) => within("readonly", (items) => items.index("person").getAll(person));
export const itemAt = (place) => within("readonly", (items) => items.get(place));
export const photosOf = (person) => within("readonly", (_, photos) => (
  photos.getAll(IDBKeyRange.bound([person], [person, []]))
));
// `old` is what the item stands for from now on.
export const keep = (item, pictures, old = []) => change((items, photos) => {
  for (const picture of pictures) photos.put({ ...picture, person: item.person });
  const asked = items.add(item);
  remove(items, photos, old);
  return asked;
});
export const put = (changed, gone = []) => change((items, photos) => {
  for (const item of changed) items.put(item);
  remove(items, photos, gone);
});
export const drop = (gone) => put([], gone);

// A photo goes with the last item that names it.
function remove(items, photos, gone) {
  if (!gone.length) return;
  const places = gone.map((item) => item.place);
  for (const place of places) items.delete(place);
  items.index("person").getAll(gone[0].person).onsuccess = (event) => {
    const named = event.target.result.flatMap((item) => item.photos);
    for (const { person, photos: its } of gone) {
      for (const sha of its) if (!named.includes(sha)) photos.delete([person, sha]);
    }
  };
}

export const putPhoto = (photo) => change((_, photos) => { photos.put(photo); });
export const dropPhoto = (person, sha) => change((_, photos) => { photos.delete([person, sha]); });
export const fact = (name) => within("readonly", (_, __, facts) => facts.get(name));
export const setFact = (name, value) => within("readwrite", (_, __, facts) => facts.put(value, name));

export function onChange(act) {
  new BroadcastChannel("rounds").addEventListener("message", (event) => act(event.data));
}
export const tell = (what) => out.postMessage(what);
