// What is being typed, so that a call, an empty battery or a new version does not lose it. Drafts are never sent.
const PAUSE = 300;
const HIDDEN = ["csrf_token", "uid", "kept"];

// One for each form, and for what an expense is of: its day and its visit stand in the address. What was sent back and
// is mended has a draft of its own, so that it is never mixed with a new one.
const OF_THE_FORM = ["on", "visit"];

function placeAt(person, kind, { pathname, searchParams, hash }) {
  const named = OF_THE_FORM.map((name) => searchParams.get(name) || "").join(" ").trim();
  return ["draft", person, kind, pathname, named, mendedAt(hash)].filter(Boolean).join(" ");
}

const placeOf = (form, person) => placeAt(person, form.dataset.outbox, new URL(location.href));

// The uid of the item that is mended at an address.
const mendedAt = (hash) => new URLSearchParams(hash.slice(1)).get("mend");
export const mendingAt = (page, item) => `${page.split("#")[0]}#mend=${item.uid}`;

// Text of a form, and what is chosen in it; answers whether something was brought back.
export function minded(form, person) {
  // What is sent back at once goes on at another address.
  const place = () => placeOf(form, person);
  let timer = null;
  const write = () => {
    clearTimeout(timer);
    timer = null;
    try {
      localStorage.setItem(place(), JSON.stringify(fieldsOf(form)));
    } catch {
      form.dispatchEvent(new CustomEvent("unkept"));
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE);
  });
  addEventListener("pagehide", () => timer && write());
  form.addEventListener("kept", () => {
    clearTimeout(timer);
    timer = null;
    localStorage.removeItem(place());
  });
  const before = JSON.parse(localStorage.getItem(place()) || "null");
  if (before) fill(form, before);
  if (before && form.closest("details")) form.closest("details").open = true;
  return Boolean(before);
}

export const isDrafted = (form, person) => localStorage.getItem(placeOf(form, person)) !== null;

// A distance that was left as it was shown is that of the roads: the next page may show another one.
export function fieldsOf(form) {
  const isLeft = (name) => isDistance(name) && form.elements[name].value === form.elements[name].defaultValue;
  return [...new FormData(form)].filter(([name, value]) => (
    typeof value === "string" && !HIDDEN.includes(name) && !isLeft(name)
  ));
}

const isDistance = (name) => name.startsWith("distance-");

const isText = (control) => ["text", "textarea", "date", "time", "number"].includes(control.type);

export function fill(form, fields) {
  for (const control of form.elements) {
    if (!control.name || HIDDEN.includes(control.name)) continue;
    const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else if ((isText(control) || control.type === "select-one") && values.length) {
      [control.value] = values;
    }
  }
}

export function fieldsOfItem({ payload }) {
  const isLeft = (name, value) => isDistance(name) && payload[name.replace("distance", "shown")] === value;
  return Object.entries(payload).filter(([name, value]) => !isLeft(name, value))
    .flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
}

// For the form at an address, before it is opened: an item that was sent back. What was changed of it before stays.
export function leaveFor(item, page = item.page) {
  const place = placeAt(item.person, item.kind, new URL(page, location.origin));
  if (localStorage.getItem(place) === null) localStorage.setItem(place, JSON.stringify(fieldsOfItem(item)));
}

export function forget(item) {
  localStorage.removeItem(placeAt(item.person, item.kind, new URL(mendingAt(item.page, item), location.origin)));
}
