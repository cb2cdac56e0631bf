// [data-picker]: an ARIA combobox. Typing asks the server for options ("picker:search"), arrows mark one,
// Enter or a click takes it into the hidden value. Leaving without a choice restores the last one.
const parts = (inside) => {
  const picker = inside.closest("[data-picker]");
  return { picker, input: picker.querySelector("[data-picker-input]"), value: picker.querySelector("[data-picker-value]"), list: picker.querySelector("[role=listbox]") };
};
const options = (list) => [...list.querySelectorAll("[role=option]")];

const mark = (input, list, index) => {
  const all = options(list);
  all.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
  if (all[index]) {
    input.setAttribute("aria-activedescendant", all[index].id);
    all[index].scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
};
const toggle = (input, list, open) => {
  list.hidden = !open;
  input.setAttribute("aria-expanded", String(open));
  if (!open) mark(input, list, -1);
};
const search = (input) => htmx.trigger(input, "picker:search");

const take = (inside, option) => {
  const { input, value, list } = parts(inside);
  input.value = option.dataset.text;
  value.value = option.dataset.create ? "" : option.dataset.value;
  input.dataset.chosen = input.value;
  toggle(input, list, false);
  const detail = { value: value.value, text: input.value, create: option.dataset.create || "" };
  value.dispatchEvent(new CustomEvent("picker:chosen", { bubbles: true, detail }));
  value.dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-picker-input]")) {
    const { input, value } = parts(event.target);
    input.dataset.chosen ??= input.defaultValue;
    if (!input.value) { value.value = ""; input.dataset.chosen = ""; value.dispatchEvent(new Event("change", { bubbles: true })); }
    search(input);
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.matches?.("[data-picker] [role=listbox]")) return;
  const { input, list } = parts(event.target);
  if (document.activeElement !== input) return;
  toggle(input, list, true);
  mark(input, list, input.value ? 0 : -1);
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-picker-input]")) return;
  const { input, list } = parts(event.target);
  const all = options(list), at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) return search(input);
    mark(input, list, (at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % (all.length || 1));
  } else if (event.key === "Enter" && !list.hidden && all[at]) {
    event.preventDefault();
    take(input, all[at]);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    toggle(input, list, false);
  }
}, true);
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("[data-picker] [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option, option);
});
document.addEventListener("click", (event) => {
  if (event.target.matches?.("[data-picker-input]") && parts(event.target).list.hidden) search(event.target);
});
document.addEventListener("focusout", (event) => {
  if (!event.target.matches?.("[data-picker-input]")) return;
  const { input, value, list } = parts(event.target);
  toggle(input, list, false);
  if (input.value && (input.dataset.chosen ?? input.defaultValue) !== input.value) input.value = value.value ? (input.dataset.chosen ?? input.defaultValue) : "";
});
