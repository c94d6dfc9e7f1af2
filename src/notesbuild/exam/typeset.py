"""Setting all papers of an exam; a broken problem breaks no version but its own."""

from __future__ import annotations

import hashlib
import importlib.resources
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.exam.body import View
from notesbuild.exam.document import Document, Exam, Question, alone, asset_folder, paper
from notesbuild.exam.render import Rendered
from notesbuild.exam.texerrors import Finding, findings, gave_up, merged
from notesbuild.model.exam import LockedVersion
from notesbuild.source.files import Files
from notesbuild.tex.engine import TexRun, run_tex

JOB = "paper"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Setting:
    """How TeX is run: engine, limits, folder of the project's files."""

    files: Files
    engine: str
    timeout: int
    jobs: int
    epoch: int = 0


@dataclass(frozen=True)
class Copy:
    """A version with its questions; ``complete`` is False where a problem could not be rendered."""

    version: LockedVersion
    questions: tuple[Question, ...]
    complete: bool = True


@dataclass(frozen=True)
class Paper:
    """One finished PDF, and the positions that TeX wrote beside it."""

    version: str
    view: View
    pdf: bytes
    positions: str


@dataclass(frozen=True)
class _Result:
    document: Document
    run: TexRun
    positions: str

    @property
    def cut_short(self) -> bool:
        """Whether the end was not reached, although TeX may have left a PDF."""
        return self.run.fatal or not self.positions.rstrip().endswith("complete")


def typeset(
    exam: Exam, copies: tuple[Copy, ...], setting: Setting, say: Say
) -> Outcome[tuple[Paper, ...]]:
    """The papers of every version without errors, and what TeX says of all of them.

    The marking guide holds everything, so it is set first: whatever is wrong shows there.
    """
    found: list[Finding] = []
    papers: list[Paper] = []
    broken: set[str] = {copy.version.version for copy in copies if not copy.complete}
    with ThreadPoolExecutor(setting.jobs) as pool:
        for views in ((View.RUBRIC,), (View.STUDENT, View.SOLUTIONS)):
            tasks = [
                (copy, view)
                for copy in copies
                for view in views
                if copy.questions and (view is View.RUBRIC or copy.version.version not in broken)
            ]
            if tasks:
                say(_progress(tasks))
            results = pool.map(lambda task: _set(exam, task[0], task[1], setting), tasks)
            for (copy, view), result in zip(tasks, results, strict=True):
                met = _judge(exam, copy, view, result, setting)
                found += met
                if any(finding.is_error for finding in met):
                    broken.add(copy.version.version)
                elif result.run.pdf is not None:
                    name = copy.version.version
                    papers.append(Paper(name, view, result.run.pdf, result.positions))
    whole = tuple(p for p in papers if p.version not in broken)
    return Outcome(whole, merged(found))


def _progress(tasks: list[tuple[Copy, View]]) -> str:
    names = sorted({copy.version.version for copy, _ in tasks})
    views = sorted({view.value for _, view in tasks})
    return f"Setting {', '.join(views)} of version {', '.join(names)}"


def examine(exam: Exam, problems: tuple[Rendered, ...], setting: Setting) -> tuple[Diagnostic, ...]:
    """What TeX says of each of these problems, set alone, with solution and rubric."""
    return merged(_examine(exam, problems, setting, ""))


def examine_together(
    exam: Exam, version: LockedVersion, problems: tuple[Rendered, ...], setting: Setting
) -> tuple[Diagnostic, ...]:
    """Like :func:`examine`, in one run as long as TeX comes to its end."""
    questions = tuple(
        Question(number, 1, max(rendered.problem.points, 1), rendered)
        for number, rendered in enumerate(problems, start=1)
    )
    copy = Copy(version, questions)
    result = _set(exam, copy, View.RUBRIC, setting)
    return merged(_judge(exam, copy, View.RUBRIC, result, setting, told=""))


def _set(exam: Exam, copy: Copy, view: View, setting: Setting) -> _Result:
    document = paper(exam, copy.version, copy.questions, view)
    return _run(document, copy.questions, setting, setting.timeout)


