// [data-progress]: a hairline at the top while a request is on its way; shown by CSS only after 300 ms.
let waiting = 0;
const show = (change) => {
  waiting = Math.max(0, waiting + change);
  document.querySelector("[data-progress]")?.toggleAttribute("data-busy", waiting > 0);
};
document.addEventListener("htmx:beforeSend", () => show(1));
document.addEventListener("htmx:afterRequest", () => show(-1));
