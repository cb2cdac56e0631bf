// [data-due]: counts down to a moment as text; the server stays the authority. Announced only at 60, 15 and
// 5 minutes, through the toast region, with the words in data-due-words.
const MARKS = [60, 15, 5];
const said = new WeakMap();

const words = (minutes) =>
  minutes >= 1440 ? `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`
    : minutes >= 60 ? `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} m` : `${minutes} min`;

const tick = () => document.querySelectorAll("[data-due]").forEach((clock) => {
  const minutes = Math.floor((new Date(clock.dataset.due) - Date.now()) / 60000);
  clock.textContent = minutes < 0 ? `−${words(-minutes)}` : words(minutes);
  const reached = MARKS.filter((mark) => minutes <= mark).pop();
  const before = said.get(clock);
  said.set(clock, reached);
  if (before === undefined && !said.has(clock)) return;
  if (reached && before !== reached && clock.dataset.dueWords && before !== undefined) {
    const note = document.createElement("span");
    note.className = "vh";
    note.textContent = `${clock.dataset.dueWords} ${words(Math.max(0, minutes))}`;
    document.getElementById("toasts")?.append(note);
    setTimeout(() => note.remove(), 5000);
  }
});
document.addEventListener("htmx:afterSettle", tick);
tick();
setInterval(tick, 30000);
