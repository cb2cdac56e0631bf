// [data-board]: a card dragged onto another lane asks why, in the same dialog that its menu opens. On a board
// "at-once" it moves without; the server sends both lanes, or the dialog where it wants to know more.
let dragged = null;
const laneOf = (target) => target.closest?.("[data-board] [data-lane]");

const clear = () => {
  document.querySelectorAll("[data-lane][data-over]").forEach((lane) => lane.removeAttribute("data-over"));
};

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-board] [data-move]");
  if (!card) return;
  dragged = card;
  card.toggleAttribute("data-dragged", true);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.move);
});

document.addEventListener("dragover", (event) => {
  const lane = dragged && laneOf(event.target);
  clear();
  if (!lane || lane.contains(dragged)) return;
  event.preventDefault();
  lane.toggleAttribute("data-over", true);
});

document.addEventListener("drop", (event) => {
  const lane = dragged && laneOf(event.target);
  clear();
  if (!lane || lane.contains(dragged)) return;
  event.preventDefault();
  const move = dragged.closest("[data-board]").dataset.board === "at-once" ? "POST" : "GET";
  htmx.ajax(move, `${dragged.dataset.move}&to=${encodeURIComponent(lane.dataset.lane)}`, { target: "[data-dialogs]", swap: "innerHTML" });
});

document.addEventListener("dragend", () => {
  dragged?.removeAttribute("data-dragged");
  dragged = null;
  clear();
});

// where a card came to stand, its name takes the focus that went with the old one
document.addEventListener("board:moved", (event) => {
  setTimeout(() => document.getElementById(`card-${event.detail.id}`)?.querySelector("a")?.focus(), 60);
});
