// [data-edit="stage"]: pressed, the field becomes a small form in its place. Enter saves, Esc restores what stood
// there. The record is told by [data-record] around it, or by the link of its row.
const before = new WeakMap(), ready = new WeakSet(), eager = new WeakSet();

const recordOf = (button) => {
  const around = button.closest("[data-record]");
  if (around) return around.dataset.record;
  const link = button.closest("tr, li")?.querySelector(".pri a, a.hit");
  return link ? new URL(link.href).pathname : "";
};
const formOf = (target) => target.closest?.("[data-in-place]");
const restore = (form) => {
  const button = before.get(form.parentElement);
  if (!button) return;
  form.replaceWith(button);
  button.focus();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-edit]");
  const off = event.target.closest?.("[data-in-place-off]");
  if (off) return restore(formOf(off));
  if (!button || button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  before.set(button.parentElement, button);
  htmx.ajax("GET", `${recordOf(button)}fields/${button.dataset.edit}/`, { source: button, target: button, swap: "outerHTML" })
    .finally(() => { button.ariaBusy = null; });
});

document.addEventListener("keydown", (event) => {
  const form = formOf(event.target);
  if (!form || event.isComposing) return;
  if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); restore(form); }
  if (event.key === "Enter" && event.target.matches("select, input")) {
    event.preventDefault();
    if (ready.has(form)) form.requestSubmit();
    else eager.add(form);  // htmx has not taken it up yet
  }
}, true);

document.addEventListener("htmx:afterSettle", (event) => {
  const place = event.detail.elt;
  const form = place.matches?.("[data-in-place]") ? place : place.querySelector?.("[data-in-place]");
  if (form) ready.add(form);
  if (form && eager.has(form)) return form.requestSubmit();
  const field = form?.querySelector("select, textarea, input:not([type=hidden])");
  if (field) { field.focus(); field.select?.(); }
  else if (place.matches?.("[data-edit]")) place.focus();
});
