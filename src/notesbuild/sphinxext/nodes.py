"""The nodes this extension owns."""

from docutils import nodes


class result(nodes.General, nodes.Element):
    """A theorem, definition, exercise, ...

    Attributes: ``kind``, ``label`` (empty when the author gave none), ``docname``,
    ``nonumber``; filled in before writing: ``name`` and ``number``, both as readers see them.
    Its first child is a `result_title`, which is empty for an untitled result.
    """


class result_title(nodes.TextElement):
    """The title an author gave a result."""


class proof(nodes.General, nodes.Element):
    """A proof; ``of`` is the label and ``ofid`` the anchor of the result that it proves.

    Its first child is a `proof_title`.
    """


class proof_title(nodes.TextElement):
    """The words that a proof begins with, without the full stop."""


class qed(nodes.Inline, nodes.Element):
    """The mark at the end of a proof; ``display`` when it stands beside a display."""


class problem_solution(nodes.General, nodes.Element):
    """The solution of a problem; ``of`` is the anchor of the exercise, ``docname`` its document."""
