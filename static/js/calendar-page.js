// The calendar's page as its script sees it: the bar below, the days painted, the question asked, the server's
// answers, the calendar as it is now. Text is only ever set as textContent.
const hand = document.querySelector(".hand");
const asks = document.querySelector("dialog.asks");
const wait = hand.querySelector("progress");
const MOMENT = 400;

export const all = (what, within = document) => [...within.querySelectorAll(what)];
export const offers = (name) => hand.querySelector(`[data-does=${name}]`);
export const cellOf = (inside) => inside && inside.closest(".cell");
export const words = (name) => hand.dataset[name];

export function say(text, isWrong = false) {
  hand.querySelector(".said").textContent = text;
  hand.classList.add("shown");
  hand.classList.toggle("wrong", isWrong);
}

export function offer(names, link) {
  for (const one of all("[data-does]", hand)) one.hidden = !names.includes(one.dataset.does);
  if (!link) return;
  offers("why").href = link.href;
  offers("day").href = cellOf(link).querySelector(".day").href;
}

function make(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

// Asking, with a bar when it takes longer than a moment. Throws an error whose message is a sentence.
export async function ask(url, options, without) {
  const timer = setTimeout(() => { wait.hidden = false; }, MOMENT);
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(url, { credentials: "same-origin", headers, ...options }).catch(() => null);
    const said = answer ? await answer.json().catch(() => ({})) : {};
    if (answer && answer.ok) return said;
    throw new Error(said.error ? `${said.error} ${words("notMoved")}` : without);
  } finally {
    clearTimeout(timer);
    wait.hidden = true;
  }
}

export function target(day, isNow) {
  const button = make("button", `drop ${day.tone}${isNow ? " now" : ""}`, "");
  button.type = "button";
  button.setAttribute("aria-label", day.label);
  button.classList.toggle("asks", Boolean(day.asks));
  if (!day.can_be) button.setAttribute("aria-disabled", "true");
  if (day.minutes) button.append(make("b", "", day.minutes));
  if (day.than_now) button.append(make("span", "", day.than_now));
  if (day.rule) button.append(make("span", "rule", day.rule));
  return button;
}

export function excuse(cell) {
  const today = cellOf(document.querySelector(".day[aria-current]"))?.dataset.on || "";
  const isSilent = cell.matches(".off") || cell.dataset.on < today;
  return make("p", "why-not", isSilent ? "" : words(cell.dataset.on === today ? "today" : "notSearched"));
}

export function isSure(question) {
  asks.querySelector("p").textContent = question;
  asks.returnValue = "no";
  asks.showModal();
  return new Promise((settle) => {
    asks.addEventListener("close", () => settle(asks.returnValue === "yes"), { once: true });
  });
}

// From the day in focus so many painted days on, or whole weeks.
export function walk(step) {
  const days = all(".drop");
  const from = days.find((one) => one === document.activeElement) || days.find((one) => one.matches(".now"));
  if (!from) return days[0]?.focus();
  if (Math.abs(step) === 1) return days[days.indexOf(from) + step]?.focus();
  const on = new Date(`${cellOf(from).dataset.on}T12:00Z`);
  on.setUTCDate(on.getUTCDate() + step);
  return document.querySelector(`.cell[data-on="${on.toISOString().slice(0, 10)}"] .drop`)?.focus();
}

// Shows the calendar as the server has it now; what is unfolded stays so, and the focus where it was.
export async function refresh() {
  const headers = { Accept: "text/html" };
  const answer = await fetch(location.href, { credentials: "same-origin", headers }).catch(() => null);
  const text = answer && answer.ok ? await answer.text() : "";
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!page.querySelector("#weeks")) return;
  const at = document.activeElement.closest("#weeks") ? document.activeElement.href : "";
  const open = new Set(all(".cell > [open]").map((one) => cellOf(one).dataset.on));
  const isMoreOpen = all(".more[open]").length > 0;
  for (const what of [".news", "#weeks"]) document.querySelector(what).replaceWith(page.querySelector(what));
  for (const one of all(".cell > details")) one.open = open.has(cellOf(one).dataset.on);
  for (const more of all(".more")) more.open = isMoreOpen;
  ready();
  if (at) all("#weeks a").find((one) => one.href === at)?.focus({ preventScroll: true });
}

// Says of each visit that it is a button, and how it is used.
export function ready() {
  for (const link of all(".call[data-hold]")) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-describedby", "how-to-move");
  }
}

asks.addEventListener("click", (event) => { if (event.target.value) asks.close(event.target.value); });
