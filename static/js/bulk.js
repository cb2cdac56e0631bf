// [data-select]: holds a list with checkboxes and a [data-bulk] bar. Shift selects a range, the head box all.
let anchor = null;
const boxes = (area) => [...area.querySelectorAll("[data-list] .chk")].filter((box) => box.checkVisibility?.() ?? true);

const show = (area) => {
  const all = boxes(area), chosen = all.filter((box) => box.checked);
  const head = area.querySelector("[data-select-all]");
  if (head) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const bar = area.querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = chosen.length === 0;
  bar.querySelector("[data-bulk-count]").textContent = chosen.length;
};

document.addEventListener("click", (event) => {
  const area = event.target.closest?.("[data-select]");
  if (!area) return;
  if (event.target.closest("[data-bulk-clear]")) {
    boxes(area).forEach((box) => { box.checked = false; });
    show(area);
    boxes(area)[0]?.focus();
  }
  const box = event.target.closest("[data-list] .chk");
  if (!box) return;
  const all = boxes(area), from = all.indexOf(anchor), to = all.indexOf(box);
  if (event.shiftKey && from >= 0) all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((each) => { each.checked = box.checked; });
  anchor = box;
  show(area);
});

document.addEventListener("change", (event) => {
  const area = event.target.closest?.("[data-select]");
  if (!area) return;
  if (event.target.matches("[data-select-all]")) boxes(area).forEach((box) => { box.checked = event.target.checked; });
  show(area);
});
const showAll = () => document.querySelectorAll("[data-select]").forEach(show);
document.addEventListener("htmx:afterSettle", showAll);
addEventListener("pageshow", showAll);
