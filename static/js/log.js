// [data-log]: the one-line log. A lone c, e, m or n becomes the channel's word; numbers choose where something
// is asked; a line that was not saved is there again when the dialog opens next.
const WORDS = { c: "call ", e: "email ", m: "meeting ", n: "note " };
const PAUSE = 500, SOON = 1500;
const drafts = new Map();
let opened = 0, timer = 0;

const KEPT = "[data-log] #log-line, [data-log-sheet] textarea";
const line = () => document.querySelector("[data-log] #log-line");
const put = (field, text) => {
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
const expand = (field) => {
  const word = WORDS[field.value.trim().toLowerCase()];
  if (word && field.isConnected) put(field, word);
};

document.addEventListener("input", (event) => {
  if (event.target !== line()) return;
  const field = event.target;
  clearTimeout(timer);
  if (/^[cemn] $/i.test(field.value)) expand(field);
  else if (/^[cemn]$/i.test(field.value) && Date.now() - opened < SOON) timer = setTimeout(() => expand(field), PAUSE);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const field = line();
  if (field?.closest("[data-dialogs]") && event.target.matches("[data-dialogs]")) {
    opened = Date.now();
    document.querySelectorAll(KEPT).forEach((each) => {
      if (drafts.get(each.id) && !each.value) put(each, drafts.get(each.id));
    });
    if (/^[cemn]$/i.test(field.value)) timer = setTimeout(() => expand(field), PAUSE);
  }
  document.querySelector("[data-ask-now] input")?.focus();
});
document.addEventListener("close", (event) => {
  event.target.querySelectorAll?.(KEPT).forEach((each) => drafts.set(each.id, each.value));
}, true);
document.addEventListener("interaction:logged", () => {
  drafts.clear();
  document.querySelectorAll(KEPT).forEach((each) => { each.value = ""; });
});

// a choice that is a whole line replaces the line; a number chooses, Enter sends
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-log] [data-line]") && line()) {
    put(line(), event.target.dataset.line);
    line().focus();
  }
});
document.addEventListener("keydown", (event) => {
  const choices = event.target.closest?.("[data-log] [data-choices]");
  if (!choices) return;
  if (event.key === "Enter") { event.preventDefault(); return choices.closest("form").requestSubmit(); }
  const radio = /^[1-9]$/.test(event.key) && choices.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
  if (!radio) return;
  event.preventDefault();
  radio.focus();
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
});
