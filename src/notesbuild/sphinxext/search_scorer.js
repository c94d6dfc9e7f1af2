/* How hits of a search are ordered: a result whose number or title is asked for comes first.
   Sphinx puts this before its own script, in the place of its table of scores. */
var Scorer = (() => {
  "use strict";

  // A page from disk may not read other pages; each hit would leave an error on the console.
  if (window.location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  }

  const plain = (text) => {
    const holder = document.createElement("textarea");
    holder.innerHTML = text; // entities only
    return holder.value.normalize("NFKC").toLowerCase().replace(/[’‘ʼ]/g, "'").replace(/\s+/g, " ").trim();
  };
  const asked = () =>
    plain(new URLSearchParams(window.location.search).get("q") ?? document.querySelector("input[name='q']")?.value ?? "");

  /* “Theorem 2.3 (Massart's lemma)”: its heading and its title. */
  const parts = (shown) => {
    const found = /^(.*?)(?: \((.*)\))?$/s.exec(plain(shown));
    return [found[1], found[2] ?? ""];
  };
  const letter = /[\p{L}\p{N}]/u;
  const wholly = (text, words) => {
    const at = text.indexOf(words);
    if (at < 0) return false;
    const [before, after] = [text[at - 1] ?? " ", text.slice(at + words.length)];
    return !letter.test(before) && !/^(?:\.?[\p{L}\p{N}])/u.test(after);
  };

  // The text of a page without what is there twice: KaTeX's HTML beside its MathML.
  window.addEventListener("DOMContentLoaded", () => {
    if (typeof Search === "undefined" || !Search.htmlToText) return;
    const original = Search.htmlToText;
    Search.htmlToText = (html, anchor) => {
      if (!html.includes("katex")) return original(html, anchor);
      const page = new DOMParser().parseFromString(html, "text/html");
      page.querySelectorAll(".katex-html, annotation, .result-uses, .nb-graph").forEach((node) => node.remove());
      return original(page.documentElement.outerHTML, anchor);
    };
  });

  return {
    score: ([, shown, , , score, , kind]) => {
      if (kind !== "object") return score;
      const words = asked();
      const [heading, title] = parts(shown);
      if (!words) return score;
      if (heading === words || title === words || `${heading} (${title})` === words) return score + 1000;
      if (wholly(heading, words)) return score + 400;
      if (title && wholly(title, words)) return score + 300;
      return score;
    },
    objNameMatch: 11,
    objPartialMatch: 6,
    objPrio: { 0: 15, 1: 5, 2: -5 },
    objPrioDefault: 0,
    title: 15,
    partialTitle: 7,
    term: 5,
    partialTerm: 2,
  };
})();
