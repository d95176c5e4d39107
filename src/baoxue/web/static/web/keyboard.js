// Single keys (DESIGN, keyboard). They are off inside fields, while an input method composes, and for whoever switched them off.
const OFF = "baoxue.keys-off";
const ROWS = ".tbl tbody tr:not(.grp):not(.sum), .todo";
const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

const off = () => localStorage.getItem(OFF) === "1";
for (const box of document.querySelectorAll("[data-keys-off]")) {
  box.checked = off();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "1" : "0"));
}

const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.offsetParent);
const here = () => document.activeElement?.closest(ROWS) ?? document.querySelector("[data-here]");

const step = (by) => {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(here());
  const row = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  document.querySelector("[data-here]")?.removeAttribute("data-here");
  row.setAttribute("data-here", "");
  row.tabIndex = -1;
  row.focus();
};

const acts = {
  "/": () => document.getElementById("q")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
  j: () => step(1),
  k: () => step(-1),
  x: () => here()?.querySelector("input[type=checkbox]")?.click(),
  ".": () => (here()?.querySelector("details.menu summary") ?? here()?.querySelector(".act .btn, .btn"))?.focus(),
};

let going = 0;
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || off()) return;
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (Date.now() - going < 1500) {
    going = 0;
    const way = document.querySelector(`.nav a[data-key="${CSS.escape(key)}"]`);
    if (way) {
      event.preventDefault();
      way.click();
    }
    return;
  }
  if (key === "g") {
    going = Date.now();
  } else if (key === "enter" && event.target.matches?.(ROWS)) {
    event.target.querySelector("a")?.click();
  } else if (Object.hasOwn(acts, key)) {
    event.preventDefault();
    acts[key]();
  }
});
