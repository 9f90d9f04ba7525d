// Lays over a page of the day what it does not know yet: what waits on this phone, and what the server had after the
// page was asked for; what the page knows already it says once more. The rows, cards and steps it puts up were all
// written by the server.
import { itemsOf } from "./store.js";

const STEPS = ["arrived", "left", "done", "missed", "skipped", "undo"];
const BEEN_TO = ["arrived", "left", "done", "missed"];
const OVER = ["done", "missed", "skipped"];
const AHEAD = ["planned", "arrived"];
// On which part of the day's page a visit is shown, by its state.
const SHELVES = { ahead: AHEAD, left: ["left"], over: OVER };

const all = (what, within) => [...within.querySelectorAll(what)];
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Answers whose visits there was something to lay over of.
export async function lay({ person, words, today }) {
  const main = document.getElementById("main");
  const madeAt = Date.parse(document.body.dataset.madeAt);
  const isNews = (item) => item.state === "waiting" || (item.state === "sent" && Date.parse(item.receivedAt) >= madeAt);
  const news = (await itemsOf(person)).filter(isNews);
  const states = statesBy(main, news.filter((item) => !isTold(main, item, news)));
  const isClosed = news.some((item) => item.kind === "close" && item.on === main.dataset.day);
  const page = { main, person, words, news, states, today, isClosed, isOpen: main.dataset.day <= today && !isClosed };
  layFollowUps(page);
  const layers = { day: layDay, stop: layStop, report: layReport, close: layClose, expense: layExpense, order: layOrder, map: layMap };
  await layers[main.dataset.page]?.(page);
  return news.map((item) => item.visit);
}

// What was stored while the page was made it may know already. To say it once more does no harm, but for an undo.
function isTold(main, item, news) {
  const isBetween = item.state === "sent" && Date.parse(item.receivedAt) < Date.parse(document.body.dataset.toldAt);
  const isFirst = item === news.find((one) => STEPS.includes(one.kind) && one.visit === item.visit);
  return item.kind === "undo" && isBetween && isFirst && AHEAD.includes(stateOnPage(main, item.visit));
}

// How visits stand after what was done. Who takes back that they left is there still.
function statesBy(main, news) {
  const states = new Map();
  for (const { kind, visit } of news.filter((item) => STEPS.includes(item.kind))) {
    const before = states.get(visit) || stateOnPage(main, visit);
    states.set(visit, kind !== "undo" ? kind : before === "left" ? "arrived" : "planned");
  }
  return states;
}

function stateOnPage(main, visit) {
  if (Number(main.dataset.visit) === visit) return main.dataset.state;
  return main.querySelector(`[data-visit="${visit}"][data-state]`)?.dataset.state;
}

function layDay(page) {
  const { main, news, states } = page;
  const { order, told } = ordered(page);
  const here = news.filter((item) => item.on === main.dataset.day);
  const hasNoSteps = page.isOpen && main.querySelector("template[data-steps]") && !main.querySelector(".thumb");
  if (states.size || order.length || hasNoSteps) moveOn(page, order, told);
  list(page, here);
  if (page.isClosed) close(main);
}

// The trips are made of what was done: nothing of the day can be taken back any more.
function close(main) {
  for (const part of all(".thumb, [data-while-open], form[data-outbox=undo]", main)) part.remove();
}

// The order last wanted of this day, and what the phone then said of it.
function ordered({ main, news }) {
  const item = news.filter((one) => one.kind === "order" && one.on === main.dataset.day).at(-1);
  return { order: [item?.payload.order || []].flat().map(Number), told: item?.told };
}

function moveOn(page, order, told) {
  const { main, states } = page;
  const known = new Map(all("[data-visit][data-state]", main).map((one) => [Number(one.dataset.visit), one.dataset.state]));
  const stateOf = (visit) => states.get(visit) || known.get(visit);
  const place = (visit) => (order.includes(visit) ? order.indexOf(visit) : order.length);
  const ahead = all("template[data-card]", main).map((card) => Number(card.dataset.card))
    .filter((visit) => AHEAD.includes(stateOf(visit)))
    .sort((one, other) => place(one) - place(other))
    .sort((one, other) => (stateOf(other) === "arrived") - (stateOf(one) === "arrived"));
  const next = ahead[0];
  show(page, next, stateOf(next));
  if (order.length) retime(main.querySelector("article.next-stop"), told?.visits[next]);
  for (const row of all("[data-row]", main)) {
    const visit = Number(row.dataset.visit);
    row.hidden = visit === next || !SHELVES[row.dataset.row].includes(stateOf(visit));
    const drive = row.previousElementSibling;
    if (drive?.matches(".drive")) drive.hidden = row.hidden;
  }
  const unwritten = main.querySelector("[data-unwritten]");
  if (unwritten) unwritten.hidden = !unwritten.querySelector("[data-row]:not([hidden])");
  const home = main.querySelector("[data-home]");
  if (order.length && home) turnOver(main, ahead, home, told);
  // What was said of the order from before.
  if (order.length) for (const part of all("[data-as-ordered]", main)) part.remove();
  count(main, known, states);
}

