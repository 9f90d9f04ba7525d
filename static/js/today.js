// Small help on a rep's pages; everything works without it.

function hideAfter(snackbar) {
  const address = new URL(location.href);
  address.searchParams.delete("just");
  history.replaceState(null, "", address);
  setTimeout(() => snackbar.remove(), Number(snackbar.dataset.seconds) * 1000);
}

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}

document.querySelectorAll(".snackbar").forEach(hideAfter);
document.querySelectorAll("form[data-once]").forEach(sendOnce);
document.querySelectorAll("[data-look-again]").forEach((waiting) => {
  setTimeout(() => location.replace(waiting.dataset.lookAgain), 1500);
});
// A page that comes back from the browser's memory may be sent again.
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once]").forEach((form) => delete form.dataset.sent);
});
