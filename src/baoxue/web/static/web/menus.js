// Menus are <details class="menu">: one is open at a time, and Esc or a click elsewhere closes it.
const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.menu") || !event.target.open) return;
  for (const other of open()) if (other !== event.target && !other.contains(event.target)) other.open = false;
}, true);

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// On a telephone the way to other pages opens from the lower edge.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-nav]");
  if (!opener) return;
  event.preventDefault();
  const shown = document.getElementById("nav").classList.toggle("open");
  opener.setAttribute("aria-expanded", String(shown));
});
