// "Find on the map" without sending the form: asks the server, lists the candidates, puts the pin. Without
// this script the same buttons send the form. Text from people is only ever set as textContent.
(function () {
  "use strict";

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function typed(box) {
    const fields = box.dataset.inputs.split(" ").map((id) => document.getElementById(id));
    return fields.map((field) => field.value.trim()).filter(Boolean).join(", ");
  }

  function question(box, where) {
    const token = box.closest("form").querySelector("[name=csrf_token]");
    return new URLSearchParams({
      network: box.dataset.network,
      text: typed(box),
      where: where,
      csrf_token: token ? token.value : "",
    });
  }

  async function ask(box, where) {
    const answer = await fetch(box.dataset.find, {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json" },
      body: question(box, where),
    });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  function put(box, one) {
    for (const [id, value] of [[box.dataset.lat, one.lat], [box.dataset.lon, one.lon]]) {
      document.getElementById(id).value = value;
    }
    document.getElementById(box.dataset.lon).dispatchEvent(new CustomEvent("place", { bubbles: true }));
    box.querySelectorAll(".found button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.at === one.lat + "," + one.lon));
    });
    box.querySelector(".found .says").textContent = box.dataset.pinSet + " " + one.label;
  }

  function choice(box, one) {
    const button = element("button");
    button.type = "button";
    button.dataset.at = one.lat + "," + one.lon;
    button.append(element("span", "chip " + (one.kind === "address" ? "good" : "warn"), one.kind_word));
    const label = element("span", "label", one.label);
    if (one.how) label.append(element("span", "soft small", one.how));
    button.append(label);
    button.addEventListener("click", () => put(box, one));
    const item = element("li");
    item.append(button);
    return item;
  }

  function show(box, answer) {
    const found = box.querySelector(".found");
    found.replaceChildren(element("p", "hint says", answer.says));
    if (!answer.candidates.length) return;
    const list = element("ul");
    list.append(...answer.candidates.map((one) => choice(box, one)));
    found.append(list, element("p", "hint", answer.thanks));
  }

  async function find(box, button) {
    button.disabled = true;
    try {
      show(box, await ask(box, button.value));
    } catch {
      show(box, { says: box.dataset.noAnswer, candidates: [] });
    }
    button.disabled = false;
    button.focus();
  }

  document.querySelectorAll("[data-find]").forEach((box) => {
    box.querySelectorAll("button[name=find]").forEach((button) => {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        find(box, button);
      });
    });
  });
})();
