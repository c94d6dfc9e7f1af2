"""Drawings in SVG: as they are on pages, and as PDF in LaTeX."""

from __future__ import annotations

import base64
import io
import shutil
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from notesbuild.pdf.text import page_texts
from notesbuild.sphinxext.svg_pdf import CACHE, CONVERTER
from notesbuild.tex.engine import run_tex
from tests.sphinxext.built import Built, build, make, third_party, write

pytestmark = third_party

PAGE = "# One\n\nBefore.\n\n![a word](plot.svg)\n"
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48">
<rect width="90" height="40" fill="#eef"/>
<text x="4" y="30" font-family="sans-serif" font-size="14">Éclair</text>{}
</svg>"""


def pdf_of(built: Built) -> bytes:
    return (built.out / "plot.pdf").read_bytes()


def kept(built: Built) -> list[Path]:
    return sorted((Path(built.env.doctreedir) / CACHE).iterdir())


def test_a_drawing_is_shown_in_both_forms(tmp_path: Path) -> None:
    files = {"one.md": PAGE, "plot.svg": DRAWING.format("")}
    page = make(tmp_path, files)
    assert page.warnings == ()
    assert 'src="_images/plot.svg"' in page.text("one.html")
    built = build(tmp_path, "latex")
    assert built.warnings == ()
    assert r"\sphinxincludegraphics{{plot}.pdf}" in built.tex()
    with pikepdf.open(io.BytesIO(pdf_of(built))) as document:
        (only,) = document.pages
        # A pixel is the 96th part of an inch.
        assert [float(side) for side in only.mediabox] == [0, 0, 72, 36]
    (tex,) = built.out.glob("*.tex")
    run = run_tex(built.out, tex.stem, engine="pdflatex", timeout=120, settle=("aux",))
    assert run.pdf is not None
    assert any("Éclair" in text for text in page_texts(run.pdf))


def test_the_same_drawing_is_converted_once(tmp_path: Path) -> None:
    files = {"one.md": PAGE, "plot.svg": DRAWING.format("")}
    first, second = (make(tmp_path / name, files, "latex") for name in "ab")
    assert pdf_of(first) == pdf_of(second)
    (before,) = kept(first)
    before.write_bytes(b"%PDF kept")
    write(tmp_path / "a", {**files, "one.md": f"{PAGE}\nMore.\n"})
    again = build(tmp_path / "a", "latex")
    assert pdf_of(again) == b"%PDF kept"
    write(tmp_path / "a", {**files, "plot.svg": DRAWING.format("<g/>")})
    assert pdf_of(build(tmp_path / "a", "latex")) == pdf_of(second)


def test_without_the_program_it_is_told_which_package_has_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    built = make(tmp_path / "p", {"one.md": PAGE, "plot.svg": DRAWING.format("")}, "latex")
    (said,) = built.warnings
    assert said.startswith("one.md:5: ")
    assert "LaTeX cannot show “plot.svg”" in said
    assert CONVERTER in said and "librsvg2-bin" in said
    assert "includegraphics{{plot" not in built.tex()


def test_a_pdf_beside_it_needs_no_program(tmp_path: Path, monkeypatch) -> None:
    source = tmp_path / "p"
    write(source, {"one.md": PAGE.replace(".svg", ".*"), "plot.svg": DRAWING.format("")})
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(source / "plot.pdf")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert build(source, "latex").warnings == ()


@pytest.mark.parametrize("svg", ["<svg", "", "<html/>"])
def test_a_broken_drawing_is_told_at_its_line(tmp_path: Path, svg: str) -> None:
    built = make(tmp_path, {"one.md": PAGE, "plot.svg": svg}, "latex")
    (said,) = built.warnings
    assert said.startswith("one.md:5: ")
    assert "“plot.svg” cannot be shown in LaTeX: " in said
    assert "includegraphics{{plot" not in built.tex()
    assert not list((Path(built.env.doctreedir) / CACHE).glob("*"))


def test_a_drawing_that_never_ends_is_told(tmp_path: Path, monkeypatch) -> None:
    add = tmp_path / "bin" / CONVERTER
    add.parent.mkdir()
    add.write_text("#!/bin/sh\nexec sleep 60\n")
    add.chmod(0o755)
    monkeypatch.setenv("PATH", f"{add.parent}:/usr/bin:/bin")
    monkeypatch.setattr("notesbuild.sphinxext.svg_pdf._SECONDS", 0.3)
    built = make(tmp_path / "p", {"one.md": PAGE, "plot.svg": DRAWING.format("")}, "latex")
    (said,) = built.warnings
    assert "does not come to an end" in said


def test_a_drawing_shows_no_other_file(tmp_path: Path) -> None:
    """As in a page: only what it brings along."""
    stream = io.BytesIO()
    Image.new("RGB", (3, 3), "red").save(stream, "PNG")
    (tmp_path / "secret.png").write_bytes(stream.getvalue())
    inside = f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
    counts = {}
    for name, href in {
        "relative": "secret.png",
        "absolute": f"file://{tmp_path}/secret.png",
        "inside": inside,
    }.items():
        image = f'<image href="{href}" width="20" height="20"/>'
        source = tmp_path / name
        source.mkdir()
        shutil.copy(tmp_path / "secret.png", source)
        files = {"one.md": PAGE, "plot.svg": DRAWING.format(image)}
        built = make(source, files, "latex")
        with pikepdf.open(io.BytesIO(pdf_of(built))) as document:
            counts[name] = sum(
                isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
                for one in document.objects
            )
    assert counts == {"relative": 0, "absolute": 0, "inside": 1}
