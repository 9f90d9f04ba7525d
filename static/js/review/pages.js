// n and p go to the next page of a list and to the one before; without this script they are links.
document.addEventListener("keydown", (event) => {
  const isOther = event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select");
  if (!isOther && ["n", "p"].includes(event.key)) document.querySelector(`.pager [data-key=${event.key}]`)?.click();
});
