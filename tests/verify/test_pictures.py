"""Pictures of problems are read back like everything else."""

from __future__ import annotations

import io
import shutil

import pikepdf
import pytest
from PIL import Image

from tests.small import SMALL

from .sitting import EXAM, FOLDER, MIDTERM, change, run, write

BODY = r"""
Which number is prime? See
\includegraphics[width=2cm]{plot.pdf}, \includegraphics[width=1cm]{photo.jpg} and
\includegraphics[width=1cm]{grid.png}, or
\begin{tikzpicture} \shade[left color=red] (0,0) rectangle (1,1); \end{tikzpicture}.
"""
FILES = {
    **SMALL,
    "exams/small/quiz.yaml": MIDTERM,
    "problem_bank/primes/prime-choice.tex": SMALL["problem_bank/primes/prime-choice.tex"].replace(
        "Which number is prime?", BODY.strip()
    ),
}


def picture(form: str) -> bytes:
    stream = io.BytesIO()
    Image.linear_gradient("L").resize((40, 40)).convert("RGB").save(stream, form)
    return stream.getvalue()


def plot() -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(80, 60))
    page.Contents = document.make_stream(b"0 0 40 30 re f")
    document.docinfo["/Author"] = "A. Instructor"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = write(tmp_path_factory.mktemp("pictures"), FILES)
    beside = root / "problem_bank/primes/prime-choice"
    beside.mkdir()
    (beside / "plot.pdf").write_bytes(plot())
    (beside / "photo.jpg").write_bytes(picture("jpeg"))
    (beside / "grid.png").write_bytes(picture("png"))
    for command in ("draw", "build"):
        done = run(root, "exam", command, EXAM)
        assert done.exit_code == 0, done.output
    return root


def test_pictures_pass_and_nobody_is_named_in_them(course):
    result = run(course, "exam", "verify", EXAM, "--jobs", "1")
    assert result.exit_code == 0, result.output


def test_another_picture_in_the_place_of_one_is_found(course, tmp_path):
    root = shutil.copytree(course, tmp_path / "course")

    def plant(document):
        for item in document.objects:
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image":
                item.write(b"\x00" * 4800)
                return
        raise AssertionError("the paper has no picture")

    change(root / FOLDER / "quiz-A.pdf", plant)
    result = run(root, "exam", "verify", EXAM, "--jobs", "1")
    assert "the file holds a piece that was not set for students" in result.output


def test_words_about_a_picture_are_found(course, tmp_path):
    root = shutil.copytree(course, tmp_path / "course")

    def plant(document):
        for item in document.objects:
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image":
                item["/PTEX.FileName"] = pikepdf.String("./prime-choice/photo.jpg")

    change(root / FOLDER / "quiz-A.pdf", plant)
    result = run(root, "exam", "verify", EXAM, "--jobs", "1")
    assert "the file holds the path of a picture" in result.output
    assert "the file holds the name of the problem prime-choice" in result.output
