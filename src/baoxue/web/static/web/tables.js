// Rows chosen in a table: form[data-select] holds the boxes, [data-select-all] chooses the page, [data-bar] shows how many.
const boxes = (form) => [...form.querySelectorAll("tbody input[type=checkbox]")];

const tell = (form) => {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").setAttribute("aria-selected", String(box.checked));
  const bar = form.querySelector("[data-bar]");
  if (bar) {
    bar.hidden = !chosen.length;
    bar.querySelector("[data-chosen]").textContent = chosen.length;
  }
  const head = form.querySelector("[data-select-all]");
  if (head) {
    head.checked = chosen.length === all.length && all.length > 0;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
};

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-select]");
  if (!form) return;
  if (event.target.matches("[data-select-all]")) for (const box of boxes(form)) box.checked = event.target.checked;
  tell(form);
});

const arrived = (root) => { for (const form of root.querySelectorAll("form[data-select]")) tell(form); };
document.addEventListener("htmx:afterSettle", (event) => arrived(event.target));
arrived(document);
