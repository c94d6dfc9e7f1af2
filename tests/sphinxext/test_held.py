"""Formulas that keep the marks beside them on one line, on pages."""

from pathlib import Path

from bs4 import BeautifulSoup

from tests.sphinxext.built import make

LONG = "f(x) = a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9"
TEXT = rf"""
# Title

Let $x$, and ($y$) or ($z$, see below); the $n$-th of $k$ words, and $w$.

Then $a$ and $b$ -- and **$c$**. Twice $p$$q$, a fraction
$\frac{{a + b + c + d + e + f + g + h}}{{2}}$,
at last ${LONG}$.

(here)=
## A title (of $t$)

Of $u$-dimensional spaces, {{any}}`$v$! <here>`.
"""


def held_on(page: str) -> list[str]:
    """What stands in each element that no line breaks, a formula as its own mark."""
    soup = BeautifulSoup(page, "html.parser")
    article = soup.select_one("div.body, article, main") or soup
    found = []
    for element in article.select(".nb-hold"):
        for formula in element.select(".math"):
            formula.replace_with("@")
        found.append(element.get_text())
    return found


def test_a_formula_keeps_the_marks_beside_it(tmp_path: Path) -> None:
    built = make(tmp_path, {"one.md": TEXT})
    assert built.warnings == ()
    assert held_on(built.text("one.html")) == [
        *("@,", "(@)", "(@,", "@-th", "@."),
        *("@,", "@,"),  # behind q, and behind the fraction, which cannot break anyhow
        "@)",
    ]
    words = " ".join(BeautifulSoup(built.text("one.html"), "html.parser").get_text().split())
    assert "see below); the" in words and "-th of" in words and "-dimensional spaces" in words


def test_other_outputs_are_as_they_were(tmp_path: Path) -> None:
    tex = make(tmp_path, {"one.md": TEXT}, "latex").tex()
    assert r"and (\(y\)) or (\(z\), see below)" in tex
