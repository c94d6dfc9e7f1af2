"""What helps in reading: uses below results, lists, notation, the index, previews, the graph."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from notesbuild.sphinxext.previews import cut_element
from notesbuild.sphinxext.readable import readable
from tests.sphinxext.built import Built, build, make, repeated_ids, third_party, write

pytestmark = third_party

ONE = r"""
# One

A {index}`mean` is meant.

::::{prf:definition} The norm $\ell_1$
:label: def-norm
A {index}`norm`.

:::{notation} $\lVert x\rVert_1$
The norm of $x$, see {prf:ref}`thm-main`.
:::

::::

:::{prf:theorem} Massart's lemma
:label: thm-main
By {prf:ref}`def-norm`,

$$
x^2
$$ (eq-square)

:::

:::{prf:proof}
As in {prf:ref}`lem-two`.
:::

:::{prf:theorem}
Without a label, by {prf:ref}`thm-main`.
:::
"""

TWO = """
# Two

See {eq}`eq-square` and {prf:ref}`thm-main`.

:::{prf:lemma}
:label: lem-two
By {prf:ref}`thm-main`.
:::
"""

PAGES = """
# All

```{prf:list}
```

```{prf:list} lemma
:by: chapter
```

```{prf:graph}
```

```{notation-list}
```
"""

FILES = {"one.md": ONE, "two.md": TWO, "all.md": PAGES, "far.md": "# Far\n\nNothing.\n"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reading")


@pytest.fixture(scope="module")
def site(project: Path) -> Built:
    built = make(project, FILES)
    assert built.warnings == ()
    return built


def uses(built: Built, page: str) -> list[str]:
    """The line of every result that has one."""
    found = re.findall(r'<div class="result-uses">(.*?)</div>', built.text(page), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in found]


def test_a_result_tells_what_it_uses_and_what_uses_it(site: Built) -> None:
    assert uses(site, "one.html") == [
        "Used by Theorem 1.2",
        "Uses Definition 1.1, Lemma 2.1 Used by Theorem 1.3, Lemma 2.1",
    ], "the statement of Theorem 1.3 shows itself what it uses"
    assert 'href="two.html#lem-two"' in site.text("one.html")
    assert repeated_ids(site.text("one.html")) == []


def test_many_uses_are_folded(tmp_path: Path) -> None:
    more = "".join(f"\n:::{{prf:lemma}} L{n}\n{{prf:ref}}`thm-main`\n:::\n" for n in range(5))
    built = make(tmp_path, {**FILES, "two.md": TWO + more})
    line = uses(built, "one.html")[1]
    assert "Used by Theorem 1.3, Lemma 2.1, Lemma 2.2 and 4 more Lemma 2.3" in line
    assert "<summary>and 4 more</summary>" in built.text("one.html")


def test_a_mere_mention_is_no_use(tmp_path: Path) -> None:
    mentions = TWO.replace("By {prf:ref}`thm-main`.", "Unlike {any}`thm-main`.")
    built = make(tmp_path, {**FILES, "two.md": mentions})
    assert uses(built, "one.html")[1] == "Uses Definition 1.1, Lemma 2.1 Used by Theorem 1.3"
    assert ">Theorem 1.2</span></a>" in built.text("two.html")


def test_lines_of_uses_can_be_left_out(tmp_path: Path) -> None:
    assert uses(make(tmp_path, FILES, conf="notesbuild_uses = False"), "one.html") == []


def test_pages_that_show_a_result_follow_it(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    build(tmp_path)
    write(tmp_path, {**FILES, "two.md": TWO.replace("By {prf:ref}`thm-main`.", "By itself.")})
    again = build(tmp_path)
    assert uses(again, "one.html")[1] == "Uses Definition 1.1, Lemma 2.1 Used by Theorem 1.3"
    assert again.written - {"index"} == {"one", "two", "all"}
    other = {**FILES, "one.md": ONE.replace("Massart's lemma", "A finite class")}
    write(tmp_path, other)
    renamed = build(tmp_path)
    assert "Theorem 1.2 (A finite class)" in renamed.words("all.html")
    assert "far" not in renamed.written
    write(tmp_path, {**other, "far.md": "# Far\n\nOther words.\n"})
    assert build(tmp_path).written <= {"far", "index"}


def test_reading_in_parallel_changes_nothing(site: Built, tmp_path: Path) -> None:
    write(tmp_path, {**FILES, **{f"c{n}.md": f"# C{n}\n" for n in range(6)}})
    serial = build(tmp_path)
    pages = ("one.html", "all.html", "_previews/one.html.js")
    before = [serial.text(page) for page in pages]
    assert [build(tmp_path, jobs=2, fresh=True).text(page) for page in pages] == before


def test_lists_have_kinds_numbers_and_titles(site: Built) -> None:
    words = site.words("all.html")
    assert "Theorems Theorem 1.2 (Massart’s lemma) Theorem 1.3 Lemmas Lemma 2.1" in words
    assert "2. Two Lemma 2.1" in words
    assert 'class="katex"' in site.text("all.html")
    assert 'href="one.html#thm-main"' in site.text("all.html")


def test_an_unknown_kind_is_told(tmp_path: Path) -> None:
    built = make(tmp_path, {"a.md": "# A\n\n```{prf:list} theorme\n```\n"})
    assert "no kind of result “theorme”" in built.warnings[0]


def test_notation_is_listed_and_not_shown_in_its_place(site: Built) -> None:
    assert "The norm of" not in site.words("one.html")
    assert 'id="notation-0"' in site.text("one.html")
    assert re.search(r"The norm of .*, see Theorem 1\.2\. Definition 1\.1", site.words("all.html"))
    assert 'href="one.html#notation-0"' in site.text("all.html")


def test_what_is_kept_does_not_bring_documents_along(site: Built) -> None:
    """Sphinx stores all of it at each build; a node that knows its document would store that."""
    pages = site.env.get_domain("nb").data["documents"].values()
    kept = [node for page in pages for node in page.titles.values()]
    kept += [entry.node for page in pages for entry in page.notations]
    assert len(kept) > 2
    assert not any(inner.document for node in kept for inner in node.findall())


def test_the_index_leads_to_results(site: Built) -> None:
    assert 'href="one.html#index-1">norm</a>' in site.text("genindex.html")


def previews(built: Built, page: str) -> dict[str, str]:
    text = built.text(f"_previews/{page}.js")
    name, data = json.loads(f"[{text.removeprefix('notesbuildPreviews(').rstrip().rstrip(');')}]")
    assert name == page
    return data


def test_previews_are_the_finished_elements(site: Built) -> None:
    found = previews(site, "one.html")
    assert found.keys() == {
        "def-norm",
        "thm-main",
        "equation-eq-square",
        "theorem-one-0",
    }
    assert found["thm-main"] in site.text("one.html")
    assert "katex" in found["equation-eq-square"]
    assert "As in" not in "".join(found.values()), "a proof is in a preview"


def test_previews_go_with_their_pages(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    before = build(tmp_path)
    assert previews(before, "far.html") == {}
    write(tmp_path, {**FILES, "one.md": ONE.replace("x^2", "x^7")})
    assert "x^7" in previews(build(tmp_path), "one.html")["thm-main"]
    (tmp_path / "far.md").unlink()
    write(tmp_path, {name: text for name, text in FILES.items() if name != "far.md"})
    assert not (build(tmp_path).out / "_previews" / "far.html.js").exists()


def test_previews_can_be_left_out(tmp_path: Path) -> None:
    built = make(tmp_path, FILES, conf="notesbuild_previews = False")
    assert not (built.out / "_previews").exists()
    assert "notesbuild-previews" not in built.text("one.html")


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p>a</p><div class="x" id="a"><div>b</div>c</div><div>d</div>', "<div>b</div>c</div>"),
        ('<p><img src="x" id="a"/>z</p>', 'id="a"/>'),
        ('<div id="ab">b</div><section id="a">s</section>', '<section id="a">s</section>'),
    ],
)
def test_an_element_is_cut_whole(html: str, found: str) -> None:
    cut = cut_element(html, "a")
    assert cut is not None and cut in html and cut.endswith(found)
    assert cut_element(html, "zz") is None


def test_a_directory_site_and_one_page(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert previews(build(tmp_path, "dirhtml"), "one/index.html")
    one = build(tmp_path, "singlehtml")
    assert "Used by Theorem 1.3, Lemma 2.1" in " ".join(uses(one, "index.html"))
    assert not (one.out / "_previews").exists()


@pytest.mark.parametrize("builder", ["text", "man", "xml", "gettext", "latex", "epub"])
def test_every_builder_has_an_answer(tmp_path: Path, builder: str) -> None:
    built = make(tmp_path, FILES, builder=builder)
    assert not [line for line in built.warnings if "unknown node" in line or "ERROR" in line]
    if builder == "text":
        words = " ".join((built.out / "all.txt").read_text("utf-8").split())
        assert "Theorem 1.2 (Massart's lemma)" in words and "Uses Definition 1.1" in words


def test_the_graph_is_an_svg_of_links(site: Built) -> None:
    svg = re.search(r"<svg.*?</svg>", site.text("all.html"), re.DOTALL)
    assert svg is not None
    links = re.findall(r'<a class="nb-node[^"]*" href="([^"]+)"', svg[0])
    assert links == [
        "one.html#def-norm",
        "one.html#thm-main",
        "one.html#theorem-one-0",
        "two.html#lem-two",
    ]
    assert re.findall(r'data-from="(\d)" data-to="(\d)"', svg[0]) == [
        ("0", "1"),
        ("3", "1"),
        ("1", "2"),
        ("1", "3"),
    ]
    assert "<title>Definition 1.1 (The norm ℓ₁)</title>" in svg[0]
    assert "Theorem 1.2 (Massart’s lemma) – Uses Definition 1.1, Lemma 2.1" in site.words(
        "all.html"
    )


def test_a_project_can_ask_for_the_page_of_the_graph(tmp_path: Path, site: Built) -> None:
    assert not (site.out / "graph.html").exists()
    built = make(tmp_path, FILES, conf="notesbuild_graph = True")
    assert built.text("graph.html").count('class="nb-node') == 4
    assert "notesbuild-graph.js" in built.text("graph.html")
    assert "notesbuild-graph.js" not in built.text("one.html")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Verwendet Definition 1.1, Lemma 2.1 Verwendet in Satz 1.3, Lemma 2.1"),
        ("fr", "Utilise Définition 1.1, Lemme 2.1 Utilisé par Théorème 1.3, Lemme 2.1"),
        ("ko", "사용: 정의 1.1, 보조정리 2.1 사용된 곳: 정리 1.3, 보조정리 2.1"),
    ],
)
def test_words_are_in_the_language_of_the_project(
    tmp_path: Path, language: str, words: str
) -> None:
    built = make(tmp_path, FILES, conf=f'language = "{language}"')
    assert uses(built, "one.html")[1] == words


def search_index(built: Built) -> dict[str, object]:
    text = built.text("searchindex.js")
    return json.loads(text.removeprefix("Search.setIndex(").rstrip().rstrip(")"))


def test_the_search_knows_results_with_their_anchors(site: Built) -> None:
    index = search_index(site)
    docs = index["docnames"]
    assert isinstance(docs, list)
    objects = {
        f"{prefix}.{name}": (docs[doc], anchor)
        for prefix, entries in index["objects"].items()  # type: ignore[attr-defined]
        for doc, _, _, anchor, name in entries
    }
    assert objects["Theorem 1.2 (Massart’s lemma)"] == ("one", "thm-main")
    assert objects["Definition 1.1 (The norm ℓ₁)"] == ("one", "def-norm")
    assert objects["Theorem 1.3"] == ("one", "theorem-one-0")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Balls in \ell_1", "Balls in ℓ₁"),
        (r"L^2(\mu) and \mathbb{R}^{n+1}", "L²(μ) and ℝⁿ⁺¹"),
        ("Massart’s lemma", "Massart’s lemma"),
        ("100% of them", "100% of them"),
    ],
)
def test_formulas_as_text(latex: str, text: str) -> None:
    assert readable(latex) == text
    assert readable(text) == text


def test_in_latex_the_index_stands_at_the_end(tmp_path: Path) -> None:
    only = {
        "all.md": "---\nsite-only: true\n---\n" + PAGES,
        "notes.md": "# N\n\n```{notation-list}\n```\n",
    }
    conf = "notesbuild_latex_index = True"
    tex = make(tmp_path, {**FILES, **only}, builder="latex", conf=conf).tex()
    assert r"\chapter{All}" not in tex and r"\chapter{One}" in tex
    assert r"\nbstandson{\detokenize{one:notation-0}}" in tex
    assert r"\label" not in tex or r"\nbmark{\detokenize{one:notation-0}}" in tex
    assert re.search(r"\\begin\{nbindex\}\{Index\}.*\\nbindexentry\{mean\}.*norm", tex, re.DOTALL)
    marks = set(re.findall(r"\\nbmark\{\\detokenize\{([^}]+)\}\}", tex))
    assert set(re.findall(r"\\nbindexpage\{\\detokenize\{([^}]+)\}\}", tex)) <= marks
