// [data-dialog] on a link: its page is fetched into [data-dialogs] and opened as a native dialog; keys typed
// meanwhile reach its first field. [data-dialog-open="id"] opens one in the page, [data-dialog-close] closes.
// The server closes with the event "dialog:close". Focus returns to where it was.
let opener = null;
let typed = null;
const host = () => document.querySelector("[data-dialogs]");

const firstField = (dialog) =>
  dialog.querySelector("[aria-invalid=true], [autofocus]") ||
  dialog.querySelector(".dialog-b :is(input:not([type=hidden], .vh), textarea, select)");

const open = (dialog) => {
  if (dialog.open) return;
  opener ||= document.activeElement;
  dialog.showModal();
  const field = firstField(dialog);
  field?.focus();
  if (typed && field?.matches("input, textarea")) {
    field.value += typed;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  typed = null;
};

const release = () => {
  if (opener?.isConnected) opener.focus();
  opener = null;
};

const close = (dialog) => dialog?.close();

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    opener = document.activeElement === document.body ? link : document.activeElement;
    typed = "";
    htmx.ajax("GET", link.href, { target: "[data-dialogs]", swap: "innerHTML" });
    return;
  }
  const button = event.target.closest("[data-dialog-open]");
  if (button) open(document.getElementById(button.dataset.dialogOpen));
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) askToClose(closer.closest("dialog"));
  if (event.target.matches?.("dialog.dialog") && event.detail) backdrop(event);
});

const backdrop = (event) => {
  const box = event.target.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) askToClose(event.target);
};

const changed = (dialog) =>
  [...dialog.querySelectorAll("textarea, input:is([type=text], [type=search], :not([type]))")].some((field) => field.value !== field.defaultValue);

const askToClose = (dialog) => {
  if (dialog.dataset.guard && changed(dialog) && !confirm(dialog.dataset.guard)) return;
  close(dialog);
};

document.addEventListener("cancel", (event) => {
  const dialog = event.target;
  if (dialog.dataset?.guard && changed(dialog) && !confirm(dialog.dataset.guard)) event.preventDefault();
}, true);

document.addEventListener("close", (event) => {
  if (event.target.parentElement === host()) event.target.remove();
  if (!document.querySelector("dialog[open]")) release();
}, true);

// the same form again with its errors: no second entrance
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target === host()) host().toggleAttribute("data-still", Boolean(host().querySelector("dialog[open]")));
});
document.addEventListener("htmx:afterSettle", () => host()?.querySelectorAll("dialog:not([open])").forEach(open));
document.addEventListener("htmx:afterRequest", (event) => { if (!event.detail.successful) typed = null; });
document.addEventListener("dialog:close", () => host()?.querySelectorAll("dialog").forEach(close));
document.addEventListener("keydown", (event) => {
  if (typed === null || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  typed += event.key;
}, true);
