"""1,000 individual copies of eight pages, against the bare parts of the same work.

The bare parts follow the lock that ours follows: they set the same texts and compose pages with
the same questions, split them into as many files and encode as many codes. The bare pages have
no codes drawn on them and names in ASCII, so that the bare work is rather too little. The codes
are the same symbols where segno gets the mask that notesbuild uses. notesbuild does not ask segno
for each of them; what that saves can be seen from the seconds of the parts below the row.
"""

from __future__ import annotations

import csv
import re
import shutil
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import yaml
from copies_project import EXAM, PAGES, QUESTIONS, write_project
from measure import BARE, Failed, Finished, Row, Target, alternate, bare, notesbuild, pdflatex

from notesbuild.exam.codes import page_code

TARGET = Target(ratio=1.5)
BLANK = "Page for drafts"
MASK = "3"  # the one that notesbuild uses


@dataclass(frozen=True)
class Student:
    """A row of the roster; ``name`` as ASCII has it."""

    id: str
    name: str
    seat: str


@dataclass(frozen=True)
class Texts:
    """The draw as the bare work needs it.

    ``bodies`` holds points and LaTeX by the name of a text; ``copies`` the names of each
    student's texts in the order of the questions.
    """

    bodies: dict[str, tuple[int, str]]
    copies: tuple[tuple[Student, tuple[str, ...]], ...]


def rows(folder: Path, quick: bool) -> Iterator[Row]:
    """The lines of the table."""
    count = 100 if quick else 1000
    project = folder / "copies"
    roster = write_project(project, count)
    notesbuild("exam", "draw", EXAM, "--roster", roster, project=project)
    texts = read_draw(project, roster)
    work = folder / "copies-bare"
    prepare(work, texts)
    peaks: list[float] = []

    def ours() -> float:
        shutil.rmtree(project / "build", ignore_errors=True)
        built = notesbuild("exam", "build", EXAM, "--roster", roster, project=project, memory=True)
        peaks.append(built.peak)
        return built.seconds

    parts = (
        ours,
        lambda: compose(work),
        lambda: split(work),
        lambda: bare("codes.py", work / "payloads").seconds,
        lambda: bare("codes.py", work / "payloads", MASK).seconds,
    )
    seconds, composed, cut, encoded, masked = alternate(1 if quick else 3, *parts)
    same_pages(project, work, count)
    told = f"{1000 * seconds / count:.1f} ms a copy, {max(peaks):.0f} MiB at the peak"
    parts_told = f"beside: {composed:.2f} + {cut:.2f}"
    yield Row(
        f"exam build: {count:,} copies of {PAGES} pages, cold",
        seconds,
        "pdflatex + pikepdf + segno with one mask",
        composed + cut + masked,
        TARGET,
        f"{told}, {len(texts.bodies)} texts; {parts_told} + {masked:.2f} s",
    )
    yield Row(
        "the same",
        seconds,
        "pdflatex + pikepdf + segno, trying all masks",
        composed + cut + encoded,
        TARGET,
        f"{parts_told} + {encoded:.2f} s",
    )


# --- what the bare parts work on ------------------------------------------------------


def read_draw(project: Path, roster: Path) -> Texts:
    """The lock and the roster, as a hand-written script would read them."""
    with roster.open(encoding="utf-8", newline="") as stream:
        students = [
            Student(r["id"], ascii_of(r["name"]), r["seat"]) for r in csv.DictReader(stream)
        ]
    text = (project / f"exams/{EXAM}.lock.yaml").read_text("utf-8")
    lock = yaml.load(text, Loader=yaml.CSafeLoader)
    versions = {str(version["version"]): version["items"] for version in lock["versions"]}
    problems = {path.stem: path for path in (project / "problem_bank").rglob("*.tex")}
    names: dict[str, str] = {}
    bodies: dict[str, tuple[int, str]] = {}
    copies = []
    for student in students:
        own = []
        for item in versions[student.id]:
            body = student_body(problems[item["problem"]], item)
            name = names.setdefault(body, f"t{len(names)}")
            bodies[name] = (int(item["points"]), body)
            own.append(name)
        copies.append((student, tuple(own)))
    return Texts(bodies, tuple(copies))


