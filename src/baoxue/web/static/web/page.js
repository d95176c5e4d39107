// What every page does beyond plain links and forms. Without scripts all of it still works by reloading.
import "./menus.js";
import "./dialogs.js";
import "./toasts.js";
import "./keyboard.js";
import "./tables.js";
import "./density.js";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
