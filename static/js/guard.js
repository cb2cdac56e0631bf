// [data-guard-page] on a form: leaving the page asks while something typed is unsaved. "guard:check" looks again.
const dirty = new Set();
const check = (form) => {
  const changed = [...form.elements].some((field) => "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue);
  if (changed) dirty.add(form);
  else dirty.delete(form);
};
for (const name of ["input", "guard:check"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.closest?.("form[data-guard-page]");
    if (form) check(form);
  });
}
document.addEventListener("submit", (event) => dirty.delete(event.target));
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});
