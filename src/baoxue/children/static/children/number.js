// A whole number shows for its seconds and is then taken out of the page.
const hide = (shown) => {
  if (shown.dataset.counted) return;
  shown.dataset.counted = "yes";
  setTimeout(() => { shown.textContent = "已收起"; }, Number(shown.dataset.forSeconds) * 1000);
};
const all = () => document.querySelectorAll("[data-for-seconds]").forEach(hide);
all();
document.body.addEventListener("htmx:afterSwap", all);
// Closed, the number goes at once.
document.getElementById("reveal")?.addEventListener("close", () => { document.getElementById("number-place").textContent = ""; });
