// Two records: 1 to 4 decide, Z takes back, E hides what is equal, J and K turn. Off inside fields, as all single keys.
const OFF = "baoxue.keys-off";
const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select";

document.addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (localStorage.getItem(OFF) === "1" || event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key === "e") {
      document.getElementById("pair").classList.toggle("only-different");
    } else {
      const act = document.querySelector(`[data-pair-key="${CSS.escape(key)}"]`);
      if (!act || act.disabled) return;
      act.click();
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
