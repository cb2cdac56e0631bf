// [data-list]: J and K move between its rows, X selects, and [data-row-key="e"] inside the row is clicked by
// its letter. The row that holds the focus, or else the last one visited, is the current one.
const rows = () => [...document.querySelectorAll("[data-list] > :is(li, tr)")].filter((row) => row.checkVisibility?.() ?? true);
const off = (event) =>
  event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey ||
  document.documentElement.dataset.keys === "off" || document.querySelector("dialog[open], :popover-open") ||
  event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
let last = null;

const current = () => {
  const focused = document.activeElement?.closest?.("[data-list] > :is(li, tr)");
  return focused || (last?.isConnected ? last : null);
};
const visit = (row) => {
  last = row;
  const target = row.querySelector(".hit, td.pri a, th a, a[href]") || row.querySelector("button, input");
  target?.focus();
  row.scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (off(event)) return;
  const key = event.key.toLowerCase();
  const all = rows();
  if (!all.length) return;
  const row = current();
  if (key === "j" || key === "k") {
    event.preventDefault();
    const at = row ? all.indexOf(row) : -1;
    visit(all[Math.max(0, Math.min(all.length - 1, at + (key === "j" ? 1 : at < 0 ? 1 : -1)))]);
    return;
  }
  if (!row) return;
  const target = key === "x" ? row.querySelector(".chk") : row.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  if (!target) return;
  event.preventDefault();
  target.click();
});

// a row that goes away by an action hands the focus to the one that takes its place
let place = -1;
document.addEventListener("htmx:beforeSwap", () => { place = current() ? rows().indexOf(current()) : -1; });
document.addEventListener("htmx:afterSettle", () => {
  const all = rows();
  if (place >= 0 && all.length && document.activeElement === document.body) visit(all[Math.min(place, all.length - 1)]);
  place = -1;
});
