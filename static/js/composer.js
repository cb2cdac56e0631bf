// [data-composer]: the button's words follow the kind ("Log call"). Everywhere: Ctrl or Cmd with Enter sends
// the form that the field belongs to.
const follow = (composer) => {
  const kind = composer.querySelector("[data-composer-kind]:checked");
  const words = composer.querySelector("[data-composer-submit]");
  if (kind && words) words.textContent = `${words.dataset.composerSubmit} ${kind.dataset.composerKind.toLowerCase()}`;
};

document.addEventListener("change", (event) => {
  const composer = event.target.closest?.("[data-composer]");
  if (composer && event.target.matches("[data-composer-kind]")) {
    follow(composer);
    composer.querySelector("textarea")?.focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("form");
  if (!form || event.repeat) return;
  event.preventDefault();
  form.requestSubmit();
});
const all = () => document.querySelectorAll("[data-composer]").forEach(follow);
document.addEventListener("htmx:afterSettle", all);
all();