def student_body(path: Path, item: dict[str, object]) -> str:
    """A problem without its solutions, with its parameters and its order of choices."""
    body = path.read_text("utf-8").split("% ---\n")[-1]
    params, choices = item.get("params", {}), item.get("choices", ())
    for name, value in dict(params).items():  # type: ignore[call-overload]
        body = body.replace(f"\\VAR{{{name}}}", str(value))
    for order in list(choices):  # type: ignore[call-overload]
        lines = re.findall(r"  \\(?:Correct)?[Cc]hoice.*\n", body)
        body = body.replace("".join(lines), "".join(lines[position] for position in order))
    body = body.replace("[fixed]", "").replace("\\CorrectChoice", "\\choice")
    solution = r"(?s)\\begin\{solution\}\[(.*?)\].*?\\end\{solution\}"
    return re.sub(solution, r"\\vspace{\1}", body)


def ascii_of(name: str) -> str:
    """A name without accents; a script without such letters gives as many letters x."""
    plain = unicodedata.normalize("NFKD", name)
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isascii() else "x" for c in kept)


def prepare(work: Path, texts: Texts) -> None:
    """Write a document for each half of the copies, and the payloads of all codes."""
    work.mkdir()
    head = (BARE / "copies.tex").read_text("utf-8") + "\\begin{document}\n"
    middle = -(-len(texts.copies) // 2)
    for half, copies in enumerate((texts.copies[:middle], texts.copies[middle:])):
        used = {name for _, own in copies for name in own}
        settings = "".join(
            f"\\settext{{{name}}}{{{points}}}{{{body}}}\n"
            for name, (points, body) in texts.bodies.items()
            if name in used
        )
        pages = "".join(copy_of(student, own) for student, own in copies)
        (work / f"half{half}.tex").write_text(
            f"{head}{settings}{pages}\\end{{document}}\n", "utf-8"
        )
    payloads = [
        f"{page_code(EXAM, student.id, page)}\n"
        for student, _ in texts.copies
        for page in range(1, PAGES + 1)
    ]
    (work / "payloads").write_text("".join(payloads), "utf-8")


def copy_of(student: Student, own: tuple[str, ...]) -> str:
    """The pages of one copy."""
    lines = [f"\\copyof{{{student.id}}}{{{student.name}}}{{{student.seat}}}", "\\paper{1}{\\cover}"]
    for page, numbers in enumerate(QUESTIONS, start=2):
        content = "".join(f"\\q{{{number}}}{{{own[number - 1]}}}" for number in numbers)
        lines.append(f"\\paper{{{page}}}{{{content}}}")
    lines.append(f"\\paper{{{PAGES}}}{{{BLANK}}}")
    return "\n".join(lines) + "\n"


# --- the bare parts -------------------------------------------------------------------


def compose(work: Path) -> float:
    """One run of pdflatex for each half, both at once: seconds until both are done."""

    def half(number: int) -> Finished:
        return pdflatex(f"half{number}", cwd=work)

    with ThreadPoolExecutor(2) as pool:
        return max(done.seconds for done in pool.map(half, range(2)))


def split(work: Path) -> float:
    """Both PDFs into one file for each copy."""
    target = work / "copies"
    shutil.rmtree(target, ignore_errors=True)
    return bare("split.py", str(PAGES), target, work / "half0.pdf", work / "half1.pdf").seconds


def same_pages(project: Path, work: Path, count: int) -> None:
    """Fails if what is compared is not the same work."""
    for name, pdfs in (
        ("ours", sorted((project / "build").rglob("students/*.pdf"))),
        ("the bare work", sorted((work / "copies").rglob("*.pdf"))),
    ):
        if len(pdfs) != count:
            raise Failed(f"{name} made {len(pdfs)} copies instead of {count}")
        pages = {pages_of(path) for path in pdfs[:: max(1, count // 20)]}
        if pages != {PAGES}:
            raise Failed(f"{name} made copies of {sorted(pages)} pages instead of {PAGES}")


def pages_of(path: Path) -> int:
    """The number of pages of a PDF."""
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)
