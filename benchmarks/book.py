"""A book of generated chapters, of which each refers to many others.

Everything is made by counting, so that the files are the same every time. Chapters of odd numbers
are Markdown, the others reStructuredText. With ``own`` the book has what only notesbuild knows:
kinds of its own, results that are stated again, deferred proofs; without, any project with
sphinx-proof builds the same chapters.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

COURSE = "book"
KINDS = ("definition", "theorem", "lemma", "proposition", "corollary", "example", "remark")
MACROS = r"""\newcommand{\R}{\mathbb{R}}
\newcommand{\E}[1]{\mathbb{E}\left[#1\right]}
\newcommand{\norm}[1]{\left\lVert #1 \right\rVert}
"""
MANIFEST = """\
title: A book
institution: Example University
term: Spring 2030
description: Results and proofs.
staff: [{{name: Ada Example, role: Instructor}}]
chapters: [{chapters}]
"""
OWN_KINDS = """\
kinds:
  - {name: claim, title: Claim}
  - {name: puzzle, style: definition, counter: puzzles}
counters:
  puzzles: {by: section}
"""
TITLES = ("", "Statements", "A bound with $\\R^n$", "The *sharp* case", "Chapter {chapter}")


@dataclass(frozen=True)
class Book:
    """How large the book is; ``results`` stand in each chapter."""

    chapters: int
    results: int
    own: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """The chapters by name."""
        return tuple(f"part{(n - 1) // 10 + 1}/chapter{n}" for n in range(1, self.chapters + 1))

    def path(self, chapter: int) -> str:
        """The file of a chapter, which are counted from 1."""
        return f"notes/chapters/{self.names[chapter - 1]}.{'md' if chapter % 2 else 'rst'}"

    def kind(self, chapter: int, number: int) -> str:
        """The kind of a result."""
        kinds = (*KINDS, "exercise", "claim", "puzzle") if self.own else KINDS
        return kinds[(chapter + number) % len(kinds)]


def write_book(root: Path, book: Book) -> None:
    """Write the project."""
    manifest = MANIFEST.format(chapters=", ".join(book.names))
    files = {
        "notesbuild.toml": "",
        "notes/macros.tex": MACROS,
        f"notes/courses/{COURSE}.yaml": manifest + (OWN_KINDS if book.own else ""),
        **{book.path(n): chapter_text(book, n) for n in range(1, book.chapters + 1)},
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    Image.new("L", (160, 60), 200).save(root / "notes/grey.png")


def chapter_text(book: Book, chapter: int) -> str:
    """A chapter: two sections of statements, then a figure, a table, and what comes again."""
    write: _Markdown | _Rest = _Markdown() if chapter % 2 else _Rest()
    parts = [write.heading(f"Chapter {chapter}", "="), write.text(_opening(write, book, chapter))]
    for number in range(1, book.results + 1):
        if number == 1:
            parts.append(write.heading("Statements", "-"))
        if number == book.results // 2 + 1:
            parts.append(write.heading("Further statements", "-"))
        parts.append(_result(write, book, chapter, number))
    parts.append(write.heading("Pictures", "-"))
    shown = f"{write.role('numref', f'fig-{chapter}')} and {write.role('numref', f'tab-{chapter}')}"
    parts.append(write.text(f"See {shown}."))
    parts.append(write.block("figure", "/grey.png", "A wall.", name=f"fig-{chapter}", alt="Grey"))
    rows = f"* - $n$\n  - $n^2$\n* - {chapter}\n  - {chapter**2}"
    parts.append(write.block("list-table", "Squares", rows, name=f"tab-{chapter}"))
    if book.own and chapter > 1:
        parts.append(write.heading("Again", "-"))
        parts.append(write.block("prf:restate", f"r-{chapter - 1}-1", ""))
        parts.append(write.heading("All proofs", "-"))
        parts.append(write.block("prf:proofs", "", ""))
    return "\n".join(parts)


def _opening(write: _Markdown | _Rest, book: Book, chapter: int) -> str:
    other = (chapter * 7) % book.chapters + 1
    cited = ", ".join(write.role("prf:ref", f"r-{other}-{n}") for n in range(1, 4))
    figure = write.role("numref", f"fig-{other}")
    return f"About {write.math('x_1, ..., x_n')}; it goes on with {cited} and {figure}."


def _result(write: _Markdown | _Rest, book: Book, chapter: int, number: int) -> str:
    other = (chapter * 13 + number * 29) % chapter + 1  # proofs lean on what comes before
    beside = (number * 3) % (book.results if other < chapter else max(1, number - 1)) + 1
    kind = book.kind(chapter, number)
    title = write.inline(TITLES[number % len(TITLES)].format(chapter=chapter))
    formula = (
        rf"\norm{{x_{{{number}}} - \frac{{1}}{{n}} \sum_{{i=1}}^{{n}} y_i^{{({chapter})}}}}^2"
        rf" \le \int_0^{{{number}}} \E{{f_{{{chapter}}}(t)}} \, dt + {chapter * 100 + number}"
    )
    said = write.text(f"Let {write.math(f'x_{{{number}}} in R^{{{chapter}}}')}. Then")
    shown = write.display(formula, f"eq-{chapter}-{number}")
    statement = write.block(f"prf:{kind}", title, f"{said}\n{shown}", label=f"r-{chapter}-{number}")
    if kind in ("definition", "example", "remark", "exercise", "puzzle"):
        return statement
    cited = write.role("prf:ref", f"r-{other}-{beside}")
    by = f"By {cited} and {write.role('eq', f'eq-{other}-{beside}')},"
    steps = f"it is enough that {write.math(f'a_{{{number}}} + b_{{{chapter}}} < 1')}."
    deferred = {"defer": ""} if book.own and number % 5 == 0 else {}
    proof = write.block("prf:proof", "", write.text(f"{by} {steps} This is clear."), **deferred)
    return f"{statement}\n{proof}"


class _Markdown:
    """How MyST writes things."""

    def heading(self, title: str, level: str) -> str:
        return f"{'#' if level == '=' else '##'} {title}\n"

    def text(self, text: str) -> str:
        return f"{text}\n"

    def inline(self, text: str) -> str:
        return text

    def math(self, tex: str) -> str:
        return f"${_tex(tex)}$"

    def role(self, name: str, target: str) -> str:
        return f"{{{name}}}`{target}`"

    def display(self, tex: str, label: str) -> str:
        return f"$$\n{tex}\n$$ ({label})\n"

    def block(self, name: str, argument: str, body: str, /, **options: str) -> str:
        lines = [f"::::{{{name}}} {argument}".rstrip()]
        lines += [f":{option}: {value}".rstrip() for option, value in options.items()]
        inner = ["", body.rstrip()] if body else []
        return "\n".join([*lines, *inner, "::::", ""])


class _Rest:
    """How reStructuredText writes the same."""

    def heading(self, title: str, level: str) -> str:
        return f"{title}\n{level * len(title)}\n"

    def text(self, text: str) -> str:
        return f"{text}\n"

    def inline(self, text: str) -> str:
        return text.replace("$\\R^n$", ":math:`\\R^n`")

    def math(self, tex: str) -> str:
        return f":math:`{_tex(tex)}`"

    def role(self, name: str, target: str) -> str:
        return f":{name}:`{target}`"

    def display(self, tex: str, label: str) -> str:
        return self.block("math", "", tex, label=label)

    def block(self, name: str, argument: str, body: str, /, **options: str) -> str:
        lines = [f".. {name}:: {argument}".rstrip()]
        lines += [f"   :{option}: {value}".rstrip() for option, value in options.items()]
        inner = [f"   {line}".rstrip() for line in body.rstrip().splitlines()]
        return "\n".join([*lines, "", *inner, "", ""])


def _tex(words: str) -> str:
    return words.replace(" in R", r" \in \R").replace("...", r"\dots")
