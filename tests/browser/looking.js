// What is wrong with the page that shows: one sentence each; an empty list is a page without faults of these kinds.
() => {
  const found = [];
  const seen = (node) => node.checkVisibility ? node.checkVisibility() : node.offsetParent !== null;
  const words = (node) => (node.getAttribute("aria-label") || node.textContent || node.getAttribute("title") || "").trim();
  const say = (node) => node.outerHTML.slice(0, 120);

  if (document.documentElement.lang !== "zh-CN") found.push("lang is not zh-CN");
  if (!document.title.endsWith("保学")) found.push(`title: ${document.title}`);
  const headings = [...document.querySelectorAll("h1")].filter(seen);
  if (headings.length !== 1) found.push(`${headings.length} h1`);
  if (!headings.every((heading) => heading.textContent.trim())) found.push("empty h1");
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");

  let level = 1;
  for (const heading of [...document.querySelectorAll("main h1, main h2, main h3, main h4")].filter(seen)) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) found.push(`from h${level} to h${next}: ${heading.textContent.trim()}`);
    level = next;
  }

  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) found.push(`id twice: ${id}`);

  for (const node of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (seen(node) && !node.labels?.length && !node.getAttribute("aria-label") && !node.getAttribute("aria-labelledby"))
      found.push(`no label: ${say(node)}`);
  }
  for (const node of document.querySelectorAll("a[href], button, summary")) {
    if (seen(node) && !words(node)) found.push(`no words: ${say(node)}`);
  }
  for (const node of document.querySelectorAll("a[href='#'], a:not([href])")) {
    if (seen(node)) found.push(`leads nowhere: ${say(node)}`);
  }
  for (const node of document.querySelectorAll("main svg:not([aria-hidden=true])")) {
    if (node.parentElement.closest("[role=img][aria-label]")) continue;
    if (node.getAttribute("role") !== "img" || !(node.getAttribute("aria-label") || node.querySelector("title")))
      found.push(`svg without words: ${say(node)}`);
  }
  for (const node of document.querySelectorAll("main table thead th:not([scope])")) {
    found.push(`th without scope: ${say(node)}`);
  }
  for (const node of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
    for (const name of ["aria-describedby", "aria-labelledby"])
      for (const id of (node.getAttribute(name) || "").split(/\s+/).filter(Boolean))
        if (!document.getElementById(id)) found.push(`${name} points to nothing: ${say(node)}`);
  }
  for (const node of document.querySelectorAll("main button, main .btn, main summary, main input[type=checkbox]")) {
    const box = (node.closest("label") ?? node).getBoundingClientRect();
    if (seen(node) && box.width && box.height < 16) found.push(`too small: ${say(node)}`);
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) {
    const culprits = [...document.querySelectorAll("main *, header *")]
      .filter((node) => seen(node) && node.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
    found.push(`scrolls sideways by ${wide}: ${culprits.slice(0, 3).map(say).join(" | ")}`);
  }
  return found;
}
