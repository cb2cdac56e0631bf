// [data-live]: a note that shows while the workspace cannot be asked. About twice a minute it asks for two numbers, how
// many are unread and the newest of all; when they moved, "notification:changed" has the page fetch what it may show.
// A hidden tab asks nothing.
const FIRST = 3000, LEAST = 25000, SPREAD = 10000;
const note = document.querySelector("[data-live]");
let seen = "";

const ask = async () => {
  setTimeout(ask, LEAST + Math.random() * SPREAD);
  if (document.hidden) return;
  try {
    const answer = await fetch(note.dataset.live, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const { unread, newest } = await answer.json();
    const now = `${unread} ${newest}`;
    if (seen && seen !== now) document.body.dispatchEvent(new Event("notification:changed"));
    seen = now;
    note.hidden = true;
  } catch {
    note.hidden = false;
  }
};
setTimeout(ask, FIRST);
