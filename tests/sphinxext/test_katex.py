"""Mathematics on pages: finished, without scripts, and with mistakes reported where they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notesbuild.run.katex import Katex, katex_script, render_formulas
from notesbuild.sphinxext.html import STATIC
from tests.sphinxext.built import build, make, third_party, write

pytestmark = third_party

MACROS = r"""
    % numbers
    \newcommand{\R}{\mathbb{R}}
    \DeclareMathOperator*{\argmax}{arg\,max}
"""


def test_pages_are_finished_and_ask_no_other_host(tmp_path: Path) -> None:
    conf = 'html_theme = "sphinx_book_theme"\nnotesbuild_macros = "macros.tex"'
    page = "# One: $x^2$\n\nLet $x \\in \\R$.\n\n$$ \\argmax_x f $$ (eq-f)\n"
    built = make(tmp_path, {"one.md": page, "macros.tex": MACROS}, conf=conf)
    html = built.text("one.html")
    assert built.warnings == ()
    assert html.count("<math ") >= 3 and html.count('class="katex-html"') >= 3
    assert '<span class="eqno">(1.1)' in html
    assert "katex.min.css" in html and "katex.min.js" not in html
    for path in built.out.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"<(?:script|img|iframe)[^>]+src=\"(?:https?:)?//", text) == []
        assert re.findall(r"<link[^>]+href=\"(?:https?:)?//", text) == []
    styles = (built.out / "_static" / "katex" / "katex.min.css").read_text(encoding="utf-8")
    fonts = set(re.findall(r"url\(([^)]*)\)", styles))
    assert fonts and all((built.out / "_static" / "katex" / font).is_file() for font in fonts)


def test_styles_and_script_are_of_one_version() -> None:
    styles = (STATIC / "katex" / "katex.min.css").read_text(encoding="utf-8")
    (version,) = re.findall(r'katex-version:after\{content:"([^"]+)"', styles)
    assert f'version:"{version}"' in katex_script().read_text(encoding="utf-8")


def test_mistakes_are_warnings_with_their_place(tmp_path: Path) -> None:
    page = """
        # One

        A paragraph of
        two lines with $\\nothing{x}$.

        :::{prf:theorem}
        Text.

        $$
        \\frac{1
        $$
        :::

        After that.
    """
    built = make(tmp_path, {"one.md": page})
    places = [line.split(" WARNING: ")[0] for line in built.warnings]
    assert built.warnings[0] == (
        "one.md:4: WARNING: KaTeX: Undefined control sequence: \\nothing in “\\nothing{x}”"
        " [notesbuild.math]"
    )
    assert places[1] == "one.md:9:"
    assert "expected '}'" in built.warnings[1] and "\\frac{1" in built.warnings[1]
    assert '<code class="math-error">\\nothing{x}</code>' in built.text("one.html")
    assert "After that." in built.words("one.html")


def test_rst_mistakes_have_their_place(tmp_path: Path) -> None:
    page = "One\n===\n\nText,\nthen :math:`\\nothing`.\n\n.. math::\n\n   \\nothing\n"
    built = make(tmp_path, {"one.rst": page})
    assert [line.split(" WARNING")[0] for line in built.warnings] == ["one.rst:5:", "one.rst:7:"]


def test_what_latex_reads_differently_is_said(tmp_path: Path) -> None:
    built = make(tmp_path, {"one.md": "# One\n\n$x é$\n"})
    (warning,) = built.warnings
    assert "LaTeX would not read this alike" in warning and "[notesbuild.math]" in warning


def test_macros_that_change_are_used(tmp_path: Path) -> None:
    conf = 'notesbuild_macros = "macros.tex"'
    files = {"one.md": "# One\n\n$\\R$\n", "macros.tex": MACROS}
    write(tmp_path, files, conf)
    assert 'mathbb">R<' in build(tmp_path).text("one.html")
    write(tmp_path, {**files, "macros.tex": MACROS.replace("{R}", "{Q}")}, conf)
    assert 'mathbb">Q<' in build(tmp_path).text("one.html")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formulas that KaTeX is given from now on."""
    given: list[str] = []
    render = Katex.render

    def noted(katex, formulas, macros, **options):
        given.extend(tex for tex, _ in formulas)
        return render(katex, formulas, macros, **options)

    monkeypatch.setattr(Katex, "render", noted)
    return given


@pytest.mark.parametrize("damage", [False, True])
def test_after_an_edit_only_new_formulas_are_rendered(
    tmp_path: Path, asked: list[str], *, damage: bool
) -> None:
    before = {"one.md": "# On $x$\n\nText $y$, $\\nothing$.\n\n$$z$$\n"}
    after = {"one.md": "# On $x$\n\nWords $y$, $z$, $\\nothing$.\n\n$$z$$\n"}
    first = make(tmp_path / "edited", before)
    assert asked.count("y") == 1 and len(first.warnings) == 1
    asked.clear()
    if damage:
        (tmp_path / "edited/_build/doctrees/one.doctree").write_bytes(b"\x80\x05cut")
    again = make(tmp_path / "edited", after)
    # What KaTeX complained about is said again; z is no display any more in one place.
    assert sorted(asked) == (["\\nothing", "x", "y", "z", "z"] if damage else ["\\nothing", "z"])
    assert again.warnings == first.warnings
    assert again.text("one.html") == make(tmp_path / "anew", after).text("one.html")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\\def\\a{b}", "macros.tex:1:1: WARNING: “\\def” is not a definition"),
        (None, "macros.tex:1: WARNING: the file of macros cannot be read"),
    ],
)
def test_wrong_macro_files(tmp_path: Path, text: str | None, expected: str) -> None:
    files = {"one.md": "# One\n"} | ({} if text is None else {"macros.tex": text})
    built = make(tmp_path, files, conf='notesbuild_macros = "macros.tex"')
    (warning,) = built.warnings
    assert warning.startswith(expected) and warning.endswith("[notesbuild.macros]")


def test_pages_built_after_latex_have_mathematics(tmp_path: Path) -> None:
    """Both builders may share their doctrees, and LaTeX renders nothing."""
    write(tmp_path, {"one.md": "# On $x$\n\nText $y$.\n"})
    build(tmp_path, "latex")
    assert build(tmp_path).text("one.html").count('class="katex-mathml"') >= 2


def test_formulas_know_nothing_of_each_other() -> None:
    formulas = [("\\gdef\\x{1}\\x", False), ("\\x", False), ("a", True), ("a", True)]
    first, second, third, fourth = render_formulas(formulas, {"\\y": "2"})
    assert first.html and not first.error
    assert second.error == "Undefined control sequence: \\x"
    assert third == fourth and "katex-display" in third.html


def test_a_formula_cannot_load_or_run_anything() -> None:
    (link,) = render_formulas([("\\href{javascript:alert(1)}{x}", False)], {})
    assert "<a " not in link.html
    (loop,) = render_formulas([("\\x", False)], {"\\x": "\\x\\x"})
    assert "Too many expansions" in loop.error