// The rows in another order, each behind its drive, with the times that were worked out on the phone.
function turnOver(main, ahead, home, told) {
  const lunch = home.parentElement.querySelector("[data-lunch]");
  lunch?.remove();
  for (const visit of ahead) {
    const row = home.parentElement.querySelector(`[data-row][data-visit="${visit}"]`);
    if (!row) continue;
    const drive = row.previousElementSibling;
    home.before(drive, row);
    write(drive, "leg", told?.visits[visit]?.drive);
    retime(row, told?.visits[visit]);
    if (lunch && told?.lunch?.before === String(visit)) drive.before(lunch);
  }
  if (lunch && told?.lunch && !told.lunch.before) home.before(lunch);
  if (lunch) write(lunch, "at", told?.lunch?.text);
  write(home, "leg", told?.homeDrive);
  write(main, "home-at", told?.homeAt);
  write(main, "back", told?.home || "");
  write(main, "metres", "");
}

// Of a card or a row. What is not known is a dash, not what held in another order.
function retime(part, its) {
  if (!part) return;
  for (const name of ["begins", "number"]) write(part, name, its?.[name]);
  if (part.matches("article")) {
    write(part, "leg", its?.drive);
    write(part, "lunch", "");
  }
  const until = part.querySelector("[data-until]");
  if (its?.late || until?.querySelector(".late")) until.textContent = its?.late || "";
  until?.classList.toggle("late", Boolean(its?.late));
}

function write(part, name, text = "–") {
  const place = part.querySelector(`[data-${name}]`);
  if (place) place.textContent = text;
}

// The page may be of this morning: what was done since is no longer to be put in order, and the next drive begins there.
function layOrder(page) {
  const { main, news, states, today } = page;
  const form = document.getElementById("draft");
  const { order } = ordered(page);
  form.dataset.isToday = main.dataset.day === today ? "1" : "";
  const turns = new Map(all(".turn", form).map((turn) => [Number(turn.querySelector("[name=order]").value), turn]));
  const reached = lastReached(news.filter((item) => turns.has(item.visit)), states);
  const gone = [...turns.keys()].filter((visit) => states.has(visit) && states.get(visit) !== "planned");
  if (!gone.length && !order.length) return;
  for (const visit of gone) turns.get(visit).remove();
  for (const visit of order) if (turns.has(visit) && !gone.includes(visit)) form.querySelector(".turns").append(turns.get(visit));
  Object.assign(form.dataset, { laid: "1", gone: gone.length });
  if (reached) Object.assign(form.dataset, { reached: reached.visit, reachedAt: reached.client_at, stays: reached.kind === "arrived" ? "1" : "" });
  document.dispatchEvent(new Event("laid"));
}

// The visit one drives on from. A report that is written after one has left says nothing of where one is.
function lastReached(items, states) {
  const before = new Map();
  let reached;
  for (const item of items.filter(({ kind }) => STEPS.includes(kind))) {
    const isLater = before.get(item.visit) === "left" && item.kind !== "undo";
    if (BEEN_TO.includes(item.kind) && BEEN_TO.includes(states.get(item.visit)) && !isLater) reached = item;
    before.set(item.visit, item.kind);
  }
  return reached;
}

function show({ main, isOpen }, visit, state) {
  main.querySelector(".thumb")?.remove();
  const card = main.querySelector(`template[data-card="${visit}"]`);
  const former = main.querySelector("article.next-stop");
  if (!card) former?.remove();
  else if (former) former.replaceWith(card.content.cloneNode(true));
  else card.before(card.content.cloneNode(true));
  const steps = isOpen && main.querySelector(`template[data-steps="${visit}"][data-for="${state}"]`);
  if (steps) main.append(steps.content.cloneNode(true));
}

function count(main, known, states) {
  const box = main.querySelector("[data-done]");
  if (!box) return;
  let done = Number(box.dataset.done);
  for (const [visit, state] of states) done += (state === "done") - (known.get(visit) === "done");
  box.textContent = filled(box.dataset.says, { done, total: box.dataset.total });
}

// What is on this phone of the day, each visit once, with the way back.
function list({ main, words, states }, items) {
  const box = main.querySelector("[data-saved]");
  const last = new Map(items.map((item) => [STEPS.includes(item.kind) ? `visit ${item.visit}` : item.uid, item]));
  if (!box || !last.size) return;
  box.hidden = false;
  const row = box.querySelector("template");
  for (const item of last.values()) {
    const made = row.content.cloneNode(true);
    made.querySelector("[data-name]").textContent = item.name || words.kinds[item.kind];
    made.querySelector("[data-says]").textContent = item.name ? said(words, item) : words.here;
    const undo = made.querySelector("form");
    if (states.has(item.visit) && states.get(item.visit) !== "planned" && STEPS.includes(item.kind)) undoOf(undo, item);
    else undo.remove();
    row.before(made);
  }
}

