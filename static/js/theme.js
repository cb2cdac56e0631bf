// [data-theme-toggle]: flips the theme on this device. The server writes data-theme, so no page flashes.
// Saving a form with a field named "theme" makes the saved preference count again.
const root = document.documentElement;
const COOKIE = "relman_theme";

const isDark = () =>
  root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const theme = isDark() ? "light" : "dark";
  root.dataset.theme = theme;
  document.cookie = `${COOKIE}=${theme};path=/;max-age=31536000;samesite=lax`;
});

document.addEventListener("submit", (event) => {
  if (event.target.elements.namedItem("theme")) document.cookie = `${COOKIE}=;path=/;max-age=0;samesite=lax`;
});
