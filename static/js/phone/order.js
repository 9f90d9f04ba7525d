// The order of a day by hand: buttons, arrow keys and dragging move a row of the draft; the server says at once
// what that does. Without a network the rows move all the same, with times worked out here. Without this script the
// same buttons send the form.
import { foretold } from "./times.js";

let waiting = null;

const draft = () => document.getElementById("draft");
const turnOf = (inside) => inside.closest(".turn");
const idOf = (turn) => turn.querySelector("[name=order]").value;

// What to go back to is asked when the answer comes: the focus may have moved on meanwhile.
async function look() {
  if (waiting) waiting.abort();
  const mine = waiting = new AbortController();
  const form = draft();
  const told = reckon();
  try {
    const options = { method: "POST", body: new FormData(form), credentials: "same-origin", signal: mine.signal };
    const answer = await fetch(location.pathname, options).catch((error) => {
      if (error.name === "AbortError") throw error;
    });
    if (!answer || hasNotLooked(answer)) return alone(told);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("draft");
    if (mine !== waiting) return;
    if (!answer.ok || !fresh) throw new Error("refused");
    const opened = [...form.querySelectorAll("details[open]")].map((one) => idOf(turnOf(one)));
    for (const turn of fresh.querySelectorAll(".turn")) {
      if (opened.includes(idOf(turn))) turn.querySelector("details").open = true;
    }
    const held = focused();
    form.replaceWith(document.adoptNode(fresh));
    ready();
    focusOn(held);
    waiting = null;
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
}

// A proxy that speaks for a server that is away, or the sign-in: the draft stays here, and the outbox takes it.
const hasNotLooked = (answer) => answer.redirected || (answer.status >= 502 && answer.status <= 504);

function alone(told) {
  waiting = null;
  say(told);
}

// The times of the draft as it stands, for the day's page too, should it be saved before anybody has answered. None
// where they cannot be told.
function reckon() {
  const form = draft();
  const turns = [...form.querySelectorAll(".turn")];
  const asked = turns.map((turn) => ({ visit: idOf(turn), at: turn.querySelector("input[type=time]")?.value || "" }));
  const told = foretold(JSON.parse(form.dataset.drives), JSON.parse(form.dataset.words), asked, form.dataset);
  if (told) form.dataset.told = JSON.stringify(told);
  else delete form.dataset.told;
  return told;
}

function say(told) {
  const form = draft();
  const words = JSON.parse(form.dataset.words);
  const says = told ? [made("span", told.home), made("span", words.here)] : [made("span", words.unknown)];
  if (told?.lunchLate) says.splice(1, 0, made("span", told.lunchLate, "late"));
  form.querySelector(".so-far").replaceChildren(...says);
  form.querySelector("[data-save]").textContent = words.save;
  form.querySelectorAll(".turn").forEach((turn, place, turns) => {
    const its = told?.visits[idOf(turn)];
    turn.querySelector(".stop-number").textContent = its?.number ?? place + 1;
    turn.querySelector("[data-when]").replaceChildren(its?.begins || "", ...saidOf(its));
    turn.classList.toggle("is-late", Boolean(its?.late));
    const [earlier, later] = turn.querySelectorAll(".step");
    earlier.disabled = place === 0;
    later.disabled = place === turns.length - 1;
  });
}

const saidOf = (its) => (its?.late || its?.until ? [" ", made("span", `· ${its.late || its.until}`, its.late ? "late" : "soft")] : []);
const made = (name, textContent, className = "") => Object.assign(document.createElement(name), { textContent, className });

const controlsOf = (part) => [...part.querySelectorAll("button, summary, input")];

function focused() {
  const element = document.activeElement;
  const turn = draft().contains(element) && turnOf(element);
  return turn && { id: idOf(turn), place: controlsOf(turn).indexOf(element) };
}

function focusOn(held) {
  const turn = held && [...draft().querySelectorAll(".turn")].find((one) => idOf(one) === held.id);
  if (!turn) return;
  const wanted = controlsOf(turn)[held.place];
  (wanted.disabled ? turn.querySelector(".step:not([disabled])") : wanted).focus();
}

// The other row moves: who is dragged keeps the pointer, and whose button was pressed the focus.
function step(turn, by) {
  const other = by < 0 ? turn.previousElementSibling : turn.nextElementSibling;
  if (!other) return false;
  if (by < 0) turn.after(other);
  else turn.before(other);
  return true;
}

function moveByButton(event) {
  const button = event.target.closest("button[name=move]");
  if (!button) return;
  event.preventDefault();
  if (step(turnOf(button), Number(button.value.split(":")[1]))) look();
}

function moveByKey(event) {
  const grip = event.target.closest(".grip");
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!grip || !by) return;
  event.preventDefault();
  if (step(turnOf(grip), by)) look();
}

function drag(event) {
  const grip = event.target.closest(".grip");
  if (!grip || event.button > 0) return;
  const turn = turnOf(grip);
  // An answer under way would take the row out of the hand: it is asked for again at the end.
  let hasMoved = waiting !== null;
  if (hasMoved) waiting.abort();
  grip.setPointerCapture(event.pointerId);
  turn.classList.add("dragged");
  const follow = (at) => {
    for (const by of [-1, 1]) {
      const other = by < 0 ? turn.previousElementSibling : turn.nextElementSibling;
      if (!other) continue;
      const box = other.getBoundingClientRect();
      const middle = box.top + box.height / 2;
      if (by < 0 ? at.clientY < middle : at.clientY > middle) hasMoved = step(turn, by) || hasMoved;
    }
  };
  const end = () => {
    turn.classList.remove("dragged");
    for (const [name, act] of [["pointermove", follow], ["pointerup", end], ["pointercancel", end]]) {
      grip.removeEventListener(name, act);
    }
    if (hasMoved) look();
  };
  grip.addEventListener("pointermove", follow);
  grip.addEventListener("pointerup", end);
  grip.addEventListener("pointercancel", end);
}

function ready() {
  for (const grip of draft().querySelectorAll(".grip")) grip.hidden = false;
}

// A page kept since the morning, once it was laid over with what was done since.
document.addEventListener("laid", () => say(reckon()));
document.addEventListener("click", moveByButton);
document.addEventListener("keydown", moveByKey);
document.addEventListener("pointerdown", drag);
document.addEventListener("change", (event) => { if (event.target.closest("#draft .pin")) look(); });
ready();
if (draft().dataset.laid) say(reckon());