export function undoOf(form, item) {
  form.action = form.action.replace(/\/0\//, `/${item.visit}/`);
  Object.assign(form.dataset, {
    visit: item.visit, account: item.account || "", on: item.on, rev: item.base_rev ?? "", name: item.name,
  });
}

const said = (words, item) => filled(item.state === "sent" ? words.isSent : words.isHere, { what: words.kinds[item.kind] });

function layMap(page) {
  page.main.querySelector("[data-other-order]")?.toggleAttribute("hidden", !ordered(page).order.length);
}

// What was done, dropped, put off or opened again on this phone says so, with the way back where there is one.
function layFollowUps({ main, words, news }) {
  const last = new Map(news.filter((item) => item.kind === "follow_up").map((item) => [item.payload.follow_up, item]));
  for (const [id, item] of last) {
    const row = main.querySelector(`[data-follow-up="${id}"]`);
    const { state, later } = item.payload;
    const ended = row?.dataset[state || (later ? "later" : "")];
    if (!ended) continue;
    const text = filled(item.state === "sent" ? words.isSent : words.isHere, { what: ended });
    const chip = Object.assign(document.createElement("span"), { className: "chip lead", textContent: text });
    for (const form of all("form", row)) form.remove();
    row.querySelector(".grow").append(document.createElement("br"), chip);
    const backs = all("template", row).filter((back) => Boolean(later) === (back.dataset.of === "later"));
    row.append(...backs.map((back) => back.content.cloneNode(true)));
  }
}

function layStop({ main, words, states, news, isOpen, isClosed }) {
  const visit = Number(main.dataset.visit);
  const state = isClosed ? "closed" : states.get(visit) || main.dataset.state;
  const doings = document.getElementById("doings");
  const template = main.querySelector(`template[data-for="${state}"]`);
  if ((isOpen || isClosed) && template) doings?.replaceChildren(template.content.cloneNode(true));
  const item = news.filter((one) => one.visit === visit).at(-1);
  if (item) document.getElementById("here")?.replaceChildren(said(words, item));
  document.getElementById("mark")?.toggleAttribute("hidden", states.has(visit));
}

// A report that is changed goes on from the last one given: what it does not say is taken away by it. Its note was
// added already, and stays. What is being typed comes before.
async function layReport({ main, person, news, states }) {
  const visit = Number(main.dataset.visit);
  const last = news.filter((item) => item.kind === "done" && item.visit === visit).at(-1);
  if (!last || states.get(visit) !== "done") return;
  const { fieldsOfItem, fill, isDrafted } = await import("./drafts.js");
  const form = main.querySelector("form[data-draft]");
  if (!isDrafted(form, person)) fill(form, fieldsOfItem(last).filter(([name]) => name !== "note"));
}

function layClose({ main, words, states, news }) {
  const rows = all("[data-row]", main);
  for (const row of rows) {
    const state = states.get(Number(row.dataset.visit));
    row.hidden = OVER.includes(state);
    if (state === "left") row.querySelector("[data-not-been]")?.remove();
  }
  const button = main.querySelector("button[data-undecided]");
  const left = rows.filter((row) => !row.hidden).length;
  if (button && left) button.querySelector("span").textContent = filled(button.dataset.undecided, { n: left });
  if (button && !left) {
    button.disabled = false;
    button.replaceChildren(main.querySelector("template[data-decided]").content.cloneNode(true));
  }
  const closing = news.filter((item) => item.kind === "close" && item.on === main.dataset.day).at(-1);
  if (closing) document.getElementById("here")?.replaceChildren(said(words, closing));
  if (closing) main.querySelector(".thumb")?.remove();
  // A page of this morning knows nothing of the drives since.
  if ([...states.values()].some((state) => BEEN_TO.includes(state))) {
    main.querySelector("[data-nothing]")?.remove();
    main.querySelector("[data-later]")?.removeAttribute("hidden");
  }
}

// The page is kept once for a day: which visit an expense belongs to stands in the address. It offers visits that
// were held when it was made; those held since are known here.
function layExpense({ main, news }) {
  const visit = new URLSearchParams(location.search).get("visit");
  const choice = main.querySelector("select[name=visit]");
  const isOffered = (key) => [...choice.options].some((option) => option.value === String(key));
  for (const item of news) {
    if (BEEN_TO.includes(item.kind) && !isOffered(item.visit)) choice.add(new Option(item.name, item.visit));
  }
  if (isOffered(visit)) choice.value = visit;
}
