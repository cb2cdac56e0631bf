// What the palette offers before somebody types: the places of the navigation, and what was opened last. That is kept
// in this browser, for who is signed in, and forgotten at the sign-in page. [data-recent="name"] on a record remembers
// it; [data-missing] on the page that says "not there" forgets it.
const MOST = 8;
const key = (viewer) => `relman-recent-${viewer}`;
const viewer = () => document.querySelector("template[data-palette-kept]")?.content.querySelector("[data-viewer]").dataset.viewer;
const here = () => `${location.pathname.split("/").slice(0, 3).join("/")}/`;

const read = (whose) => {
  try {
    return JSON.parse(localStorage.getItem(key(whose))) || [];
  } catch {
    return [];
  }
};
const write = (whose, entries) => {
  try {
    localStorage.setItem(key(whose), JSON.stringify(entries.slice(0, MOST)));
  } catch { /* a browser that keeps nothing has no recents */ }
};

const without = (entries) => entries.filter((entry) => entry.href !== here());
const whose = viewer();
const record = document.querySelector("main [data-recent]");
if (whose && record) write(whose, [{ href: here(), title: record.dataset.recent }, ...without(read(whose))]);
else if (whose && document.querySelector("main [data-missing]")) write(whose, without(read(whose)));
else if (!whose && document.querySelector("[data-sign-in]")) {
  try {
    Object.keys(localStorage).filter((name) => name.startsWith(key(""))).forEach((name) => localStorage.removeItem(name));
  } catch { /* nothing is kept here */ }
}

const option = (href, text, icon, keys) => {
  const made = Object.assign(document.createElement("a"), { href, tabIndex: -1 });
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  if (icon) made.append(icon.cloneNode(true));
  made.append(Object.assign(document.createElement("span"), { className: "pal-t", textContent: text }));
  for (const name of keys) made.append(Object.assign(document.createElement("kbd"), { textContent: name.toUpperCase() }));
  return made;
};
const label = (link) => [...link.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent).join("").trim();

const iconOf = (href) => document.querySelector(`.side .nav-a[href="/${href.split("/")[1]}/"] svg`);

document.addEventListener("palette:open", (event) => {
  event.target.querySelectorAll("[data-palette-pins] a:not(:has(svg))").forEach((pin) => pin.prepend(iconOf(pin.getAttribute("href"))?.cloneNode(true) || ""));
  const [places, last, commands] = ["places", "recents", "commands"].map((name) => event.target.querySelector(`[data-palette-${name}]`));
  for (const group of [places, last, commands]) group.querySelectorAll("a").forEach((old) => old.remove());
  for (const { href, title } of without(read(event.target.dataset.viewer))) last.append(option(href, title, iconOf(href), []));
  for (const link of document.querySelectorAll(".side .nav-a")) {
    const href = link.getAttribute("href"), icon = link.querySelector("svg");
    places.append(option(href, label(link), icon, link.dataset.key?.split(" ") || []));
    if (link.dataset.new) commands.append(option(`${href}new/`, `${commands.dataset.new} ${link.dataset.new}`, icon, []));
  }
});
