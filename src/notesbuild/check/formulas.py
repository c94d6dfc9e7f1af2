"""Formulas that KaTeX or LaTeX cannot read: found without TeX, by KaTeX and a table of names.

What was found in a chapter, or in a problem that chapters show, is kept, under a seal, until that,
the macros or the code change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from notesbuild.check.latex import texts_of
from notesbuild.diagnostics import Code, Diagnostic, Span, error, warning
from notesbuild.model.course import Course
from notesbuild.model.names import nearest_command
from notesbuild.model.project import Chapter, Project
from notesbuild.practice.formula import ShownFormula
from notesbuild.practice.plan import Placed, plan_of, plan_of_course
from notesbuild.render.display import normal_display
from notesbuild.render.latex_names import Names, defined_names, in_exams, in_notes, used_names
from notesbuild.render.macros import Macro, read_macros, to_katex
from notesbuild.run.code import code_digest
from notesbuild.run.katex import KatexFailed, Rendered, render_formulas
from notesbuild.source.cache import Cache, decode_found, encode_found, key_of
from notesbuild.source.chapters import outline_of
from notesbuild.source.files import Files
from notesbuild.source.outline import Formula

CACHE = "formulas"
_UNDEFINED = re.compile(r"Undefined control sequence: \\(?P<name>[A-Za-z]+)")
_NO_ENVIRONMENT = re.compile(r"No such environment: (?P<name>\S+)")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_NEAR = 12


@dataclass(frozen=True)
class _Source:
    """A file whose formulas are checked together; they are read only where it is not known."""

    path: str
    content: bytes
    formulas: Callable[[], tuple[Formula, ...]]


@dataclass(frozen=True)
class Known:
    """What formulas may use: LaTeX's names and the project's macros."""

    latex: Names
    macros: tuple[Macro, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of the macros."""
        return frozenset(macro.name for macro in self.macros)


def check_formulas(project: Project) -> tuple[Diagnostic, ...]:
    """What is wrong with the formulas of chapters, manifests and problems, and with the macros."""
    files = Files(project.root)
    cache = Cache.opened(files, project.settings.build, CACHE)
    known = Known(in_notes(), read_macros(project.macros))
    lines: dict[str, bytes] = {}
    found: list[Diagnostic] = []
    fresh: list[tuple[str, _Source]] = []
    for source in _sources(project):
        key = key_of(source.path, [("", source.content), ("macros", project.macros.encode())])
        kept = _kept(cache, key, source.path)
        if kept is None:
            fresh.append((key, source))
        else:
            lines[key] = cache.lines[key]
            found += kept
    try:
        for key, path, own in _examined(fresh, known):
            lines[key] = encode_found(own, path)
            found += own
    except KatexFailed as fault:
        return (*found, error(Code.PROGRAM_FAILED, str(fault)))
    if lines.keys() != cache.lines.keys():
        cache.saved(files, lines)
    return tuple(found)


def _sources(project: Project) -> Iterator[_Source]:
    path = f"{project.settings.notes}/macros.tex"
    yield _Source(path, b"", partial(_macro_formulas, path, project))
    for chapter in project.chapters:
        yield _Source(chapter.path, chapter.text.encode(), partial(_chapter_formulas, chapter))
    for course in project.courses:
        content = course.model_dump_json().encode() + repr(course.origin.places).encode()
        yield _Source(course.origin.path, content, partial(_manifest_formulas, course))
    for name, placed in _shown_problems(project):
        facts = (name, str(placed.version or ""), placed.problem.digest, code_digest("practice"))
        path, content = placed.problem.origin.path, "\0".join(facts).encode()
        yield _Source(path, content, partial(_problem_formulas, placed, name))


def _shown_problems(project: Project) -> Iterator[tuple[str, Placed]]:
    """The problems that chapters show, with the course that fixes their parameters."""
    used = {name for course in project.courses for name in course.chapters}
    for course in project.courses:
        for placed in plan_of_course(project, course).value.placed:
            yield course.name, placed
    for chapter in project.chapters:
        if chapter.name not in used:
            for placed in plan_of((chapter,), project.bank).value.placed:
                yield "", placed


def _kept(cache: Cache, key: str, path: str) -> tuple[Diagnostic, ...] | None:
    try:
        return decode_found(cache.lines[key], path)
    except (ValueError, TypeError, LookupError):
        return None


def _examined(
    fresh: Iterable[tuple[str, _Source]], known: Known
) -> Iterator[tuple[str, str, tuple[Diagnostic, ...]]]:
    """The key, the path and the findings of each source; KaTeX runs once for all."""
    texts = [(key, source.path, source.formulas()) for key, source in fresh]
    asked = [(katex_text(f), f.display) for _, _, formulas in texts for f in formulas]
    answers = iter(render_formulas(asked, to_katex(known.macros), html=False))
    for key, path, formulas in texts:
        find = _wrong_macro if path.endswith("/macros.tex") else _wrong
        own = [d for f in formulas for d in find(f, next(answers), known)]
        yield key, path, tuple(dict.fromkeys(own))


def _problem_formulas(placed: Placed, course: str) -> tuple[Formula, ...]:
    from notesbuild.practice.ready import formulas_of

    return formulas_of(placed, course)


def _chapter_formulas(chapter: Chapter) -> tuple[Formula, ...]:
    return outline_of(chapter).formulas


