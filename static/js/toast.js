// [data-toast]: leaves after 6 s, stays while hovered or focused. The event "toast" {text} shows one from a
// template; a request that could not be sent or that failed says so.
const STAY = 6000, LEAVE = 200;
const region = () => document.getElementById("toasts");
const timers = new WeakMap();

const dismiss = (toast) => {
  toast.classList.add("leaving");
  setTimeout(() => toast.remove(), LEAVE);
};
const start = (toast) => {
  clearTimeout(timers.get(toast));
  timers.set(toast, setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) start(toast);
    else dismiss(toast);
  }, STAY));
};
const fromTemplate = (id, words) => {
  const toast = document.getElementById(id)?.content.cloneNode(true);
  if (!toast) return;
  if (words) toast.querySelector(".grow").textContent = words;
  region()?.append(toast);
};
// a failure's answer is one line of plain words with its reference
const wordsOf = (xhr) => (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain") ? xhr.responseText.trim() : "";

// a modal dialog covers everything else: the region moves into it while one is open
const follow = () => {
  const home = [...document.querySelectorAll("dialog[open]")].pop() || document.body;
  const toasts = region();
  if (toasts && toasts.parentElement !== home) home.append(toasts);
};

const watch = () => {
  const toasts = region();
  if (!toasts) return;
  toasts.querySelectorAll("[data-toast]").forEach(start);
  new MutationObserver((changes) => {
    follow();
    changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.("[data-toast]")).forEach(start);
  }).observe(toasts, { childList: true });
};

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-toast-close]")) dismiss(event.target.closest("[data-toast]"));
});
// an answer is told from the button that asked for it, so the toast stays until it is there
document.addEventListener("htmx:afterRequest", (event) => {
  const toast = event.target.closest?.("[data-toast]");
  if (toast && event.detail.successful) dismiss(toast);
});
document.addEventListener("close", follow, true);
document.addEventListener("htmx:sendError", () => fromTemplate("toast-unreachable"));
document.addEventListener("htmx:responseError", (event) => fromTemplate("toast-failed", wordsOf(event.detail.xhr)));
document.addEventListener("htmx:timeout", () => fromTemplate("toast-unreachable"));
watch();