def _judge(
    exam: Exam,
    copy: Copy,
    view: View,
    result: _Result,
    setting: Setting,
    told: str | None = None,
) -> list[Finding]:
    """What a run says; where it fails, every problem is set alone to find the culprits.

    One broken problem can make TeX stumble over the next ones, or stop it altogether.
    """
    context = f"version {copy.version.version}, {view.value}" if told is None else told
    fallback = exam.blueprint.origin.span()
    found = findings(result.document, result.run, context, fallback)
    failed = result.cut_short or any(finding.is_error for finding in found)
    if failed and result.run.missing_program is None:
        problems = tuple(question.rendered for question in copy.questions)
        single = _examine(exam, problems, setting, context)
        if any(finding.is_error for finding in single):
            return [f for f in found if f.own_text or not f.is_error] + single
    if result.cut_short and not any(finding.is_error for finding in found):
        whole = context or "the problems together"
        reason = gave_up(result.run, setting.engine, whole, fallback, setting.timeout)
        found.append(Finding(reason, None, ""))
    return found


def _examine(
    exam: Exam, problems: Iterable[Rendered], setting: Setting, context: str
) -> list[Finding]:
    # A problem that takes this long alone does not come to an end.
    limit = max(10, setting.timeout // 6)
    wanted = {_text_key(rendered): rendered for rendered in problems}

    def look(rendered: Rendered) -> list[Finding]:
        document = alone(exam, rendered, View.RUBRIC)
        question = Question(1, 1, max(rendered.problem.points, 1), rendered)
        result = _run(document, (question,), setting, limit)
        return _judge_alone(rendered, result, setting, context, limit)

    with ThreadPoolExecutor(setting.jobs) as pool:
        return [finding for found in pool.map(look, wanted.values()) for finding in found]


def _judge_alone(
    rendered: Rendered, result: _Result, setting: Setting, context: str, limit: float
) -> list[Finding]:
    problem = rendered.problem
    place = Span(problem.origin.path, problem.body.line, 1)
    found = findings(result.document, result.run, context, place)
    if result.cut_short and not any(finding.is_error for finding in found):
        reason = gave_up(result.run, setting.engine, problem.id, place, limit)
        if reason.code is Code.PROGRAM_FAILED:
            # TeX was killed by the limits on what it may write, or was told to stop.
            message = f"TeX stopped in the middle of {problem.id}"
            hint = "look for a loop that writes without end, or a command that ends the document"
            notes = (result.run.last_words,) if result.run.pdf is None else ()
            reason = error(Code.TEX_ERROR, message, place, hint, notes)
        found.append(Finding(reason, problem.id, f"{context}{rendered.drawn}"))
    return found


def _text_key(rendered: Rendered) -> tuple[str, str]:
    text = rendered.text.text.encode()
    return rendered.problem.id, hashlib.sha256(text).hexdigest()


def _run(
    document: Document, questions: tuple[Question, ...], setting: Setting, timeout: float
) -> _Result:
    with tempfile.TemporaryDirectory(prefix="notesbuild-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / f"{JOB}.tex").write_text(document.text, "utf-8")
        for style, content in styles():
            (folder / style).write_bytes(content)
        for question in questions:
            _lay_out_assets(folder / asset_folder(question.number), question, setting.files)
        run = run_tex(folder, JOB, engine=setting.engine, timeout=timeout, epoch=setting.epoch)
        positions = folder / f"{JOB}.pos"
        text = positions.read_text("utf-8") if positions.is_file() else ""
    return _Result(document, run, text)


def _lay_out_assets(folder: Path, question: Question, files: Files) -> None:
    home = question.rendered.problem.origin.path.removesuffix(".tex") + "/"
    for asset in question.rendered.problem.assets:
        content = files.content(asset).value
        if content is not None:
            target = folder / asset.removeprefix(home)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def styles() -> tuple[tuple[str, bytes], ...]:
    """The files of style that every document needs: name and content."""
    package = importlib.resources.files("notesbuild")
    own = package / "render" / "templates" / "nbexam.sty"
    shared = [
        item
        for item in sorted((package / "sphinxext" / "latex_style").iterdir(), key=lambda i: i.name)
        if item.name.startswith("nbfonts")
    ]
    return tuple((item.name, item.read_bytes()) for item in (own, *shared))
