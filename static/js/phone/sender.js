// Sends what waits, oldest first, one sender at a time whatever tabs are open. Nothing is taken off the phone
// before the server has said that it is there.
import { drop, dropPhoto, itemsOf, photosOf, put, putPhoto, setFact } from "./store.js";

const MOST_ITEMS = 25;
const MOST_CHARACTERS = 400_000;
const PATIENCE = 20_000;
const PHOTO_PATIENCE = 90_000;
const TOO_LARGE = 413;
const REFUSED = [TOO_LARGE, 422];
const KEPT_AFTER = 18 * 3600 * 1000;
const SENT = ["uid", "kind", "visit", "account", "on", "payload", "base_rev", "client_at", "photos"];

class Away extends Error {}
class Stranger extends Error {}
export class SignedOut extends Error {}

// Answers "sent", "away" (try again later), "signIn", or "stranger": somebody else is signed in.
export const flush = (person) => navigator.locks.request("rounds-outbox", async () => {
  try {
    return await sendAll(person);
  } catch (error) {
    if (error instanceof SignedOut) return "signIn";
    if (error instanceof Away) return "away";
    if (error instanceof Stranger) return "stranger";
    throw error;
  }
});

async function sendAll(person) {
  await forgetOld(person);
  if (!(await waiting(person)).length && !(await photosToSend(person)).length) return "sent";
  const session = await begin();
  if (session.user !== person) return "stranger";
  for (let batch; (batch = portion(await waiting(person))).length;) await sendItems(batch, session);
  await sendPhotos(person, session);
  await setFact("synced", { person, at: Date.now() });
  return "sent";
}

const waiting = async (person) => (await itemsOf(person)).filter((item) => item.state === "waiting");
const photosToSend = async (person) => (await photosOf(person)).filter((photo) => !photo.refused);

// What a kept page does not know yet is laid over it for as long as the page may be looked at.
async function forgetOld(person) {
  const here = (await photosOf(person)).map((photo) => photo.sha);
  const isOld = (item) => item.state === "sent" && Date.now() - item.sentAt > KEPT_AFTER;
  const old = (await itemsOf(person)).filter((item) => isOld(item) && !item.photos.some((sha) => here.includes(sha)));
  if (old.length) await drop(old);
}

function portion(items) {
  let characters = 0;
  const isIn = (item) => (characters += JSON.stringify(item).length) <= MOST_CHARACTERS;
  const found = items.slice(0, MOST_ITEMS);
  const end = found.findIndex((item, index) => !isIn(item) && index > 0);
  return end < 0 ? found : found.slice(0, end);
}

async function sendItems(batch, session) {
  await put(batch.map((item) => Object.assign(item, { tries: item.tries + 1 })));
  const items = batch.map((item) => Object.fromEntries(SENT.map((name) => [name, item[name]])));
  const body = () => JSON.stringify({ sent_at: new Date().toISOString(), items });
  const answer = await post("/api/sync", { method: "POST", body, type: "application/json" }, session);
  const said = await saidBy(answer);
  if (answer.ok) return put(batch.map((item, place) => settled(item, said.answers[place], said.received_at)));
  // Refused as a whole: one of them is to blame, so each goes alone.
  if (batch.length === 1) return put([settled(batch[0], { answer: "rejected", message: said.message || said.error })]);
  for (const item of batch) await sendItems([item], session);
}

function settled(item, said, receivedAt) {
  const isThere = said.answer === "created" || said.answer === "duplicate";
  const state = isThere ? "sent" : said.answer;
  const { message = "", theirs = null, rev = null } = said;
  return { ...item, state, message, theirs, rev, receivedAt: receivedAt || null, sentAt: Date.now() };
}

// One that fails does not hold up those behind it, as long as the server answers at all.
async function sendPhotos(person, session) {
  let failed = null;
  for (const photo of await photosToSend(person)) {
    try {
      await sendPhoto(photo, session);
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      failed = error;
      await renew(session);
    }
  }
  if (failed) throw failed;
}

// A photo that is refused waits for the person; the item that names it is stored already. One that was damaged on
// the way is sent again.
async function sendPhoto(photo, session) {
  const asked = { method: "PUT", body: () => photo.blob, type: photo.blob.type, patience: PHOTO_PATIENCE };
  const answer = await post(`/api/photos/${photo.sha}`, asked, session);
  if (answer.ok) return dropPhoto(photo.person, photo.sha);
  const said = await saidBy(answer);
  if (!REFUSED.includes(answer.status) || said.error === "photo_hash") throw new Away();
  return putPhoto({ ...photo, refused: said.message || said.error });
}

// Who is signed in, and a token to send with.
export async function begin() {
  const answer = await ask("/api/session", {});
  return answer.json();
}

async function renew(session) {
  const fresh = await begin();
  if (fresh.user !== session.user) throw new Stranger();
  Object.assign(session, fresh);
}

// A token may be of a session that has ended: one fresh one is asked for. Whose it is goes along, so that nothing is
// stored as somebody else's who signed in meanwhile.
async function post(address, { method, body, type, patience }, session, isSecond = false) {
  const headers = { "Content-Type": type, "X-CSRFToken": session.csrf, "X-Rounds-Person": String(session.user) };
  const answer = await ask(address, { method, body: body(), headers }, patience);
  if (answer.status !== 400) return answer;
  const said = await answer.clone().json();
  if (said.error !== "csrf") return answer;
  if (isSecond) throw new Away();
  await renew(session);
  return post(address, { method, body, type, patience }, session, true);
}

async function ask(address, options, patience = PATIENCE) {
  const headers = { Accept: "application/json", ...options.headers };
  let answer;
  try {
    const signal = AbortSignal.timeout(patience);
    answer = await fetch(address, { ...options, headers, signal, cache: "no-store", credentials: "same-origin" });
  } catch {
    throw new Away();
  }
  if (answer.status === 401) throw new SignedOut();
  if (answer.status >= 500 || answer.status === 429 || !(isOurs(answer) || answer.status === TOO_LARGE)) throw new Away();
  return answer;
}

const isOurs = (answer) => (answer.headers.get("Content-Type") || "").includes("json");

// What a proxy takes for too large it takes for too large the next time as well. `tooLarge` is one of the phone's words.
const saidBy = (answer) => (isOurs(answer) ? answer.json() : { error: "tooLarge" });
