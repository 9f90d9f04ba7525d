// The mouse on the calendar: says "lift" at a visit that is dragged, and "letgo" with the day it is let go on.
// A finger scrolls, so it drags nothing: it taps (see calendar.js).
const FAR_ENOUGH = 6;
const EDGE = 60;
let pressed = null; // {link, x, y, ghost}
let scrolling = 0;

function cellAt(x, y) {
  const found = document.elementFromPoint(x, y);
  return found && found.closest(".cell");
}

function aimAt(cell) {
  for (const old of document.querySelectorAll(".cell.aimed")) if (old !== cell) old.classList.remove("aimed");
  if (cell) cell.classList.add("aimed");
}

// What is held to its day says why, and stays.
function lift() {
  pressed.link.dispatchEvent(new CustomEvent("lift", { bubbles: true }));
  if (pressed.link.dataset.hold !== "movable") {
    pressed = null;
    return;
  }
  pressed.ghost = pressed.link.cloneNode(true);
  pressed.ghost.classList.add("ghost");
  pressed.ghost.setAttribute("aria-hidden", "true");
  pressed.ghost.removeAttribute("href");
  document.body.append(pressed.ghost);
  document.body.classList.add("dragging");
}

// Near the upper or the lower edge the page moves along, so that far weeks can be reached.
function scroll(y) {
  cancelAnimationFrame(scrolling);
  const pull = y < EDGE ? y - EDGE : Math.max(0, y - (innerHeight - EDGE));
  if (!pull || !pressed) return;
  scrollBy(0, pull / 4);
  scrolling = requestAnimationFrame(() => scroll(y));
}

function end(cell) {
  const { link, ghost } = pressed;
  pressed = null;
  cancelAnimationFrame(scrolling);
  if (!ghost) return;
  ghost.remove();
  aimAt(null);
  document.body.classList.remove("dragging");
  link.dispatchEvent(new CustomEvent("letgo", { bubbles: true, detail: cell }));
  // The click that follows a drag is none.
  const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }));
}

document.addEventListener("pointerdown", (event) => {
  const link = event.target.closest(".call[data-hold]");
  if (!link || event.pointerType !== "mouse" || event.button !== 0) return;
  pressed = { link, x: event.clientX, y: event.clientY };
});
document.addEventListener("pointermove", (event) => {
  if (!pressed) return;
  const { clientX: x, clientY: y } = event;
  if (!pressed.ghost && Math.hypot(x - pressed.x, y - pressed.y) < FAR_ENOUGH) return;
  if (!pressed.ghost) lift();
  if (!pressed) return;
  pressed.ghost.style.transform = `translate(${x + 8}px, ${y + 8}px)`;
  aimAt(cellAt(x, y));
  scroll(y);
});
document.addEventListener("pointerup", (event) => { if (pressed) end(cellAt(event.clientX, event.clientY)); });
document.addEventListener("pointercancel", () => { if (pressed) end(null); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && pressed) end(null); });
document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".call")) event.preventDefault(); });
