"""Building an exam again from its lock, comparing every byte, and reading every paper back."""

from __future__ import annotations

import filecmp
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error, has_errors
from notesbuild.exam.blind import answers_that_show
from notesbuild.exam.body import View
from notesbuild.exam.fresh import names_below
from notesbuild.exam.known import known_of
from notesbuild.exam.outputs import Made, produce
from notesbuild.exam.places import Layout, read_layouts
from notesbuild.exam.proof import Examiner, StudentFile, prove
from notesbuild.exam.request import Request

STUDENTS = "students"
PRINTED = "print.pdf"


def verify(request: Request, progress: Callable[[str], None]) -> Outcome[int | None]:
    """The number of published files that a new build, from nothing, repeats byte for byte.

    None where one differs, or where a paper fails one of the proofs: nothing of the solutions,
    nothing personal and nothing hidden in any file for students, equal points, every question
    in its region, every QR code that of its page.
    """
    target = request.target
    shown = target.relative_to(request.project.root).as_posix()
    cannot = _cannot_be_verified(request, shown)
    if cannot is not None:
        return Outcome(None, (cannot,))
    with tempfile.TemporaryDirectory(prefix="notesbuild-") as name:
        folder = Path(name)
        made = produce(request, folder, None, progress)
        if made.value is None or has_errors(made.diagnostics):
            return Outcome(None, made.diagnostics)
        progress(f"Comparing with {shown}")
        different = tuple(_differences(folder, request, shown))
        found = (*made.diagnostics, *different)
        progress("Reading every paper back")
        damaged = {d.span.path.removeprefix(f"{shown}/") for d in different if d.span}
        found += tuple(_proofs(request, made.value, shown, damaged))
    return Outcome(None if has_errors(found) else len(made.value.files), found)


def _cannot_be_verified(request: Request, shown: str) -> Diagnostic | None:
    exam, place = request.blueprint.exam, Span(shown)
    if not request.target.is_dir():
        hint = f"run `notesbuild exam build {exam}`"
        return error(Code.NOT_REPRODUCED, f"{exam} has not been built", place, hint)
    copies = sorted((request.target / STUDENTS).glob("*.pdf"))
    if copies and request.roster is None and not request.personal:
        message = f"{exam} was built for a roster, which is needed to build it again"
        return error(Code.NOT_REPRODUCED, message, place, "name it with --roster")
    if copies and not request.passwords and _is_encrypted(copies[0]):
        message = "the students' copies open with passwords only"
        hint = "name their file with --password-file"
        return error(Code.NOT_REPRODUCED, message, Span(f"{shown}/{STUDENTS}"), hint)
    return None


def _is_encrypted(path: Path) -> bool:
    try:
        with pikepdf.open(path):
            return False
    except pikepdf.PasswordError:
        return True
    except pikepdf.PdfError:
        return False


# --- the same bytes ---


def _differences(made: Path, request: Request, shown: str) -> Iterator[Diagnostic]:
    target = request.target
    new, published = names_below(made), names_below(target)
    for name in sorted({*new, *published}):
        if name not in new:
            message = "the lock does not lead to this file"
        elif name not in published:
            message = "the file was not published"
        elif not _same(made / name, target / name, _password(request, name)):
            message = "the file differs from what the lock leads to now"
        else:
            continue
        yield error(Code.NOT_REPRODUCED, message, Span(f"{shown}/{name}"))


def _password(request: Request, name: str) -> str:
    path = Path(name)
    return request.passwords.get(path.stem, "") if path.parent.name == STUDENTS else ""


def _same(one: Path, other: Path, password: str) -> bool:
    """Whether two files are the same; encryption, different every time, is taken off first."""
    if not password:
        return filecmp.cmp(one, other, shallow=False)
    try:
        return _decrypted(one, password) == _decrypted(other, password)
    except pikepdf.PdfError:
        return False


def _decrypted(path: Path, password: str) -> bytes:
    with pikepdf.open(path, password=password) as document:
        if not document.is_encrypted:
            return b""
        del document.trailer["/ID"]
        stream = BytesIO()
        document.save(stream, encryption=False, static_id=True)
    return stream.getvalue()


# --- the proofs ---


@dataclass(frozen=True)
class _Files:
    files: tuple[StudentFile, ...]
    printed: StudentFile | None


def _proofs(request: Request, made: Made, shown: str, damaged: set[str]) -> Iterator[Diagnostic]:
    """What the papers fail in; files that are known to differ may be no PDFs any more."""
    yield from answers_that_show(made.copies)
    yield from _points(request, made)
    layouts: tuple[Layout | None, Layout | None] = (None, None)
    try:
        layouts = read_layouts((request.target / "regions.json").read_bytes())
    except (OSError, ValueError) as fault:
        message = f"it does not tell where the questions stand: {fault}"
        yield error(Code.LAYOUT_DIFFERS, message, Span(f"{shown}/regions.json"))
    known = known_of(made, request.project.root.as_posix())
    examiner = Examiner(request.target, shown, known, layouts)
    there = {n for n in names_below(request.target) if n not in damaged or _opens(request, n)}
    listed = _files(request, made)
    files = tuple(file for file in listed.files if file.name in there)
    whole = files == listed.files and listed.printed is not None
    printed = listed.printed if whole and PRINTED in there else None
    yield from prove(examiner, files, printed, request.place.jobs)


def _opens(request: Request, name: str) -> bool:
    try:
        with pikepdf.open(request.target / name, password=_password(request, name)):
            return True
    except (OSError, pikepdf.PdfError):
        return False


def _files(request: Request, made: Made) -> _Files:
    """Every file that students get, or that is printed for them."""
    name, written = request.blueprint.name, {file.name for file in made.files}
    papers = (
        StudentFile(f"{name}-{version.name}{View.STUDENT.suffix}.pdf", version.name)
        for version in made.produced.normal.versions
    )
    files = [paper for paper in papers if paper.name in written]
    for seated in made.sitting.seated if made.sitting else ():
        student = seated.student.id
        path = f"{STUDENTS}/{student}.pdf"
        if path in written:
            password = request.passwords.get(student, "")
            large = seated.allowance.large
            files.append(StudentFile(path, seated.version, student, large, password))
    printed = StudentFile(PRINTED) if PRINTED in written else None
    return _Files(tuple(files), printed)


def _points(request: Request, made: Made) -> Iterator[Diagnostic]:
    """Versions with more points than others, beyond what the blueprint allows."""
    points = {copy.version.version: sum(q.points for q in copy.questions) for copy in made.copies}
    least, most = min(points, key=lambda v: points[v]), max(points, key=lambda v: points[v])
    allowed = request.blueprint.constraints.balance.points or 0
    if points[most] - points[least] > allowed:
        message = f"version {least} has {points[least]} points, {most} has {points[most]}"
        yield error(Code.POINTS_UNEQUAL, message, request.lock.origin.span("versions"))
