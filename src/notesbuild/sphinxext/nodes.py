"""The nodes this extension owns."""

from docutils import nodes


class result(nodes.General, nodes.Element):
    """A theorem, definition, exercise, ...

    Attributes: ``kind``, ``style``, ``counter``, ``label`` (empty when the author gave none),
    ``docname``, ``anchor``, ``nonumber``; filled in before writing: ``name`` and ``number``, both
    as readers see them. One that is stated again has ``again``, a name of its own, and no id.
    Its first child is a `result_title`, which is empty for an untitled result.
    """


class result_title(nodes.TextElement):
    """The title an author gave a result."""


class again(nodes.inline):
    """The link to the first statement, at the end of the title of a result stated again."""


class proof(nodes.General, nodes.Element):
    """A proof; ``of`` is the label and ``ofid`` the anchor of the result that it proves.

    Its first child is a `proof_title`. A ``deferred`` one appears in another place than here.
    """


class proof_title(nodes.TextElement):
    """The words that a proof begins with, without the full stop."""


class qed(nodes.Inline, nodes.Element):
    """The mark at the end of a proof; ``display`` when it stands beside a display."""


class notation(nodes.General, nodes.Element):
    """A piece of notation where it is introduced: a `notation_symbol` and its description."""


class notation_symbol(nodes.TextElement):
    """The notation itself."""


class proofs(nodes.General, nodes.Element):
    """The place of deferred proofs; ``own`` where it was made at the end of a chapter."""


class restated(nodes.General, nodes.Element):
    """The place where the result with ``label`` is stated again; ``name`` is unique."""


class carried(nodes.General, nodes.Element):
    """What was written in the document ``docname`` and appears here."""


class pointer(nodes.General, nodes.TextElement):
    """A line that leads to a proof elsewhere."""


class page_reference(nodes.Inline, nodes.TextElement):
    """A link which names a page where there are pages; ``target`` is its label in LaTeX."""


class problem_solution(nodes.General, nodes.Element):
    """The solution of a problem; ``of`` is the anchor of the exercise, ``docname`` its document."""
