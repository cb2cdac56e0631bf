// [data-composer]: the button's words follow the kind. Everywhere: Ctrl or Cmd with Enter sends
// the form that the field belongs to. What has been kept as a draft is no longer unsaved.
const follow = (composer) => {
  const kind = composer.querySelector("[data-composer-kind]:checked");
  const words = composer.querySelector("[data-composer-submit]");
  if (kind && words) words.textContent = words.dataset.composerSubmit.replace("*", kind.dataset.composerKind);
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

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "composer-draft" || !event.detail.successful) return;
  const text = document.querySelector("#composer textarea");
  if (!text) return;
  text.defaultValue = event.detail.requestConfig.formData.get("body") ?? "";
  text.dispatchEvent(new Event("guard:check", { bubbles: true }));
});
