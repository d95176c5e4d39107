// Messages: what was done leaves after eight seconds, unless somebody is reading it; what was not done stays.
const STAYS = 8000;
const seen = new WeakSet();
const toasts = document.getElementById("toasts");

const leave = (toast) => {
  const timer = setInterval(() => {
    if (toast.matches(":hover, :focus-within")) return;
    clearInterval(timer);
    toast.remove();
  }, STAYS);
};

const watch = () => {
  for (const toast of toasts.querySelectorAll('[data-toast="success"], [data-toast="info"]')) {
    if (seen.has(toast)) continue;
    seen.add(toast);
    leave(toast);
  }
};

const failed = (words) => {
  const toast = document.getElementById("toast-failed").content.firstElementChild.cloneNode(true);
  toast.querySelector("b").textContent = words;
  toasts.append(toast);
};

if (toasts) {
  new MutationObserver(watch).observe(toasts, { childList: true });
  watch();
  document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast").remove());
  document.addEventListener("htmx:sendError", () => failed("没有连上系统，填的内容还在这一页上。看看网络，再试一次。"));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 401) failed("这一步没有办成，填的内容还在这一页上。过一会儿再试。");
  });
}
