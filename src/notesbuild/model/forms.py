"""The forms in which the notes can be had as PDF, besides the notes themselves."""

from enum import StrEnum


class PdfForm(StrEnum):
    """A PDF with the numbers of the notes, for another use."""

    STATEMENTS = "statements"
    """Definitions, theorems and their like below their headings, and nothing else."""
    NO_PROOFS = "no-proofs"
    """Everything but the proofs."""
    LARGE_PRINT = "large-print"
    """Everything in letters of 17 points."""

    @property
    def words(self) -> str:
        """What readers call it: a message of the table of words."""
        return _WORDS[self]


_WORDS = {
    PdfForm.STATEMENTS: "Statements",
    PdfForm.NO_PROOFS: "Without proofs",
    PdfForm.LARGE_PRINT: "Large print",
}
