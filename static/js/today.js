// Small help on a rep's pages; everything works without it.

// On a page kept on the phone it was said before.
function hideAfter(snackbar) {
  if ("kept" in document.documentElement.dataset) return snackbar.remove();
  const address = new URL(location.href);
  for (const name of ["just", "changed", "was", "given", "to"]) address.searchParams.delete(name);
  history.replaceState(null, "", address);
  return setTimeout(() => snackbar.remove(), Number(snackbar.dataset.seconds) * 1000);
}

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}

// Asks the phone where it is, by tap only; what it answers, or why it does not, stands beside the button.
function locate(box, found) {
  const says = box.querySelector(".says");
  const button = box.querySelector("button");
  button.disabled = true;
  says.textContent = box.dataset.asking;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.disabled = false;
      says.textContent = "";
      found(coords.latitude.toFixed(6), coords.longitude.toFixed(6));
    },
    (error) => {
      button.disabled = false;
      says.textContent = error.code === error.PERMISSION_DENIED ? box.dataset.refused : box.dataset.nowhere;
    },
    { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
  );
}

// A form that is sent with the phone's position.
function askPosition(form) {
  form.hidden = !navigator.geolocation;
  form.addEventListener("submit", (event) => {
    if (form.elements.lat.value) return;
    event.preventDefault();
    locate(form, (lat, lon) => {
      form.elements.lat.value = lat;
      form.elements.lon.value = lon;
      form.submit();
    });
  });
}

// A pin that is put where the phone is; the map listens to its fields.
function fillPosition(box) {
  box.hidden = !navigator.geolocation;
  box.querySelector("button").addEventListener("click", () => locate(box, (lat, lon) => {
    const { elements } = box.closest("form");
    elements.lat.value = lat;
    elements.lon.value = lon;
    elements.lon.dispatchEvent(new CustomEvent("place", { bubbles: true }));
  }));
}

document.querySelectorAll("[data-fill-position]").forEach(fillPosition);
document.querySelectorAll("form[data-position]").forEach(askPosition);
document.querySelectorAll(".snackbar").forEach(hideAfter);
document.querySelectorAll("form[data-once]").forEach(sendOnce);
// A page kept on the phone says the same however often it is looked at.
if (!("kept" in document.documentElement.dataset)) document.querySelectorAll("[data-look-again]").forEach((waiting) => {
  setTimeout(() => location.replace(waiting.dataset.lookAgain), 1500);
});
// A page that comes back from the browser's memory may be sent again.
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll("form[data-position]").forEach((form) => {
    form.elements.lat.value = form.elements.lon.value = form.querySelector(".says").textContent = "";
    form.querySelector("button").disabled = false;
  });
});
