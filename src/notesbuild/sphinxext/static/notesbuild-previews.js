/* Shows what a reference points to, beside the reference: on hover and on keyboard focus.
   A touch follows the link as ever. Nothing is fetched: other pages bring their previews as scripts. */
(() => {
  "use strict";

  const root = new URL("../", document.currentScript.src);
  const previewed = ".result, div.math, figure, table, .citation, [role='doc-biblioentry']";
  const gap = 8;
  const known = new Map(); // by page: a promise of its previews by id

  const waiting = new Map();
  window.notesbuildPreviews = (page, previews) => waiting.get(page)?.(previews);

  const ofPage = (page) => {
    if (!known.has(page)) {
      known.set(page, new Promise((resolve) => {
        const script = document.createElement("script");
        waiting.set(page, resolve);
        script.src = new URL(`_previews/${page}.js`, root).href;
        script.onerror = () => resolve({});
        document.head.append(script);
      }));
    }
    return known.get(page);
  };

  const samePage = (url) => url.pathname === location.pathname && url.origin === location.origin;

  const elementHere = (link, anchor) => {
    let found = document.getElementById(anchor);
    if (found && found.matches("span:empty, span.target")) {
      found = found.closest(previewed) ?? found.nextElementSibling;
    }
    return found?.matches(previewed) && !found.contains(link) ? found.cloneNode(true) : null;
  };

  const elementOf = async (link) => {
    const url = new URL(link.getAttribute("href"), document.baseURI);
    const anchor = decodeURIComponent(url.hash.slice(1));
    if (!anchor) return null;
    if (samePage(url)) return elementHere(link, anchor);
    if (!url.href.startsWith(root.href)) return null;
    let page = url.pathname.slice(root.pathname.length);
    if (page === "" || page.endsWith("/")) page += "index.html";
    const previews = await ofPage(decodeURIComponent(page));
    let html = previews[anchor];
    if (html?.startsWith("#")) html = previews[html.slice(1)];
    if (!html) return null;
    const holder = new DOMParser().parseFromString(html, "text/html").body;
    url.hash = "";
    for (const name of ["href", "src"]) {
      for (const node of holder.querySelectorAll(`[${name}]`)) {
        node.setAttribute(name, new URL(node.getAttribute(name), url).href);
      }
    }
    return holder.firstElementChild;
  };

  const tidy = (element) => {
    const left = ".headerlink, .result-uses, .result-proof, .eqno .headerlink, script";
    element.querySelectorAll(left).forEach((node) => node.remove());
    for (const node of [element, ...element.querySelectorAll("[id]")]) node.removeAttribute("id");
    element.querySelectorAll("a").forEach((node) => node.setAttribute("tabindex", "-1"));
    return element;
  };

  const box = document.createElement("div");
  box.id = "nb-preview";
  box.className = "nb-preview";
  box.setAttribute("role", "tooltip");
  box.hidden = true;

  let current = null;
  let timer = 0;
  let asked = 0;

  const place = () => {
    if (!current) return;
    const lines = [...current.getClientRects()];
    if (!lines.length) return close();
    const top = Math.min(...lines.map((line) => line.top));
    const bottom = Math.max(...lines.map((line) => line.bottom));
    const left = lines[0].left;
    const width = document.documentElement.clientWidth;
    const height = window.innerHeight;
    if (bottom < 0 || top > height) return close();
    box.style.maxHeight = "none";
    const wanted = Math.min(box.scrollHeight + 2, 0.6 * height);
    const above = top - 2 * gap;
    const below = height - bottom - 2 * gap;
    const under = below >= wanted || below >= above;
    const room = Math.max(0, Math.min(wanted, under ? below : above));
    box.style.maxHeight = `${room}px`;
    box.style.left = `${Math.max(gap, Math.min(left, width - box.offsetWidth - gap))}px`;
    box.style.top = under ? `${bottom + gap}px` : `${top - gap - box.offsetHeight}px`;
    box.classList.toggle("is-above", !under);
  };

  const close = () => {
    clearTimeout(timer);
    asked += 1;
    if (!current) return;
    current.removeAttribute("aria-describedby");
    current = null;
    box.hidden = true;
    box.replaceChildren();
  };

  const open = async (link) => {
    const mine = (asked += 1);
    const element = await elementOf(link);
    if (mine !== asked || !element) return;
    if (current) current.removeAttribute("aria-describedby");
    current = link;
    // The browser's own tooltip would lie over the preview, and says less.
    link.removeAttribute("title");
    link.querySelector(":scope > title")?.remove();
    box.replaceChildren(tidy(element));
    box.hidden = false;
    box.scrollTop = 0;
    place();
    link.setAttribute("aria-describedby", box.id);
    box.querySelectorAll("img").forEach((image) => image.addEventListener("load", place));
  };

  const later = (milliseconds, what) => {
    clearTimeout(timer);
    timer = setTimeout(what, milliseconds);
  };

  const linkAt = (target) => {
    const link = target.closest?.('a.reference.internal[href*="#"], a.nb-node[href*="#"]');
    return link && !link.closest("nav, .nb-preview") ? link : null;
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (box.contains(event.target)) return clearTimeout(timer);
    const link = linkAt(event.target);
    if (link && link === current) clearTimeout(timer);
    else if (link) later(link.classList.contains("nb-node") ? 400 : 150, () => open(link));
    else if (current) later(250, close);
    else clearTimeout(timer);
  });
  document.documentElement.addEventListener("pointerleave", () => current && later(250, close));
  document.addEventListener("focusin", (event) => {
    const link = linkAt(event.target);
    if (link?.matches(":focus-visible")) later(50, () => open(link));
    else if (!box.contains(event.target)) close();
  });
  document.addEventListener("focusout", () => later(100, close));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && current) {
      event.stopPropagation();
      close();
    }
  }, true);
  document.addEventListener("scroll", (event) => !box.contains(event.target) && place(), true);
  window.addEventListener("resize", place);
  window.addEventListener("pagehide", close);

  document.body.append(box);
})();
