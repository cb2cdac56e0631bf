// [data-menu]: a popover under its button; arrows, Home and End move, a choice closes it. The native popover
// gives Esc, light dismissal and the top layer.
const items = (menu) => [...menu.querySelectorAll("a[href], button:not(:disabled)")];

const place = (menu, button) => {
  const at = button.getBoundingClientRect();
  const width = menu.offsetWidth, height = menu.offsetHeight;
  const left = at.left + width > innerWidth - 8 ? at.right - width : at.left;
  const below = at.bottom + 4 + height <= innerHeight - 8 || at.top < height;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${below ? Math.min(at.bottom + 4, innerHeight - height - 8) : at.top - height - 4}px`;
};

const buttonOf = (menu) => document.querySelector(`[popovertarget="${menu.id}"]`);

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("[data-menu]")) return;
  const button = buttonOf(menu);
  const open = event.newState === "open";
  button?.setAttribute("aria-expanded", String(open));
  if (!open || !button) return;
  place(menu, button);
  (menu.querySelector("[autofocus], input:not([type=hidden])") || items(menu)[0])?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  const moves = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  if (!menu || !(event.key in moves) || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  const all = items(menu), at = all.indexOf(document.activeElement), step = moves[event.key];
  const next = Number.isFinite(step) ? (at + step + all.length) % all.length : step < 0 ? 0 : all.length - 1;
  all[next]?.focus();
});

document.addEventListener("click", (event) => {
  const item = event.target.closest?.("[data-menu] :is(a, button)");
  if (!item || item.matches("[data-menu-stay]")) return;
  const menu = item.closest("[data-menu]");
  // only once the click has done its work: hiding moves the focus, and a form would forget which button sent it
  setTimeout(() => { if (menu.isConnected) menu.hidePopover(); });
});
addEventListener("resize", () => document.querySelectorAll("[data-menu]:popover-open").forEach((menu) => menu.hidePopover()));
