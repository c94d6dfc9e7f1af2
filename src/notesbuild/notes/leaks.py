"""Proof that the finished site and PDFs tell no solution before its day."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.notes.assemble import Assembled
from notesbuild.notes.publish import Outputs
from notesbuild.notes.results import results_json
from notesbuild.notes.work import Work

_TEXTS = {".html", ".js", ".json", ".txt", ".xml", ".md", ".rst", ".css", ".svg"}


def leaks(assembled: Assembled, outputs: Outputs, work: Work) -> tuple[Diagnostic, ...]:
    """Every secret that is told in what is about to be published."""
    if not assembled.problems.secrets:
        return ()
    course = assembled.course
    return tuple(
        error(Code.LEAK, f"{name} of {course.name} holds {what}", course.origin.span())
        for name, what in _told(assembled, outputs, work)
    )


def _told(assembled: Assembled, outputs: Outputs, work: Work) -> Iterator[tuple[str, str]]:
    secrets = assembled.problems.secrets
    if outputs.html:
        for path in sorted(work.html.rglob("*")):
            if path.suffix in _TEXTS and path.is_file():
                page = path.read_text("utf-8", "replace")
                name = path.relative_to(work.html).as_posix()
                yield from ((name, what) for what in secrets.told_on_page(page))
    if outputs.pdfs:
        from notesbuild.pdf.text import page_texts  # a site alone needs no reader of PDFs
    for name, pdf in outputs.pdfs:
        # The files of single chapters are cut from the whole.
        text = "" if name.startswith("chapters/") else "\n".join(page_texts(pdf))
        yield from ((name, what) for what in secrets.told_in(text))
    content = results_json(outputs.results).decode()
    yield from (("results.json", what) for what in secrets.told_in(content))
