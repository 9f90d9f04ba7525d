// Says while an expense is typed what the policy asks about it. Saving is never hindered; the server says it anew.
const form = document.querySelector("form [data-policy]")?.closest("form");

const typedMinor = (text, decimals) => {
  const plain = text.trim().replace(/[\s']/g, "");
  const [, whole, part] = plain.match(decimals ? new RegExp(`^(.*)[.,](\\d{1,${decimals}})$`) : /^$^/) || [0, plain, ""];
  const digits = whole.replace(/[.,]/g, "") + part.padEnd(decimals, "0");
  return /^\d+$/.test(digits) ? Number(digits) : 0;
};

function asked(box) {
  const category = form.elements.category.value;
  const rule = category && box.querySelector(`[data-category="${category}"]`);
  const isForeign = form.elements.currency && form.elements.currency.value !== box.dataset.currency;
  const amount = rule ? typedMinor(form.elements.amount.value, Number(rule.dataset.decimals)) : 0;
  if (!amount || isForeign) return [];
  const { cap, basis, spent, receipt } = rule.dataset;
  const nights = basis === "night" ? Math.max(1, Number(form.elements.nights.value) || 1) : 1;
  const total = amount + (basis === "day" ? Number(spent) : 0);
  const has = form.elements.receipt.value || form.elements.kept.value || "hasReceipt" in form.dataset;
  const said = [];
  if (cap !== undefined && total > Number(cap) * nights) said.push("over");
  if (receipt !== undefined && amount >= Number(receipt) && !has) said.push("bare");
  return said.length ? [rule.textContent, ...said.map((name) => box.querySelector(`template[data-${name}]`).innerHTML)] : [];
}

function say() {
  const texts = asked(form.querySelector("[data-policy]"));
  const says = form.querySelector("[data-policy-says]");
  says.hidden = !texts.length;
  says.textContent = texts.join(" ");
}

// What an expense may belong to, and what the day has spent already, are those of its day. Without a network they
// stay as they are: the server looks again when the expense is saved.
async function otherDay() {
  const address = new URL(location.href);
  address.searchParams.set("on", form.elements.on.value);
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.querySelector("[name=on]")?.value !== form.elements.on.value) return;
  for (const name of ["visit", "trip"]) {
    const field = form.elements[name], chosen = field.value;
    field.replaceChildren(...page.querySelector(`[name=${name}]`).children);
    field.value = [...field.options].some((each) => each.value === chosen) ? chosen : "0";
  }
  const unit = form.elements.currency.closest(".unit"), other = page.querySelector("[name=currency]").closest(".unit");
  if (!form.elements.amount.value) unit.replaceWith(other); // a number that is typed stays the money it was
  const box = form.querySelector("[data-policy]"), fresh = page.querySelector("[data-policy]");
  fresh.open = box.open;
  box.replaceWith(fresh);
  say();
}

if (form) {
  form.elements.on.addEventListener("change", otherDay);
  form.addEventListener("input", say);
  form.addEventListener("change", say);
  say();
}
