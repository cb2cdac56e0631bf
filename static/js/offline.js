// [data-offline]: a note that shows while the browser has no connection.
const show = () => document.querySelectorAll("[data-offline]").forEach((note) => { note.hidden = navigator.onLine; });
addEventListener("online", show);
addEventListener("offline", show);
show();
