"""From a lock to published papers."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error, has_errors
from notesbuild.exam.body import View
from notesbuild.exam.document import Exam, Question
from notesbuild.exam.fresh import fingerprint, published_files, remember
from notesbuild.exam.key import key_csv
from notesbuild.exam.leak import find_leaks
from notesbuild.exam.record import FILE as RECORD
from notesbuild.exam.record import record_json
from notesbuild.exam.regions import regions_json
from notesbuild.exam.render import render
from notesbuild.exam.report import report_html
from notesbuild.exam.typeset import Copy, Paper, Setting, typeset
from notesbuild.exam.unicode import engine_for
from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint, Lock, LockedItem, LockedVersion
from notesbuild.model.problem import Problem
from notesbuild.model.project import Project
from notesbuild.pdf.inspect import page_count
from notesbuild.run.publish import build_lock, busy, publish_folder, staging, write_fault
from notesbuild.source.files import Files
from notesbuild.source.latex import parse_body
from notesbuild.tex.engine import tex_version

Say = Callable[[str], None]


@dataclass(frozen=True)
class BuiltExam:
    """What was published: the folder and its files, as the project names them."""

    folder: str
    files: tuple[str, ...]


def output_folder(project: Project, blueprint: Blueprint) -> Path:
    """Where an exam is published."""
    return project.build / blueprint.course / "exams" / blueprint.name


def build_exam(
    project: Project,
    course: Course | None,
    blueprint: Blueprint,
    lock: Lock,
    *,
    jobs: int,
    progress: Say,
) -> Outcome[BuiltExam | None]:
    """Papers, solutions, marking guides, key, regions, report and record, all at once.

    A version with a broken problem is left out; without any version nothing is touched.
    Where nothing has changed since the last build without complaints, nothing is done.
    """
    target = output_folder(project, blueprint)
    shown = target.relative_to(project.root).as_posix()
    with build_lock(target) as free:
        if not free:
            return Outcome(None, (busy(shown),))
        current = fingerprint(project, course, blueprint, lock)
        there = published_files(project, target, current)
        if there:
            return Outcome(BuiltExam(shown, there))
        made = produce(project, course, blueprint, lock, jobs=jobs, progress=progress)
        if made.value is None:
            return Outcome(None, made.diagnostics)
        progress(f"Publishing {shown}")
        faults = _publish(made.value, target, shown)
        if not made.diagnostics and not faults:
            faults = remember(project, target, current, made.value)
    if has_errors(faults):
        return Outcome(None, (*made.diagnostics, *faults))
    return Outcome(BuiltExam(shown, tuple(sorted(made.value))), made.diagnostics)


def _publish(outputs: Mapping[str, bytes], target: Path, shown: str) -> tuple[Diagnostic, ...]:
    try:
        with staging(target) as folder:
            for name, content in outputs.items():
                (folder / name).write_bytes(content)
            return publish_folder(folder, target, shown)
    except OSError as fault:
        return (write_fault(fault, shown),)


def produce(
    project: Project,
    course: Course | None,
    blueprint: Blueprint,
    lock: Lock,
    *,
    jobs: int,
    progress: Say,
) -> Outcome[dict[str, bytes] | None]:
    """Every output of the exam: file name and content."""
    progress(f"Rendering {blueprint.exam}")
    found = list(_forbidden_instructions(blueprint))
    if found:
        return Outcome(None, tuple(found))
    copies, broken = _copies(project, lock)
    found += broken
    macros_path = f"{project.settings.notes}/macros.tex"
    several = len(lock.versions) > 1
    exam = Exam(blueprint, course, project.macros, macros_path, project.settings.paper, several)
    setting = _setting(project, course, blueprint, copies, jobs)
    papers = typeset(exam, copies, setting, progress)
    found += papers.diagnostics
    names = {paper.version for paper in papers.value}
    whole = tuple(copy for copy in copies if copy.version.version in names)
    if not whole:
        return Outcome(None, tuple(found))
    progress("Reading the papers back")
    leaked = find_leaks(papers.value, whole)
    if leaked:
        return Outcome(None, (*found, *leaked))
    outputs = _outputs(blueprint, course, whole, papers.value)
    tex = tex_version(setting.engine)
    outputs[RECORD] = record_json(project, blueprint, lock, whole, tex, outputs)
    return Outcome(outputs, tuple(found))


def _outputs(
    blueprint: Blueprint, course: Course | None, copies: tuple[Copy, ...], papers: tuple[Paper, ...]
) -> dict[str, bytes]:
    students = [paper for paper in papers if paper.view is View.STUDENT]
    outputs = {f"{blueprint.name}-{p.version}{p.view.suffix}.pdf": p.pdf for p in papers}
    pages = {paper.version: page_count(paper.pdf) for paper in students}
    outputs["key.csv"] = key_csv(copies)
    outputs["regions.json"] = regions_json(students)
    outputs["report.html"] = report_html(blueprint, course, copies, pages)
    return outputs


def _setting(
    project: Project,
    course: Course | None,
    blueprint: Blueprint,
    copies: tuple[Copy, ...],
    jobs: int,
) -> Setting:
    texts = [q.rendered.text.text for copy in copies for q in copy.questions]
    texts += [blueprint.title, blueprint.place or "", blueprint.instructions]
    texts += [f"{section.title} {section.instructions or ''}" for section in blueprint.sections]
    if course is not None:
        texts += [course.title, course.institution or "", course.exam_policy or ""]
        texts += [course.code or "", course.term or ""]
    engine = engine_for(project, texts)
    timeout = project.settings.tex_timeout
    return Setting(Files(project.root), engine, timeout, jobs, _epoch(blueprint.date))


def _epoch(date: datetime.date | None) -> int:
    return 0 if date is None else max(0, calendar.timegm(date.timetuple()))


def _copies(project: Project, lock: Lock) -> tuple[tuple[Copy, ...], tuple[Diagnostic, ...]]:
    problems = project.bank.by_id()
    found: list[Diagnostic] = []
    copies = []
    for index, version in enumerate(lock.versions):
        questions = []
        for number, item in enumerate(version.items, start=1):
            question = _question(
                lock, version, (index, number - 1), item, problems.get(item.problem)
            )
            found += question.diagnostics
            if question.value is not None:
                questions.append(question.value)
        complete = len(questions) == len(version.items)
        copies.append(Copy(version, tuple(questions), complete))
    return tuple(copies), tuple(dict.fromkeys(found))


def _question(
    lock: Lock,
    version: LockedVersion,
    position: tuple[int, int],
    item: LockedItem,
    problem: Problem | None,
) -> Outcome[Question | None]:
    place = lock.origin.span("versions", position[0], "items", position[1], "problem")
    if problem is None:
        message = f"version {version.version} needs {item.problem}, which cannot be read"
        return Outcome(None, (error(Code.UNKNOWN_PROBLEM, message, place),))
    assignment = tuple((n, item.params[n]) for n in problem.metadata.params if n in item.params)
    rendered = render(problem, assignment, item.choices, place)
    if rendered.value is None:
        return Outcome(None, rendered.diagnostics)
    number = position[1] + 1
    question = Question(number, item.section, item.points, rendered.value)
    return Outcome(question, rendered.diagnostics)


def _forbidden_instructions(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Instructions are LaTeX, and may do no more than a problem's body."""
    texts: list[tuple[str, Span]] = [
        (blueprint.instructions, blueprint.origin.span("instructions"))
    ]
    for number, section in enumerate(blueprint.sections):
        place = blueprint.origin.span("sections", number, "instructions")
        texts.append((section.instructions or "", place))
    return tuple(
        error(found.code, found.message, place, found.hint)
        for text, place in texts
        for found in parse_body(text, blueprint.origin.path, 1).diagnostics
    )
