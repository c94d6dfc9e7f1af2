"""Solutions of problems: folded in below the exercise on pages, at a chapter's end on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.nodes import Element
from sphinx.addnodes import start_of_file
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from notesbuild.model.prose import Counting, counted
from notesbuild.model.words import say
from notesbuild.sphinxext.domain import results_domain
from notesbuild.sphinxext.kinds import translate
from notesbuild.sphinxext.nodes import problem_solution
from notesbuild.sphinxext.prose import CHOICES, PARTS, run_in

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator


class GatherSolutions(SphinxPostTransform):
    """In LaTeX, put the solutions of a chapter into a section at its end."""

    default_priority = 31  # after the numbers of headings have been written into their nodes
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        sections: dict[int, nodes.section] = {}
        for solution in list(self.document.findall(problem_solution)):
            chapter = _chapter(solution)
            assert solution.parent is not None
            solution.parent.remove(solution)
            if id(chapter) not in sections:
                sections[id(chapter)] = self._section(chapter, solution["docname"])
            sections[id(chapter)] += self._entry(solution)

    def _section(self, chapter: Element, docname: str) -> nodes.section:
        words = say("Solutions", self.config.language)
        section = nodes.section("", nodes.title("", words), fixed="", docname=docname)
        section["ids"] = [nodes.make_id(f"solutions-{docname}")]
        chapter += section
        return section

    def _entry(self, solution: problem_solution) -> list[nodes.Node]:
        docname, anchor = solution["docname"], solution["of"]
        name = translate("Exercise", self.config.language)
        heading = f"{name} {results_domain(self.env).number(docname, anchor)}".rstrip()
        words = nodes.strong("", f"{heading}.")
        link = nodes.reference("", "", words, internal=True, refid=anchor)
        apart = nodes.raw("", "\n\n\\nbsolution\n", format="latex")
        return [apart, *run_in(solution.children, [link])]


class LowerProblems(SphinxPostTransform):
    """For builders that count lists their own way: letters and words as plain text."""

    default_priority = 200
    formats = ("html", "latex")

    def is_supported(self) -> bool:
        """Everywhere else."""
        return not super().is_supported()

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        for solution in list(self.document.findall(problem_solution)):
            words = nodes.emphasis("", f"{say('Solution', self.config.language)}.")
            solution.replace_self(nodes.compound("", *run_in(solution.children, [words])))
        for entries in list(self.document.findall(nodes.enumerated_list)):
            if {PARTS, CHOICES} & set(entries["classes"]):
                entries.replace_self(_spelled_out(entries))


def _spelled_out(entries: nodes.enumerated_list) -> nodes.Element:
    counting = Counting(entries["enumtype"])
    blocks: list[nodes.Node] = []
    for number, item in enumerate(entries.children, start=1):
        assert isinstance(item, nodes.list_item)
        blocks += run_in(list(item.children), [nodes.Text(f"({counted(counting, number)})")])
    return nodes.block_quote("", *blocks)


def _chapter(node: Element) -> Element:
    """The outermost section of the document that holds a node."""
    place, section = node.parent, None
    while isinstance(place, Element) and not isinstance(place, (start_of_file, nodes.document)):
        if isinstance(place, nodes.section):
            section = place
        place = place.parent
    assert section is not None or isinstance(place, Element)
    return section if section is not None else place


def visit_solution(self: HTML5Translator, node: Element) -> None:
    """Open a solution that a reader unfolds."""
    self.body.append(self.starttag(node, "details", CLASS="problem-solution"))
    words = self.encode(say("Solution", self.config.language))
    self.body.append(f"<summary>{words}</summary>\n")


def depart_solution(self: HTML5Translator, node: Element) -> None:
    """Close a solution."""
    self.body.append("</details>\n")


def setup_solutions(app: Sphinx) -> None:
    """Solutions in every builder."""
    app.add_node(problem_solution, html=(visit_solution, depart_solution))
    app.add_css_file("notesbuild-problems.css")
    app.add_post_transform(GatherSolutions)
    app.add_post_transform(LowerProblems)
