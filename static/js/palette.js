// [data-palette]: opens search and commands; so does Ctrl/⌘ K. The dialog waits in a template, and what it offers
// before typing is at hand (jumps.js): nothing is asked until somebody types.
const MOST = 5;
let pending = false, stale = false;
const palette = () => document.getElementById("palette");
const within = (selector) => palette().querySelector(selector);
const input = () => within("[data-palette-input]");
const shown = () => [...palette().querySelectorAll("[role=option]")].filter((option) => !option.closest("[hidden]"));
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const mark = (chosen) => {
  for (const one of palette().querySelectorAll("[aria-selected=true]")) one.setAttribute("aria-selected", "false");
  chosen?.setAttribute("aria-selected", "true");
  chosen?.scrollIntoView({ block: "nearest" });
  if (chosen) input().setAttribute("aria-activedescendant", chosen.id);
  else input().removeAttribute("aria-activedescendant");
};
const marked = () => shown().find((one) => one.getAttribute("aria-selected") === "true");

// what is on the page answers at once: every word begins one of its own
const narrow = () => {
  const words = fold(input().value).split(/\s+/).filter(Boolean);
  for (const group of palette().querySelectorAll(".pal-l > [role=group]")) {
    let left = words.length ? MOST : Infinity;
    for (const one of group.querySelectorAll("[role=option]")) {
      const own = `${group.dataset.words || ""} ${one.querySelector(".pal-t").textContent}`;
      const parts = fold(own).split(/[^\p{L}\p{N}]+/u);
      one.hidden = !words.every((word) => parts.some((part) => part.startsWith(word))) || --left < 0;
    }
    group.hidden = ![...group.querySelectorAll("[role=option]")].some((one) => !one.hidden);
  }
  mark(shown()[0]);
};
const open = () => {
  const kept = document.querySelector("template[data-palette-kept]");
  if (!kept || document.querySelector("dialog[open]")) return;
  if (!palette()) {
    kept.before(kept.content.cloneNode(true));
    const asks = { get: "/search/options/", trigger: "palette:search delay:150ms", target: "#palette-found", sync: "this:replace" };
    for (const name in asks) input().setAttribute(`hx-${name}`, asks[name]);
    htmx.process(palette());
  }
  input().value = within("#palette-found").innerHTML = within("[data-palette-said]").textContent = "";
  pending = stale = false;
  palette().dispatchEvent(new Event("palette:open", { bubbles: true }));
  palette().querySelectorAll("[role=option]").forEach((one, number) => { one.id ||= `palette-o-${number}`; });
  palette().showModal();
  narrow();
};
const take = (chosen) => {
  if (!chosen) return;
  if (chosen.href) return chosen.click();
  palette().close();
  document.querySelector(chosen.dataset.paletteClick)?.click();
};

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-palette-input]")) return;
  stale = true;
  pending = false;
  narrow();
  htmx.trigger(input(), "palette:search");
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "palette-found") return;
  stale = false;
  within("[data-palette-said]").textContent = within("[data-said]")?.dataset.said || "";
  if (!marked()) mark(shown()[0]);
  if (pending) take(marked());
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return palette()?.open ? palette().close() : open();
  }
  if (!event.target.matches?.("[data-palette-input]")) return;
  const all = shown(), at = all.indexOf(marked()), steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    mark(all[(at + steps[event.key] + all.length) % (all.length || 1)]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    const found = marked();
    if (stale && (!found || found.closest("#palette-found"))) pending = true;  // what is shown answers what was typed before
    else take(found);
  }
});
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-palette]");
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey && document.querySelector("template[data-palette-kept]")) {
    event.preventDefault();
    open();
  } else if (event.target.closest?.("[data-palette-click]")) take(event.target.closest("[role=option]"));
});
