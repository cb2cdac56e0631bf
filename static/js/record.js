// [data-compose="call"]: sets the composer to a kind of talk and goes there. [data-chip]: a chip that says what is
// chosen in its menu. [data-poll="10"]: asks again every so many seconds ("poll") while the page is looked at.
const MOST = 30;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-compose]");
  const radio = link && document.querySelector(`#composer [name=channel][value="${CSS.escape(link.dataset.compose)}"]`);
  if (!radio) return;
  event.preventDefault();
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
});

const value = (field) => {
  if (field.matches("[type=radio], [type=checkbox]")) {
    return field.checked ? field.closest("label").querySelector("[data-chip-part]")?.textContent || "" : "";
  }
  return field.matches("[type=date]") && field.value
    ? field.valueAsDate.toLocaleDateString(document.documentElement.lang || undefined, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" })
    : field.value;
};
const label = (chip) => {
  const menu = document.getElementById(chip.getAttribute("popovertarget"));
  const said = [...menu.querySelectorAll("input")].map(value).filter(Boolean).join(", ");
  chip.querySelector("[data-chip-words]").textContent = said || chip.dataset.chip;
  chip.classList.toggle("dash", !said);
  chip.classList.toggle("on", Boolean(said));
};
const labelAll = () => document.querySelectorAll("[data-chip]").forEach(label);
document.addEventListener("change", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  const chip = menu && document.querySelector(`[data-chip][popovertarget="${menu.id}"]`);
  if (chip) label(chip);
});
document.addEventListener("htmx:afterSettle", labelAll);
labelAll();

let asked = 0, due = 0;
setInterval(() => {
  const place = document.querySelector("[data-poll]");
  if (!place) { asked = 0; due = 0; return; }
  if (document.visibilityState !== "visible" || ++due < Number(place.dataset.poll) || asked >= MOST) return;
  due = 0;
  asked += 1;
  htmx.trigger(place, "poll");
}, 1000);
