// A visit of the calendar in the hand: asks the server what each day would cost, paints the days, drops it and
// takes that back. calendar-drag.js says when the mouse lifts a visit and lets it go; a tap, Enter and Space pick
// up too. Without this script each visit is a link. Text is only ever set as textContent.
import {
  all, ask, cellOf, excuse, isSure, offer, offers, ready, refresh, say, target, walk, words,
} from "./calendar-page.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const LOOKS = 90;
let held = null; // {link, days: Map of answers by date, or null before they are there, stop}
let isSending = false;
let dropped = null; // what Undo sends

async function pickUp(link) {
  if (isSending || (held && held.link === link)) return;
  letGo();
  const mine = { link, days: null, stop: new AbortController() };
  held = mine;
  link.classList.add("held");
  offer(["why", "leave"], link);
  say(words("asking"));
  try {
    const without = `${words("noAnswer")} ${words("notMoved")}`;
    const answer = await ask(new URL("choices", link.href), { signal: mine.stop.signal }, without);
    if (held === mine) paint(answer);
  } catch (error) {
    if (held === mine) fail(error);
  }
}

function paint(answer) {
  const more = document.querySelector(".more");
  held.days = new Map(answer.days.map((day) => [day.on, day]));
  held.opened = more && !more.open ? more : null;
  if (held.opened) more.open = true;
  document.body.classList.add("picking");
  for (const cell of all(".cell")) {
    const day = held.days.get(cell.dataset.on);
    cell.classList.toggle("can", Boolean(day && day.can_be));
    cell.querySelector(".day").after(day ? target(day, day.on === answer.on) : excuse(cell));
  }
  say(answer.says);
  const now = all(".drop.now")[0];
  if (!now || document.body.classList.contains("dragging")) return;
  now.focus({ preventScroll: true });
  now.scrollIntoView({ block: "nearest" });
}

// What is offered when no visit is in the hand.
function rest() {
  offer(dropped ? ["undo"] : []);
}

function letGo() {
  if (!held) return;
  held.stop.abort();
  held.link.classList.remove("held");
  if (held.opened) held.opened.open = false;
  document.body.classList.remove("picking");
  for (const made of all(".cell .drop, .cell .why-not")) made.remove();
  for (const cell of all(".cell.can")) cell.classList.remove("can");
  held = null;
}

function putBack() {
  if (!held || isSending) return;
  const { link } = held;
  letGo();
  rest();
  say(words("putBack"));
  link.focus({ preventScroll: true });
}

function fail(error) {
  letGo();
  rest();
  say(error.message, true);
}

async function dropOn(cell) {
  if (!held.days) return say(words("notYet"));
  const day = held.days.get(cell.dataset.on);
  const button = cell.querySelector(".drop");
  if (!day) return say(`${words("refused")} ${cell.querySelector(".date").textContent}`, true);
  if (button.matches(".now")) return putBack();
  if (!day.can_be) return say(`${words("refused")} ${day.label}`, true);
  if (day.asks && !(await isSure(day.asks))) return button.focus();
  if (held) await send("drop", held.link.href, { rev: held.link.dataset.rev, on: day.on });
}

async function send(what, href, values) {
  if (isSending) return;
  isSending = true;
  const token = document.querySelector("[name=csrf_token]").value;
  const body = new URLSearchParams({ ...values, csrf_token: token });
  try {
    const answer = await ask(new URL(what, href), { method: "POST", body }, words("lost"));
    letGo();
    dropped = what === "drop" ? { href, rev: answer.rev } : null;
    await refresh();
    rest();
    say(answer.says);
    showWhere(href, answer.on);
    watch(answer.run, LOOKS);
  } catch (error) {
    fail(error);
    await refresh();
  } finally {
    isSending = false;
  }
}

function showWhere(href, on) {
  const cell = document.querySelector(`.cell[data-on="${on}"]`);
  const link = all(".call").find((one) => one.href === href);
  if (link) link.focus({ preventScroll: true });
  if (cell && document.activeElement !== link) cell.querySelector(".day").focus({ preventScroll: true });
}

// Once the days concerned are put in order, the calendar shows their new figures.
async function watch(run, looks) {
  const asked = fetch(run, { headers: { Accept: "application/json" } });
  const state = await asked.then((answer) => answer.json()).catch(() => ({}));
  if (state.is_over && !held && !isSending) refresh();
  else if (looks > 0) setTimeout(() => watch(run, looks - 1), 1000);
}

function press(link) {
  const why = words(link.dataset.hold);
  if (!why) return pickUp(link);
  if (held) putBack();
  offer(["why", "day"], link);
  return say(`${link.title} ${why}`);
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest(".call[data-hold]");
  const cell = cellOf(event.target);
  if (link && !(held && held.days && link.dataset.hold !== "movable")) {
    event.preventDefault();
    press(link);
  } else if (held && cell && !event.target.closest("summary")) {
    event.preventDefault();
    dropOn(cell);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held && !all("dialog[open]").length) putBack();
  else if (event.key === " " && event.target.matches(".call[data-hold]")) {
    event.preventDefault();
    press(event.target);
  } else if (held && held.days && STEPS[event.key]) {
    event.preventDefault();
    walk(STEPS[event.key]);
  }
});
document.addEventListener("lift", (event) => press(event.target));
document.addEventListener("letgo", (event) => {
  if (held) event.detail ? dropOn(event.detail) : putBack();
});
offers("leave").addEventListener("click", putBack);
offers("undo").addEventListener("click", () => {
  if (dropped) send("back", dropped.href, { rev: dropped.rev });
});
document.getElementById("how-to-move").hidden = false;
ready();

