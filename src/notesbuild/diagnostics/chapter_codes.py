"""The words of the codes about chapters: slug, summary and remedy of each."""

PROOF_CIRCULAR = (
    "proof-circular",
    "A proof rests, through other proofs, on the result that it proves.",
    "Break the circle; a mention on which nothing rests is written with the role `any`.",
)
PROOF_FORWARD = (
    "proof-forward",
    "A proof or a statement refers to a result that comes later.",
    "Put it behind that result; a mere mention in a proof is written with the role `any`.",
)
PROOF_MISSING = (
    "proof-missing",
    "A theorem, lemma, proposition or corollary has no proof.",
    "Prove it, cite where the proof is, or write `:class: no-proof`.",
)
LABEL_UNUSED = (
    "label-unused",
    "Nothing refers to an equation or a lemma.",
    "Refer to it; or remove the label of an equation, and ask whether a lemma is needed.",
)
LABEL_WRONG = (
    "label-wrong",
    "A label is empty, or has a character that no reference can write.",
    "Use letters, digits, hyphens and colons.",
)
ALT_MISSING = (
    "alt-missing",
    "A picture has no words for readers who cannot see it.",
    "Describe it with `:alt:`, or mark it with `:class: decoration`.",
)
BLOCK_UNCLOSED = (
    "block-unclosed",
    "A directive or another block of Markdown is never closed, and takes in all that follows.",
    "Close it with as many colons or backquotes as it begins with; what is around another"
    " directive begins with more.",
)
LEFT_OUT_CITED = (
    "left-out-cited",
    "An edition cites what stands in a chapter that it leaves out.",
    "Add the chapter, or leave it so: readers see the name instead of a number.",
)
MACRO_UNKNOWN = (
    "macro-unknown",
    "A formula uses a command that nobody has defined.",
    "Mend the name, or define it in notes/macros.tex.",
)
DIRECTIVE_WRONG = (
    "directive-wrong",
    "A directive that shows problems has an option that it does not know, or a wrong value.",
    "Use the options of the reference on chapters.",
)
NOT_SHOWABLE = (
    "not-showable",
    "A chapter asks for a problem that notes may not show, or a query finds no other.",
    "Ready problems with `visibility: practice` or `public` are shown; take one, or ask wider.",
)
PROBLEM_PUBLIC = (
    "problem-public",
    "A paper has drawn a problem that the notes show, or whose solution they tell too early.",
    "Exclude the problem from the paper or from the notes, or release the solution later.",
)
LATEX_NOT_SHOWN = (
    "latex-not-shown",
    "A problem in the notes has LaTeX that has no form on a page.",
    "Write it with the commands in the reference on problems, or leave it out of the notes.",
)
