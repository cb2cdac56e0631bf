// [data-key="e"], [data-key="g m"]: pressing the keys clicks the element, or focuses it when it is a field.
// Dead while typing, while a dialog or menu is open, and with data-keys="off" on the root. `?` lists what works here.
const WAIT = 900;
let first = "", timer = 0;

// a field of a dialog that is just closing still has the focus, yet nobody types there
const inField = (target) => target.closest?.("dialog:not([open])") ? null : target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");
const busy = () => document.querySelector("dialog[open]") || document.querySelector(":popover-open");
const shown = (element) => element.checkVisibility?.() ?? true;

const find = (keys) => {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)];
  return all.find((element) => element.closest("main") && shown(element)) || all.find(shown) || all[0];
};
const starts = (key) => document.querySelector(`[data-key^="${CSS.escape(key)} "]`);

const act = (element) => {
  if (!element.matches("input:not([type=radio]), textarea, select")) return element.click();
  element.focus();
  element.select?.();
};

const help = () => {
  const kept = document.querySelector("template[data-keys-help]");
  kept?.replaceWith(kept.content);  // most people never ask, so it is no part of the page until then
  const dialog = document.querySelector("#keys-help");
  dialog?.querySelectorAll("[data-needs]").forEach((row) => { row.hidden = !document.querySelector(row.dataset.needs); });
  dialog?.showModal();
};

document.addEventListener("click", (event) => { if (event.target.matches?.("[data-keys-open]")) help(); });
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.documentElement.dataset.keys === "off" || inField(event.target) || busy()) return;
  const key = event.key.toLowerCase();
  const before = first;
  clearTimeout(timer);
  first = "";
  if (key === "?") { event.preventDefault(); return help(); }
  const target = before ? find(`${before} ${key}`) : find(key);
  if (target) { event.preventDefault(); return act(target); }
  if (!before && starts(key)) {
    first = key;
    timer = setTimeout(() => { first = ""; }, WAIT);
  }
});
