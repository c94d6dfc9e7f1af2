"""A small exam for a roster, built once, and ways to plant something in its files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from click.testing import CliRunner, Result

from notesbuild import pipeline
from notesbuild.cli.main import cli
from notesbuild.exam.audience import Audience
from notesbuild.exam.known import Known, known_of
from notesbuild.exam.outputs import Made, produce
from notesbuild.exam.places import read_layouts
from notesbuild.exam.proof import Examiner, StudentFile, prove
from notesbuild.exam.request import Request
from notesbuild.run.workplace import workplace
from notesbuild.source.roster import read_roster
from tests.small import SMALL

EXAM = "small/quiz"
FOLDER = "build/small/exams/quiz"
ROSTER = """\
id,name,section,seat,email,large_print
s1,Ana García,1,A1,ana@example.org,
s2,이재호,1,A2,,
s3,=Sum O'Hara,2,A3,,yes
"""
PASSWORDS = 'id,password\ns1,apple pie\ns2,"with,comma"\ns3,pear\n'
MIDTERM = SMALL["exams/small/quiz.yaml"].replace("kind: quiz", "kind: midterm")


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--project", str(root), *arguments])


def write(root: Path, files: dict[str, str]) -> Path:
    for path, text in {"notesbuild.toml": "", **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def write_exam(root: Path) -> Path:
    """The project, its exam drawn."""
    write(root, {**SMALL, "exams/small/quiz.yaml": MIDTERM})
    (root / "roster.csv").write_text(ROSTER, "utf-8")
    (root / "passwords.csv").write_text(PASSWORDS, "utf-8")
    drawn = run(root, "exam", "draw", EXAM)
    assert drawn.exit_code == 0, drawn.output
    return root


def request(root: Path) -> Request:
    project = pipeline.read(root).value
    assert project is not None
    roster = read_roster(root / "roster.csv", "roster.csv").value
    asked = pipeline._request(project, EXAM, Audience(roster), workplace(1)).value
    assert asked is not None
    return asked


@dataclass(frozen=True)
class Sat:
    """The exam as it was published, and what a second build knows of it."""

    root: Path
    made: Made
    known: Known

    @property
    def folder(self) -> Path:
        return self.root / FOLDER

    @property
    def files(self) -> tuple[StudentFile, ...]:
        own = [StudentFile("quiz-A.pdf", "A"), StudentFile("quiz-B.pdf", "B")]
        assert self.made.sitting is not None
        for seated in self.made.sitting.seated:
            name = seated.student.id
            own.append(
                StudentFile(
                    f"students/{name}.pdf", seated.version, name, large=seated.allowance.large
                )
            )
        return tuple(own)

    def copy(self, target: Path) -> Path:
        return Path(shutil.copytree(self.folder, target))

    def faults(self, folder: Path) -> list[str]:
        """What the proof says of the files in a folder, as ``file: message``."""
        layouts = read_layouts((folder / "regions.json").read_bytes())
        examiner = Examiner(folder, "out", self.known, layouts)
        found = prove(examiner, self.files, StudentFile("print.pdf"), jobs=1)
        return [f"{d.span.path}: {d.message}" for d in found if d.span]


def sit(root: Path, folder: Path) -> Sat:
    """Build the exam, and build it once more in memory."""
    built = run(root, "exam", "build", EXAM, "--roster", str(root / "roster.csv"))
    assert built.exit_code == 0, built.output
    asked = request(root)
    folder.mkdir()
    made = produce(asked, folder, asked.cache, lambda words: None).value
    assert made is not None
    return Sat(root, made, known_of(made, root.as_posix()))


def change(path: Path, how: Callable[[pikepdf.Pdf], object]) -> None:
    """Open a PDF, change it, and write it again."""
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        how(document)
        document.save(path)