def _manifest_formulas(course: Course) -> tuple[Formula, ...]:
    """The formulas of a manifest, each at the place of its key."""
    from notesbuild.source.myst_outline import read_myst

    path = course.origin.path
    found = []
    for location, words in texts_of(course.model_dump(exclude={"origin"}, by_alias=True)):
        if "$" in words:
            place = course.origin.span(*location)
            for formula in read_myst(words, path).formulas:
                spots = ((place.line, place.column),)
                found.append(Formula(formula.text, formula.display, path, spots))
    return tuple(found)


def _macro_formulas(path: str, project: Project) -> tuple[Formula, ...]:
    """A call of each macro, at the place of its definition."""
    return tuple(
        Formula(f"\\{one.name}{'{x}' * one.args}", True, path, ((one.line, one.column),))
        for one in read_macros(project.macros)
    )


def katex_text(formula: Formula) -> str:
    """What the site gives to KaTeX."""
    return normal_display(formula.text) if formula.display else formula.text


def _wrong(formula: Formula, answer: Rendered, known: Known) -> Iterator[Diagnostic]:
    found = _unreadable(formula, answer, known)
    if not isinstance(formula, ShownFormula):
        yield from found
        return
    # Names that exams do not know either are told by the rule about all problems.
    strange = (used for used in used_names(formula.text) if used.name not in in_exams().names)
    told = {formula.span(used.position) for used in strange if not used.environment}
    for one in found:
        if one.span not in told:
            yield replace(one, message=f"{one.message}{formula.words}")


def _unreadable(formula: Formula, answer: Rendered, known: Known) -> Iterator[Diagnostic]:
    yield from _katex_words(formula, answer, known)
    told = _UNDEFINED.search(answer.error)
    own = known.names | defined_names(formula.text) | {told["name"] if told else ""}
    for used in used_names(formula.text):
        if used.environment:
            if not known.latex.has_environment(used.name) and "environment" not in answer.error:
                message = f"LaTeX has no environment {used.name}"
                yield error(Code.MATH_WRONG, message, formula.span(used.position))
        elif used.name not in own and used.name not in known.latex.names:
            yield _unknown(used.name, formula.span(used.position), known, bool(answer.error))
    blank = _BLANK_LINE.search(katex_text(formula)) if formula.display else None
    if blank:
        at = _BLANK_LINE.search(formula.text.strip())
        place = formula.span(at.end() if at else 0)
        hint = "remove the blank line"
        yield error(Code.MATH_WRONG, "LaTeX allows no blank line in this display", place, hint)


def _unknown(name: str, place: Span, known: Known, broken: bool) -> Diagnostic:
    """A command that LaTeX lacks; in a broken formula KaTeX may not have come so far."""
    if broken:
        return error(Code.MACRO_UNKNOWN, f"\\{name} is not defined", place, _meant(name, known))
    message = f"LaTeX does not know \\{name}"
    hint = "use a command that KaTeX and LaTeX share, or define it in notes/macros.tex"
    return error(Code.MATH_WRONG, message, place, hint)


def _meant(name: str, known: Known) -> str | None:
    return nearest_command(name, known.names) or nearest_command(name, known.latex.names)


def _katex_words(formula: Formula, answer: Rendered, known: Known) -> Iterator[Diagnostic]:
    """What KaTeX says, as a diagnostic of ours."""
    for note in answer.notes:
        message = f"KaTeX: LaTeX would not read this alike: {note}"
        yield warning(Code.MATH_WRONG, message, formula.span())
    if not answer.error:
        return
    place = formula.span(_position(formula, answer.position))
    undefined = _UNDEFINED.search(answer.error)
    if undefined is None:
        yield error(Code.MATH_WRONG, f"KaTeX: {answer.error}", place)
        return
    name = undefined["name"]
    written = re.search(rf"\\{name}(?![A-Za-z])", formula.text)
    if written:
        place = formula.span(written.start())
    if name in known.latex.names:
        message = f"KaTeX does not know \\{name}, which LaTeX has"
        yield error(Code.MATH_WRONG, message, place)
    elif written:
        yield _unknown(name, place, known, True)
    else:
        message = f"a macro of this formula uses \\{name}, which is not defined"
        yield error(Code.MACRO_UNKNOWN, message, place)


def _position(formula: Formula, position: int | None) -> int:
    """The position in the author's text of one in what KaTeX got."""
    asked = katex_text(formula)
    at = min(position or 0, len(asked))
    if asked == formula.text:
        return at
    for length in (_NEAR, _NEAR // 2, 3):
        for start in (at, max(at - length, 0)):
            near = asked[start : start + length].strip()
            found = formula.text.find(near) if near else -1
            if found >= 0 and formula.text.count(near) == 1:
                return found + (at - start if start < at else 0)
    return 0


def position_in(formula: Formula, tail: str) -> int:
    """Where a piece of a formula ends; the beginning where it is not the author's own."""
    for length in (len(tail), len(tail) // 2):
        near = tail[-length:].strip() if length else ""
        at = formula.text.find(near) if near else -1
        if at >= 0:
            return max(at + len(near) - 1, 0)
    return 0


def _wrong_macro(formula: Formula, answer: Rendered, known: Known) -> Iterator[Diagnostic]:
    """A macro of which KaTeX does not know a part, or which calls itself."""
    name = next(used_names(formula.text)).name
    body = next(macro.body for macro in known.macros if macro.name == name)
    told = _UNDEFINED.search(answer.error)
    if told and told["name"] in known.latex.names and f"\\{told['name']}" in body:
        message = f"\\{name} uses \\{told['name']}, which KaTeX does not know"
        yield error(Code.MACRO_WRONG, message, formula.span())
    elif "Too many expansions" in answer.error:
        yield error(Code.MACRO_WRONG, f"\\{name} calls itself without end", formula.span())
