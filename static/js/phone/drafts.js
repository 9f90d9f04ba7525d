// What is being typed, so that a call, an empty battery or a new version does not lose it. Drafts are never sent.
const PAUSE = 300;
const HIDDEN = ["csrf_token", "uid", "kept"];

const placeOf = (form, person) => `draft ${person} ${form.dataset.outbox} ${location.pathname}`;

// Text of a form, and what is chosen in it; answers whether something was brought back.
export function minded(form, person) {
  const place = placeOf(form, person);
  let timer = null;
  const write = () => {
    clearTimeout(timer);
    timer = null;
    localStorage.setItem(place, JSON.stringify(fieldsOf(form)));
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE);
  });
  addEventListener("pagehide", () => timer && write());
  form.addEventListener("kept", () => {
    clearTimeout(timer);
    timer = null;
    localStorage.removeItem(place);
  });
  const before = JSON.parse(localStorage.getItem(place) || "null");
  if (before) fill(form, before);
  if (before && form.closest("details")) form.closest("details").open = true;
  return Boolean(before);
}

export const isDrafted = (form, person) => localStorage.getItem(placeOf(form, person)) !== null;

export const fieldsOf = (form) => [...new FormData(form)].filter(([name, value]) => (
  typeof value === "string" && !HIDDEN.includes(name)
));

export function fill(form, fields) {
  for (const control of form.elements) {
    if (!control.name || HIDDEN.includes(control.name)) continue;
    const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else if (["text", "textarea", "select-one", "date", "time", "number"].includes(control.type) && values.length) {
      [control.value] = values;
    }
  }
}

export const fieldsOfItem = ({ payload }) => (
  Object.entries(payload).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
);

// For the form at an address, before it is opened: an item that was sent back, to be mended.
export function leaveFor(item) {
  const { pathname } = new URL(item.page, location.origin);
  localStorage.setItem(`draft ${item.person} ${item.kind} ${pathname}`, JSON.stringify(fieldsOfItem(item)));
}
