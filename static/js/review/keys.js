// The review by keys: a key presses what a row, the panel or the page offers for it (data-key). Without this
// script everything is there as links and forms.
import { openPanel, wirePanel } from "./panel.js";

const rows = () => [...document.querySelectorAll("tr[data-line]")];
const linkOf = (row) => row.querySelector("[data-open]");
const dialog = document.getElementById("keys");
let here = null;

function go(row, isShown = true) {
  if (!row) return;
  if (here) here.classList.remove("is-here");
  here = row;
  row.classList.add("is-here");
  linkOf(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  if (isShown && linkOf(row).hasAttribute("data-panel")) openPanel(linkOf(row).href);
}

function move(by) {
  const all = rows();
  const at = all.indexOf(here);
  if (at < 0) go(by > 0 ? all[0] : all[all.length - 1]);
  else go(all[at + by]);
}

function offered(key) {
  const places = [here, document.getElementById("panel"), document];
  for (const place of places) {
    const found = place && place.isConnected !== false && place.querySelector(`[data-key="${key}"]`);
    if (found) return found;
  }
  return null;
}

function press(key) {
  // The last step is undone first; a row offers what its own step was.
  const said = key === "u" && document.querySelector(".snackbar [data-key=u]");
  // Once nothing is left to look at, the same key approves.
  const found = said || offered(key) || (key === "a" && offered("A"));
  if (!found) return;
  if (found.tagName === "DETAILS") unfold(found);
  else found.click();
}

function unfold(details) {
  details.open = true;
  const field = details.querySelector("input:not([type=hidden])");
  if (field) field.focus();
}

function isTyping(target) {
  return target.closest("input, textarea, select, dialog[open]");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target.closest("details[data-key]")) {
    event.target.closest("details[data-key]").open = false;
    if (here) linkOf(here).focus();
    return;
  }
  if (isTyping(event.target)) return;
  const does = {
    j: () => move(1),
    k: () => move(-1),
    "?": () => dialog.showModal(),
  }[event.key];
  if (does) does();
  else if (["a", "A", "q", "r", "h", "u"].includes(event.key)) press(event.key);
  else return;
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("tr[data-line]");
  if (!row || row === here) return;
  if (here) here.classList.remove("is-here");
  here = row;
  row.classList.add("is-here");
});

for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}

wirePanel();

// Where the page before went on: the line to look at next, or the decision once there is none.
const split = document.querySelector("[data-at]");
const next = split && document.getElementById(`line-${split.dataset.at}`);
// Not by the fragment of the address: a browser takes the focus away again once it has scrolled there.
const asked = document.getElementById(new URLSearchParams(location.search).get("open") || "-");
if (asked && asked.matches("details[data-key]")) unfold(asked);
else if (next) go(next);
else if (document.querySelector(".snackbar")) {
  const approve = document.querySelector(".decide [data-key=A]");
  if (approve) approve.focus();
}
