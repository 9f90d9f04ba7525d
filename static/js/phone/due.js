// Dates in one tap: told from the rep's day, not from the page's, which may have been kept since yesterday. What a tap
// means stands in the date field at once.
import { fact } from "./store.js";
import { todayBy } from "./whose.js";

function ahead(today, by) {
  const day = new Date(`${today}T00:00Z`);
  const date = day.getUTCDate();
  if (by === "month") day.setUTCMonth(day.getUTCMonth() + 1);
  else day.setUTCDate(date + Number(by));
  // There is no 31st of each month: its last day.
  if (by === "month" && day.getUTCDate() !== date) day.setUTCDate(0);
  return day.toISOString().slice(0, 10);
}

function tell(box, today) {
  const days = JSON.parse(box.dataset.days);
  for (const part of box.querySelectorAll("[data-ahead]")) {
    const said = ahead(today, part.dataset.ahead);
    const [on, words] = part.dataset.ahead === "0" ? [said, ""] : days.find(([day]) => day >= said) || [said, said];
    part.dataset.means = on;
    part.querySelector("[data-says]").textContent = on === ahead(today, "1") ? part.dataset.plain : part.dataset.moved;
    const date = part.querySelector("[data-on]");
    if (date) date.textContent = words;
  }
}

// What is typed into the field afterwards counts.
function join(box) {
  const field = document.getElementById(box.dataset.due);
  box.addEventListener("change", ({ target }) => { field.value = target.closest("[data-ahead]").dataset.means; });
  field.addEventListener("input", () => {
    for (const part of box.querySelectorAll("[data-ahead]")) {
      part.querySelector("input").checked = part.dataset.means === field.value;
    }
  });
}

const boxes = [...document.querySelectorAll("[data-days]")];
for (const box of boxes) if (box.dataset.due) join(box);
const by = await fact("pack").then(todayBy).catch(() => null);
for (const box of boxes) tell(box, [box.dataset.today, by].filter(Boolean).sort().at(-1));
