// [data-fold="id"]: a button that shows and hides the element of that id. [data-swap="a b"]: radios or pressed
// buttons that show one of several (a graph or its table) by [data-swap-show].
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-fold]");
  if (button) {
    const area = document.getElementById(button.dataset.fold);
    area.hidden = !area.hidden;
    button.setAttribute("aria-expanded", String(!area.hidden));
  }
  const choice = event.target.closest?.("[data-swap-show]");
  if (!choice) return;
  choice.parentElement.querySelectorAll("[data-swap-show]").forEach((each) => {
    const on = each === choice;
    each.setAttribute("aria-pressed", String(on));
    document.getElementById(each.dataset.swapShow).hidden = !on;
  });
});
