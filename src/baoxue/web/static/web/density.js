// How tight tables stand. Kept in a cookie, so that the next page comes right from the server.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-density] button");
  if (!button) return;
  for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(other === button));
  document.body.className = document.body.className.replace(/dense-\w+/, `dense-${button.value}`);
  document.cookie = `baoxue_density=${button.value}; path=/; max-age=31536000; samesite=lax`;
});
