"""Pictures drawn in LaTeX: on pages, in the PDF, and what is said of wrong ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notesbuild.sphinxext.svg import inline_svg
from tests.sphinxext.built import build, make, third_party, write

pytestmark = third_party

LINE = """
    # One

    See {numref}`fig-line`.

    :::{tikz} A *line* in $x$
    :label: fig-line
    :alt: A line with an "x" at its end.

    \\draw (0,0) -- (2,1) node[right] {$x$};
    :::
"""
SAME = """
    Two
    ===

    .. tikz::
       :alt: Nothing but a line.

       \\draw (0,0) -- (2,1) node[right] {$x$};
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    source = tmp_path_factory.mktemp("tikz")
    write(source, {"one.md": LINE, "two.rst": SAME})
    return source


def test_a_picture_stands_in_the_page(source: Path) -> None:
    built = build(source)
    assert built.warnings == ()
    page = built.text("one.html")
    assert 'role="img" aria-label="A line with an &quot;x&quot; at its end."' in page
    assert page.count("<svg") == 1
    assert "<?xml" not in page
    assert "Fig. 1.1" in built.words("one.html") or "Figure 1.1" in built.words("one.html")
    assert 'id="fig-line"' in page
    assert not re.findall(r"(?:src|href)=\"http", page.split("<figure")[1].split("</figure>")[0])
    assert 'aria-label="Nothing but a line."' in built.text("two.html")


def test_the_same_picture_is_drawn_once_and_kept(source: Path) -> None:
    build(source)
    kept = source / "_build" / "doctrees" / "tikz"
    files = {path.name: path.stat().st_mtime_ns for path in kept.iterdir()}
    assert len(files) == 2  # one PDF, one SVG
    latex = build(source, "latex")
    assert latex.warnings == ()
    assert {path.name: path.stat().st_mtime_ns for path in kept.iterdir()} == files
    (name,) = set(re.findall(r"\\nbpicture\{(tikz-\w+\.pdf)\}", latex.tex()))
    assert (latex.out / name).read_bytes() == next(kept.glob("*.pdf")).read_bytes()
    assert r"\nbfix{figure}{1.1}" in latex.tex()


def test_what_is_not_shown_any_more_is_forgotten(tmp_path: Path) -> None:
    write(tmp_path, {"one.md": LINE})
    first = build(tmp_path, "latex")
    before = {path.name for path in first.out.glob("tikz-*.pdf")}
    write(tmp_path, {"one.md": LINE.replace("(2,1)", "(3,1)")})
    second = build(tmp_path, "latex")
    after = {path.name for path in second.out.glob("tikz-*.pdf")}
    assert len(before) == len(after) == 1
    assert before != after
    assert len(list((tmp_path / "_build/doctrees/tikz").iterdir())) == 2


def test_preamble_and_macros_reach_pictures(tmp_path: Path) -> None:
    conf = r"""
    notesbuild_macros = "macros.tex"
    notesbuild_tikz_preamble = r"\tikzset{mine/.style={red}}"
    """
    text = LINE.replace("\\draw (0,0)", "\\draw[mine] (0,0)").replace("{$x$}", "{$\\R$}")
    macros = "\\newcommand{\\R}{\\mathbb{R}}\n"
    built = make(tmp_path, {"one.md": text, "macros.tex": macros}, conf=conf)
    assert built.warnings == ()
    assert "rgb(100%,0%,0%)" in built.text("one.html")


def test_other_builders_say_what_is_shown(tmp_path: Path) -> None:
    built = make(tmp_path, {"one.md": LINE}, "text")
    assert built.warnings == ()
    assert '[A line with an "x" at its end.]' in built.text("one.txt")


WRONG = """
    # One

    Text.

    :::{tikz} Unknown
    :alt: x
    :label: fig-x

    \\draw (0,0) -- (1,0);
    \\drw (0,0);
    :::

    :::{tikz} No words
    \\draw (0,0) -- (1,0);
    :::

    ```{tikz} Nothing
    :alt: x
    \\path (0,0);
    ```

    ```{tikz}
    :alt: x
    :file: lines.tex
    ```

    ```{tikz}
    :alt: x
    ```
"""
WRONG_RST = """
    Two
    ===

    .. tikz:: Unknown
       :alt: x

       \\draw (0,0) -- (1,0);
       \\drw (0,1);
"""


def test_errors_are_told_at_the_authors_line(tmp_path: Path) -> None:
    lines = "\\draw (0,0);\n\n\\dro (0,0);\n"
    write(tmp_path, {"one.md": WRONG, "two.rst": WRONG_RST, "lines.tex": lines})
    for _ in range(2):  # a wrong picture is told again
        said = build(tmp_path).warnings
        places = sorted(w.split(" ")[0] for w in said if "unknown command" in w)
        assert places == ["lines.tex:3:", "one.md:10:", "two.rst:8:"]
        assert any(w.startswith("one.md:19:") and "shows nothing" in w for w in said), said
    first = make(tmp_path / "other", {"one.md": WRONG, "lines.tex": "\\draw (0,0) -- (1,1);"})
    assert any(w.startswith("one.md:13") and "needs :alt:" in w for w in first.warnings)
    assert any(w.startswith("one.md:27") and "needs its code" in w for w in first.warnings)


@pytest.mark.parametrize(
    "code",
    [
        "\\input{/etc/hostname}",
        "\\write18{id}",
        "\\directlua{os.exit()}",
        "\\node {\\saveimageresource{/tmp/secret.png}\\useimageresource 1};",
        "\\csname input\\endcsname{/etc/hostname}",
        "\\node {^^5cinput{/etc/hostname}};",
    ],
)
def test_forbidden_commands_never_reach_tex(tmp_path: Path, code: str) -> None:
    text = LINE.replace("\\draw (0,0) -- (2,1) node[right] {$x$};", code)
    built = make(tmp_path, {"one.md": text})
    assert any(re.match(r"one\.md:9: .*is not allowed in a picture", w) for w in built.warnings)
    assert "<svg" not in built.text("one.html")


@pytest.mark.parametrize(
    "code",
    [
        "\\draw plot file {SECRET};",
        "\\node {\\includegraphics{SECRET}};",
        "\\begin{tikzpicture}\\begin{axis}\\addplot table {SECRET};\\end{axis}\\end{tikzpicture}",
        "\\draw plot[id=f] function {sin(x)};",
    ],
)
@pytest.mark.parametrize("way", ["absolute", "relative"])
def test_a_picture_reads_no_file(tmp_path: Path, code: str, way: str) -> None:
    secret = tmp_path / "secret.dat"
    secret.write_text("0 0\n77 77\n", "utf-8")
    path = str(secret) if way == "absolute" else "../../../../secret.dat"
    text = LINE.replace("\\draw (0,0) -- (2,1) node[right] {$x$};", code.replace("SECRET", path))
    built = make(tmp_path / "project", {"one.md": text})
    assert "<svg" not in built.text("one.html")
    assert any(w.startswith("one.md:9: ") for w in built.warnings), built.warnings


def test_names_in_a_picture_are_its_own() -> None:
    raw = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        b' width="21.9pt" height="10pt" viewBox="0 0 21.9 10"><g id="a"/>'
        b'<use xlink:href="#a"/><g clip-path="url(#a)"/></svg>'
    )
    shown = inline_svg(raw)
    name = re.search(r'id="(nb-[0-9a-f]+-a)"', shown)
    assert name
    assert f'href="#{name[1]}"' in shown
    assert f"url(#{name[1]})" in shown
    assert "max-width:2em" in shown
    assert inline_svg(raw.replace(b"21.9", b"22.9")) != shown
