// Renders batches of formulas, each a line: JSON in, JSON out. Arguments: the path of KaTeX.
"use strict";
const readline = require("readline");
const katex = require(process.argv[2]);

readline.createInterface({ input: process.stdin, crlfDelay: Infinity }).on("line", (line) => {
  const { macros, html, formulas } = JSON.parse(line);
  const results = formulas.map(({ tex, display }) => render(tex, display, { ...macros }, html));
  process.stdout.write(JSON.stringify(results) + "\n");
});

function render(tex, display, macros, html) {
  const notes = [];
  const options = {
    displayMode: display,
    output: "htmlAndMathml",
    throwOnError: true,
    trust: false,
    maxSize: 50,
    macros,
    strict: (code, message) => {
      notes.push(message);
      return "ignore";
    },
  };
  try {
    if (html) return { html: katex.renderToString(tex, options), notes };
    katex.__parse(tex, options);
    return { notes };
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return { error: error.rawMessage, position: error.position };
  }
}
