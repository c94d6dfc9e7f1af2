"""Commands with an argument, each by a function of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from notesbuild.model.prose import Prose, Shape
from notesbuild.source.prose.pieces import options, picture_file, size
from notesbuild.source.prose.reader import Command, Given, Page, Reader
from notesbuild.source.scan import option


def code(reader: Reader, node: Any, given: Given, page: Page) -> None:
    """``texttt``: letters, or words with formulas in them."""
    words = reader.words(given[0], node.pos)
    for word in words:
        piece = replace(word, shape=Shape.CODE) if word.shape is Shape.TEXT else word
        page.say(piece, node.pos)


def verb(reader: Reader, node: Any, given: Given, page: Page) -> None:
    """``verb``."""
    page.say(reader.piece(Shape.CODE, node.pos, node.nodeargd.verbatim_text), node.pos)


def quoted(reader: Reader, node: Any, given: Given, page: Page) -> None:
    """``enquote``."""
    page.say(Prose(Shape.TEXT, "“"), node.pos)
    reader.read(given[0], page)
    page.say(Prose(Shape.TEXT, "”"), node.pos)


def inline_math(reader: Reader, node: Any, given: Given, page: Page) -> None:
    """``ensuremath``."""
    text = reader.verbatim(given[0])
    start = max(reader.text.find(text, node.pos), node.pos)
    reader.show_formula(text, False, (start, start + len(text)), node.pos, page)


def address(reader: Reader, node: Any, given: Given, page: Page) -> None:
    """``url`` and ``href``."""
    target = reader.verbatim(given[0]).replace("\\", "")
    own = (Prose(Shape.TEXT, target),)
    words = reader.words(given[1], node.pos) if len(given) > 1 else own
    page.say(reader.piece(Shape.LINK, node.pos, target, children=words), node.pos)


def footnote(reader: Reader, node: Any, given: Given, page: Page) -> None:
    """``footnote``."""
    blocks = reader.blocks(given[0])
    page.say(reader.piece(Shape.FOOTNOTE, node.pos, children=blocks), node.pos)


def own_label(reader: Reader, node: Any, given: Given, page: Page) -> None:
    """``label``: of the part that it stands in."""
    if not reader.here:
        reader.fault(node.pos, r"\label names nothing here", "put it right behind \\part")
    reader.labels[reader.verbatim(given[0])] = reader.here.strip("()")


def reference(reader: Reader, node: Any, given: Given, page: Page) -> None:
    """``ref`` and ``eqref``, to a part or a display of the same problem."""
    label = reader.verbatim(given[0])
    if f"\\label{{{label}}}" not in reader.text:
        message = f"\\{node.macroname} leads to no label of this problem"
        reader.fault(node.pos, message, "a result of the notes is cited with \\result{…}")
    form = "({})" if node.macroname == "eqref" else "{}"
    page.say(reader.piece(Shape.REFERENCE, node.pos, label, note=form), node.pos)


def picture(reader: Reader, node: Any, given: Given, page: Page) -> None:
    """``includegraphics``: a file beside the problem, with words for who cannot see it."""
    name = reader.verbatim(given[0]).strip()
    asked, _ = option(reader.text, node.pos + len("\\includegraphics"))
    given_options = dict(options(asked))
    found = picture_file(name, reader.pictures)
    alt = given_options.get("alt", "").strip("{}")
    if found is None:
        message = f"{name!r} is no picture that a page can show"
        hint = "put it as .png, .jpg or .svg into the problem's folder"
        reader.fault(node.pos, message, hint)
        return
    if not alt:
        message = "a picture on a page needs a description"
        reader.fault(node.pos, message, r"write \includegraphics[alt={…}]{…}")
        return
    width = size(given_options)
    page.put(reader.piece(Shape.PICTURE, node.pos, found, note=alt, size=width))


def caption(reader: Reader, node: Any, given: Given, page: Page) -> None:
    """``caption``: a paragraph below its picture."""
    page.end()
    reader.read(given[0], page)
    page.end()


COMMANDS: dict[str, Command] = {
    "texttt": code,
    "verb": verb,
    "enquote": quoted,
    "ensuremath": inline_math,
    "url": address,
    "href": address,
    "footnote": footnote,
    "label": own_label,
    "ref": reference,
    "eqref": reference,
    "includegraphics": picture,
    "caption": caption,
}
