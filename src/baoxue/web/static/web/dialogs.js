// Dialogs are <dialog>: [data-dialog=id] opens one, [data-close] closes it, and one that arrives with [data-open] shows at once.
const show = (dialog) => { if (!dialog.open) dialog.showModal(); };

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    show(dialog);
  }
  event.target.closest("[data-close]")?.closest("dialog")?.close();
});

const arrived = (root) => {
  for (const dialog of root.querySelectorAll("dialog[data-open]")) show(dialog);
  root.querySelector("[data-focus]")?.focus();
};

// One that came with a part of a page is gone once closed.
document.addEventListener("close", (event) => {
  if (event.target.matches?.("dialog[data-open]")) event.target.remove();
}, true);

document.addEventListener("htmx:afterSettle", (event) => arrived(event.target));
arrived(document);
