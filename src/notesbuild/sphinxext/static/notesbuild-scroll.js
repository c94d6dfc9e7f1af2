/* Whatever is wider than its place can be scrolled by keys as well: it takes the focus, but only
   while there is something to scroll. Browsers of today do so without this script, too. */
(() => {
  "use strict";
  const WIDE = ".katex-display, .nb-graph-view, div.math, pre, .pst-scrollable-table-container";

  const look = () => {
    for (const place of document.querySelectorAll(WIDE)) {
      const scrolls = /auto|scroll/.test(getComputedStyle(place).overflowX);
      if (scrolls && place.scrollWidth > place.clientWidth) {
        if (!place.hasAttribute("tabindex")) {
          place.setAttribute("tabindex", "0");
          place.dataset.nbScrolls = "";
        }
      } else if ("nbScrolls" in place.dataset) {
        place.removeAttribute("tabindex");
        delete place.dataset.nbScrolls;
      }
    }
  };

  let waiting = 0;
  const later = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(look);
  };
  look();
  window.addEventListener("resize", later);
  window.addEventListener("load", later);
  document.addEventListener("toggle", later, true);
  document.fonts?.ready.then(later);
})();
