// The list beside the day's map, in step with it: tapping one shows the other.
const rows = [...document.querySelectorAll("[data-stop]")];

for (const row of rows) {
  row.querySelector(".row-button").addEventListener("click", () => {
    document.dispatchEvent(new CustomEvent("show-stop", { detail: row.dataset.stop }));
    document.querySelector(".day-map").scrollIntoView({ block: "nearest" });
  });
}

document.addEventListener("stop-shown", (event) => {
  for (const row of rows) {
    const isShown = row.dataset.stop === event.detail;
    row.classList.toggle("is-shown", isShown);
    if (!isShown) row.removeAttribute("aria-current");
    else {
      row.setAttribute("aria-current", "true");
      row.scrollIntoView({ block: "nearest" });
    }
  }
});

// The screen stays on while the map is looked at. A phone that is low on power may refuse; it says so itself.
async function stayAwake() {
  if (document.visibilityState === "visible") await navigator.wakeLock.request("screen").catch(() => null);
}
if (navigator.wakeLock) {
  stayAwake();
  document.addEventListener("visibilitychange", stayAwake);
}
