/* Whatever is wider than its place can be scrolled by keys as well: it takes the focus, but only
   while there is something to scroll. Browsers of today do so without this script, too.

   To ask how wide something is lays it out, so it is asked of what is near the view, and, when the
   focus moves on, of what lies on its way. */
(() => {
  "use strict";
  const WIDE = ".katex-display, .nb-graph-view, div.math, pre, .pst-scrollable-table-container";
  const STOPS = "a[href], button, input, select, summary, textarea, [tabindex]";
  const SHOWN = { visibilityProperty: true };

  const scrolls = (place) =>
    /auto|scroll/.test(getComputedStyle(place).overflowX) && place.scrollWidth > place.clientWidth;

  const mark = (place, wide) => {
    if (wide && !place.hasAttribute("tabindex")) {
      place.setAttribute("tabindex", "0");
      place.dataset.nbScrolls = "";
    } else if (!wide && "nbScrolls" in place.dataset) {
      place.removeAttribute("tabindex");
      delete place.dataset.nbScrolls;
    }
  };

  const near = new Set();
  let waiting = 0;
  const look = () => {
    const found = [...near].map((place) => [place, scrolls(place)]);
    for (const [place, wide] of found) mark(place, wide);
  };
  const later = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(look);
  };
  const watch = (entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) near.add(entry.target);
      else near.delete(entry.target);
    }
    look();
  };
  const observer = new IntersectionObserver(watch, { rootMargin: "100% 0px" });
  for (const place of document.querySelectorAll(WIDE)) observer.observe(place);

  const onTheWay = (event) => {
    if (event.key !== "Tab") return;
    const places = [...document.querySelectorAll(`${STOPS}, ${WIDE}`)];
    if (event.shiftKey) places.reverse();
    for (const place of places.slice(places.indexOf(document.activeElement) + 1)) {
      if (place.matches(WIDE)) mark(place, scrolls(place));
      if (place.tabIndex >= 0 && (place.checkVisibility?.(SHOWN) ?? true)) return;
    }
  };
  document.addEventListener("keydown", onTheWay, true);
  window.addEventListener("resize", later);
  window.addEventListener("load", later);
  document.addEventListener("toggle", later, true);
  document.fonts?.ready.then(later);
})();
