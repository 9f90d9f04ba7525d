// A line in the panel beside its claim: the page of the line is fetched, its part taken over, its map drawn.
// The newest question wins; when it fails, the browser goes to the page itself.
let newest = 0;

export async function openPanel(address) {
  const aside = document.getElementById("aside");
  if (!aside) return location.assign(address);
  const mine = ++newest;
  const page = await fetched(address);
  if (mine !== newest) return;
  const found = page && page.getElementById("panel");
  if (!found) return location.assign(address);
  aside.replaceChildren(document.importNode(found, true));
  aside.scrollTop = 0;
  draw(document.getElementById("panel").dataset.script);
}

async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function draw(address) {
  if (!address) return;
  const script = document.createElement("script");
  script.src = address;
  script.addEventListener("load", () => script.remove());
  document.body.append(script);
}

// Links to lines open beside the claim; with a modifier they are links as ever.
export function wirePanel() {
  document.addEventListener("click", (event) => {
    const receipt = event.target.closest("[data-zoom]");
    if (isPlain(event) && receipt) {
      event.preventDefault();
      enlarge(receipt);
      return;
    }
    const link = event.target.closest("[data-panel], #aside .panel-head a");
    if (!isPlain(event) || !link || !document.getElementById("aside")) return;
    event.preventDefault();
    openPanel(link.href);
  });
}

function isPlain(event) {
  return !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
}

// A receipt as large as the window; a click, or Enter, shows it in its own size, to be scrolled.
function enlarge(link) {
  const box = document.createElement("dialog");
  const frame = document.createElement("div");
  const picture = document.createElement("img");
  const shown = link.querySelector("img");
  box.className = "zoom";
  box.setAttribute("aria-label", shown.alt);
  picture.src = link.href;
  picture.alt = shown.alt;
  picture.tabIndex = 0;
  const turn = () => picture.classList.toggle("is-large");
  picture.addEventListener("click", turn);
  picture.addEventListener("keydown", (event) => { if (event.key === "Enter") turn(); });
  frame.append(picture);
  box.append(frame, closing());
  box.addEventListener("close", () => { box.remove(); link.focus(); });
  document.body.append(box);
  box.showModal();
}

function closing() {
  return document.querySelector("#keys form").cloneNode(true);
}
