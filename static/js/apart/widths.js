// [data-width="owner"]: the edge of a column. Drawn, or moved by arrow keys, it makes the column narrow, normal or wide,
// as the dialog of the columns does; a double click makes it normal. The address of the list keeps it, as it does there.
const STEPS = ["narrow", "", "wide"], REACH = 80, KEPT = "relman-edge";
const edgeOf = (event) => event.target.closest?.("[data-width]");
const from = (edge, steps) => STEPS[Math.min(2, Math.max(0, STEPS.indexOf(edge.dataset.at) + steps * (document.dir === "rtl" ? -1 : 1)))];
let drawn = null;

const show = (edge, width) => {
  const { cellIndex } = edge.closest("th");
  for (const { cells } of edge.closest("table").tBodies[0].rows) {
    cells[cellIndex]?.classList.toggle("xs", width === "narrow");
    cells[cellIndex]?.classList.toggle("wide", width === "wide");
    if (width) cells[cellIndex]?.classList.add("trunc");
  }
};
const keep = (edge, width) => {
  if (width === edge.dataset.at) return;
  const to = new URL(location), key = edge.dataset.width;
  const widths = to.searchParams.getAll("w").filter((each) => !each.startsWith(`${key}:`));
  if (width) widths.push(`${key}:${width}`);
  to.searchParams.delete("w");
  for (const each of widths) to.searchParams.append("w", each);
  location.replace(to);
};

document.addEventListener("pointerdown", (event) => {
  const edge = edgeOf(event);
  if (!edge || event.button) return;
  event.preventDefault();
  edge.setPointerCapture(event.pointerId);
  drawn = { edge, x: event.clientX, width: edge.dataset.at };
});
document.addEventListener("pointermove", (event) => {
  if (!drawn) return;
  const width = from(drawn.edge, Math.round((event.clientX - drawn.x) / REACH));
  if (width !== drawn.width) show(drawn.edge, drawn.width = width);
});
document.addEventListener("pointerup", () => {
  if (drawn) keep(drawn.edge, drawn.width);
  drawn = null;
});
document.addEventListener("pointercancel", () => {
  if (drawn) show(drawn.edge, drawn.edge.dataset.at);
  drawn = null;
});
document.addEventListener("dblclick", (event) => { if (edgeOf(event)) keep(edgeOf(event), ""); });
document.addEventListener("keydown", (event) => {
  const edge = edgeOf(event), steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!edge || !steps) return;
  event.preventDefault();
  const width = from(edge, steps);
  if (width !== edge.dataset.at) sessionStorage.setItem(KEPT, edge.dataset.width);
  keep(edge, width);
});

const last = sessionStorage.getItem(KEPT);  // whoever moved it by keyboard stands there again
sessionStorage.removeItem(KEPT);
if (last) document.querySelector(`[data-width="${CSS.escape(last)}"]`)?.focus({ preventScroll: true });
