"""Papers as web pages, for students who read with a screen reader."""

from __future__ import annotations

import html
import io
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from notesbuild.exam.memory import Memory
from notesbuild.exam.rendering import copies_of
from notesbuild.exam.webpage import _leaks
from tests.browser.test_access import SIZES, looked_at, violations
from tests.browser.test_site import chromium  # noqa: F401
from tests.small import SMALL

from .sitting import EXAM, FOLDER, MIDTERM, request, run, write

ROSTER = "id,name,seat,html,extra_time\ns1,이재호,A1,yes,20%\ns2,Bob <b>,A2,,\ns3,Ann,A3,x,\n"
CHOICE, PROOF = "problem_bank/primes/prime-choice.tex", "problem_bank/means/mean-minimizes.tex"
RICH = r"""Which number is prime?\footnote{A prime has \emph{two} divisors.} See
\BLOCK{include "shown.tex"} and the table

\begin{tabular}{ll} $n$ & prime \\ \hline 7 & yes \end{tabular}
\begin{enumerate} \item one \item two % a word to the colleagues
\end{enumerate}"""
FILES = {
    **SMALL,
    "exams/small/quiz.yaml": MIDTERM
    + 'instructions: "Write \\\\emph{clearly}; $\\\\R$ is real."\n',
    "notes/courses/small.yaml": SMALL["notes/courses/small.yaml"]
    + "exam_policy: |\n  No *books*, but:\n\n  - a pen\n",
    CHOICE: SMALL[CHOICE].replace("Which number is prime?", RICH),
    PROOF: SMALL[PROOF].replace("with respect to $a$", "with respect to that number $a$"),
    "roster.csv": ROSTER,
}


def course(root: Path, files: dict[str, str] = FILES) -> Path:
    write(root, files)
    picture = root / "problem_bank/primes/prime-choice/photo.png"
    picture.parent.mkdir(exist_ok=True)
    stream = io.BytesIO()
    Image.linear_gradient("L").resize((40, 40)).save(stream, "PNG")
    picture.write_bytes(stream.getvalue())
    shown = r"\includegraphics[width=2cm,alt={A line that rises}]{photo.png}"
    picture.with_name("shown.tex").write_text(shown, "utf-8")
    drawn = run(root, "exam", "draw", EXAM)
    assert drawn.exit_code == 0, drawn.output
    return root


def built(root: Path, *more: str):
    return run(root, "exam", "build", EXAM, "--roster", str(root / "roster.csv"), *more)


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> Path:
    root = course(tmp_path_factory.mktemp("pages"))
    result = built(root)
    assert result.exit_code == 0, result.output
    assert "warning" not in result.output
    return root


def page(root: Path, student: str) -> str:
    return (root / FOLDER / f"students/{student}.html").read_text("utf-8")


