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
    "Remove the label of the equation, or ask whether the lemma is needed.",
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
