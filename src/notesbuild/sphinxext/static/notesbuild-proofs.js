// One button that closes and opens all proofs of a page; without scripts they are open.
(() => {
  "use strict";

  const words = document.currentScript.dataset;
  const KEY = "notesbuild-proofs";
  const CLOSED = "closed";
  const proofs = [...document.querySelectorAll("details.result-proof")];
  if (!proofs.length) {
    return;
  }

  // A browser may refuse to keep anything; then the button works for this page alone.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const remember = (state) => {
    try {
      localStorage.setItem(KEY, state);
    } catch {
      // See above.
    }
  };

  const button = document.createElement("button");
  button.type = "button";
  button.className = "proof-toggle";
  const line = document.createElement("div");
  line.className = "proof-toggle-line";
  line.append(button);

  const label = () => {
    button.textContent = proofs.some((proof) => proof.open) ? words.hide : words.show;
  };
  const setAll = (open) => {
    for (const proof of proofs) {
      proof.open = open;
    }
    label();
  };

  // A link into a closed proof opens it, and all proofs around it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let closed = false;
    for (let part = target; part; part = part.parentElement) {
      if (part.matches("details.result-proof") && !part.open) {
        part.open = true;
        closed = true;
      }
    }
    if (closed) {
      target.scrollIntoView();
      label();
    }
  };

  button.addEventListener("click", () => {
    const open = !proofs.some((proof) => proof.open);
    setAll(open);
    remember(open ? "open" : CLOSED);
  });
  for (const proof of proofs) {
    proof.addEventListener("toggle", label);
  }
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href*='#']");
    if (link && link.hash && link.href === location.href) {
      reveal(); // the address stays the same, so that nothing else tells
    }
  });

  let closedBefore = [];
  window.addEventListener("beforeprint", () => {
    closedBefore = proofs.filter((proof) => !proof.open);
    setAll(true);
  });
  window.addEventListener("afterprint", () => {
    for (const proof of closedBefore) {
      proof.open = false;
    }
  });

  // The bar of a PyData theme stays in sight. Elsewhere the button stands below the title;
  // themes have headings of their own, and this page's is in the outermost section.
  const bar = document.querySelector(".header-article-items__end");
  let chapter = proofs[0];
  for (let part = chapter; part; part = part.parentElement) {
    if (part.matches("section")) {
      chapter = part;
    }
  }
  const heading = chapter.querySelector("h1");
  if (bar) {
    bar.prepend(line);
  } else if (heading) {
    heading.after(line);
  } else {
    proofs[0].before(line);
  }
  if (remembered() === CLOSED) {
    setAll(false);
  }
  label();
  reveal();
})();
