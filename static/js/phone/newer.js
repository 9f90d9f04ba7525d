// A page kept on the phone was shown because the network was slow, and the network's own came after all. It is offered
// and not put in its place: nothing moves under a finger. What the person did themself lies over the kept page already
// (`own`: at which visits): then only what came, went or is called otherwise of the others is news.
export function offer(former, newer, words, own) {
  const main = new DOMParser().parseFromString(newer, "text/html").getElementById("main");
  const told = own.length ? (page) => others(page, own) : said;
  if (!main || told(main) === told(former) || document.querySelector("[data-newer]")) return;
  const bar = Object.assign(document.createElement("div"), { className: "snackbar" });
  bar.dataset.newer = "";
  bar.setAttribute("role", "status");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.showNewer });
  button.addEventListener("click", () => location.reload());
  bar.append(Object.assign(document.createElement("span"), { textContent: words.newer }), button);
  document.getElementById("main").append(bar);
}

// What is said once, and what a page without scripts says, makes no page another; nor does the time that went by: when
// one would be where is told from the minute a page was made at. What was pinned or ordered has another revision.
function said(main) {
  const copy = main.cloneNode(true);
  const revisions = [...copy.querySelectorAll("[data-rev]")].map((part) => part.dataset.rev);
  for (const part of copy.querySelectorAll(":scope > [role=status], .snackbar, noscript, [data-clock]")) part.remove();
  return revisions + copy.textContent.replace(/\s+/g, " ").trim();
}

function others(main, own) {
  const rows = [...main.querySelectorAll("[data-row]")].filter((row) => !own.includes(Number(row.dataset.visit)));
  return rows.map((row) => `${row.dataset.visit} ${row.querySelector("strong")?.textContent}`).sort().join("\n");
}