def read(root: Path, student: str) -> str:
    """What is read aloud: formulas as LaTeX, from the annotation of their MathML."""
    text = page(root, student).partition("</head>")[2]
    text = re.sub(r"<math.*?<annotation[^>]*>(.*?)</annotation>.*?</math>", r"$\1$", text)
    text = re.sub(r'<span class="katex-html".*?</span>(?=</span>)', "", text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_only_who_asks_for_a_page_gets_one(own):
    found = sorted(path.name for path in (own / FOLDER / "students").iterdir())
    assert found == ["s1.html", "s1.pdf", "s2.pdf", "s3.html", "s3.pdf"]


def test_a_page_says_what_the_paper_says(own):
    words = read(own, "s1")
    for said in (
        "Small course · Spring 2030",
        "Name 이재호",
        "Student ID s1 Seat A1",
        "54 minutes, 9 minutes of them extra time",
        "3, 17 points in total",
        "Write clearly",
        "No books , but: a pen",
        "Question 1 3 points",
        "(A prime has two divisors.)",
        "1. one 2. two",
        "D. None of these.",
        "(a) 5 points Show that",
        "(b) 3 points Is the minimizer unique?",
    ):
        assert said in words
    assert "<em>clearly</em>" in page(own, "s1")
    assert 'alt="A line that rises"' in page(own, "s1")
    assert '<img src="data:image/png;base64,' in page(own, "s1")
    assert re.search(r'<mi mathvariant="double-struck">R</mi>', page(own, "s1"))


def test_choices_stand_as_the_version_has_them(own):
    made = request(own)
    for student in ("s1", "s3"):
        (version,) = re.findall(r"<dt>Version</dt><dd>(\w)</dd>", page(own, student))
        (drawn,) = (v for v in made.lock.versions if v.version == version)
        order = next(item.choices[0] for item in drawn.items if item.choices)
        numbers = [("4", "5", "6", "")[place] for place in order]
        found = re.findall(r'"mark">([A-C])\.</div><div><p>.*?<mn>(\d)</mn>', page(own, student))
        assert found == [(letter, n) for letter, n in zip("ABC", numbers, strict=False) if n]


def test_nothing_that_is_not_the_students_is_on_a_page(own):
    for student in ("s1", "s3"):
        text = page(own, student)
        for secret in (
            "Differentiate",
            "strict convexity",
            "prime-choice",
            "colleagues",
            "[fixed]",
        ):
            assert secret not in text
        assert "no divisor" not in read(own, student)
        assert "http:" not in re.sub(r'xmlns="[^"]*"', "", text)


def test_solutions_change_nothing_on_a_page(own, tmp_path):
    other = {**FILES, PROOF: FILES[PROOF].replace("Differentiate with", "Derive once with")}
    other[CHOICE] = other[CHOICE].replace("no divisor but", "no factor but")
    root = course(tmp_path, other)
    assert built(root).exit_code == 0
    assert page(root, "s1") == page(own, "s1")


def test_a_leak_would_be_found(own):
    whole = request(own)
    assert whole.roster is not None
    copies, _ = copies_of(whole.project, whole.lock, None, Memory(None))
    text = page(own, "s1")
    assert list(_leaks(text, copies[0])) == []
    said = "<p>Differentiate <i>with</i> respect to that number</p>"
    (found,) = _leaks(text.replace("</main>", f"{said}</main>"), copies[0])
    assert found.startswith("words of the solution of mean-minimizes")
    (found,) = _leaks(text.replace("<main>", '<main id="mean-minimizes">'), copies[0])
    assert found == "the name of the problem mean-minimizes"


def test_verify_repeats_pages_too(own, tmp_path):
    root = shutil.copytree(own, tmp_path / "course")
    roster = ("--roster", str(root / "roster.csv"))
    result = run(root, "exam", "verify", EXAM, *roster)
    assert result.exit_code == 0, result.output
    path = root / FOLDER / "students/s1.html"
    path.write_text(path.read_text("utf-8").replace("Question 1", "Question 7"), "utf-8")
    result = run(root, "exam", "verify", EXAM, *roster)
    assert result.exit_code == 1
    assert f"{FOLDER}/students/s1.html: error[not-reproduced]" in result.output


def test_what_a_page_cannot_show_is_told_and_the_papers_are_made(tmp_path):
    wrong = FILES[PROOF].replace("be real numbers.", r"be real \rotatebox{9}{numbers}.")
    wrong = wrong.replace(
        r"Is the minimizer", r"Is $\mathchoice{a}{b}{c}{d}\hfilneg$ the minimizer"
    )
    root = course(tmp_path, {**FILES, PROOF: wrong})
    result = built(root)
    assert f"{PROOF}:12:31: warning[latex-not-shown]: \\rotatebox cannot be" in result.output
    assert (
        f"{PROOF}:19:1: warning[math-wrong]: KaTeX: Undefined control sequence: \\hfilneg"
        in result.output
    )
    assert "no web page, only the PDF: s1, s3" in result.output
    found = sorted(path.name for path in (root / FOLDER / "students").iterdir())
    assert found == ["s1.pdf", "s2.pdf", "s3.pdf"]


def test_a_page_has_no_password(own, tmp_path):
    root = shutil.copytree(own, tmp_path / "course")
    (root / "passwords.csv").write_text("id,password\ns1,pears\ns2,apples\ns3,figs\n", "utf-8")
    result = built(root, "--password-file", str(root / "passwords.csv"))
    assert result.exit_code == 0
    for place, student in (("2:11", "s1"), ("4:11", "s3")):
        told = f"roster.csv:{place}: warning[roster-wrong]: {student} gets no web page, only the"
        assert told in result.output
    assert not list((root / FOLDER / "students").glob("*.html"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_page(chromium, own, scheme):  # noqa: F811
    folder = own / FOLDER / "students"
    shown, wrong = looked_at(chromium, folder, "s1.html", color_scheme=scheme)
    for width, height in SIZES:
        shown.set_viewport_size({"width": width, "height": height})
        assert violations(shown) == []
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert wrong == []
    shown.context.close()
