"""Chapter numbers that go on from one toctree to the next, and numbers for stray pages."""

from collections.abc import Iterator, Mapping

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector

from notesbuild.sphinxext.domain import ResultsDomain, results_domain
from notesbuild.sphinxext.outlines import figtype_of, outlines


def show_sphinx_its_own_numbers(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Give Sphinx back what it counted, so that it sees which documents have changed."""
    data = results_domain(env).data
    data["shown"] = (env.toc_secnumbers, env.toc_fignumbers)
    if data["counted"] is not None:
        env.toc_secnumbers, env.toc_fignumbers = data["counted"]
    return []


def go_on_counting(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Number the chapters of several captioned toctrees of the root in one sequence.

    Sphinx begins with 1 in every numbered toctree, so two parts of a course would both have
    a Theorem 1.1. And Sphinx counts everything by chapters, or everything by sections.
    """
    domain = results_domain(env)
    with outlines(env):
        return _go_on_counting(env, domain)


def _go_on_counting(env: BuildEnvironment, domain: ResultsDomain) -> list[str]:
    shifts = _shifts(env)
    depths = {c: d for c, d in domain.kinds.depths.items() if d != env.config.numfig_secnum_depth}
    if not any(shifts.values()) and not depths:
        domain.data["counted"] = None
        return []
    domain.data["counted"] = (env.toc_secnumbers, env.toc_fignumbers)
    sections_before, figures_before = domain.data["shown"]
    env.toc_secnumbers = {
        docname: {anchor: _shifted(number, shifts.get(docname, 0)) for anchor, number in of.items()}
        for docname, of in env.toc_secnumbers.items()
    }
    for docname, shift in shifts.items():
        _shift_titles(env, docname, shift)
    _count(env, depths)
    return [
        docname
        for before, after in (
            (sections_before, env.toc_secnumbers),
            (figures_before, env.toc_fignumbers),
        )
        for docname, numbers in after.items()
        if numbers != before.get(docname)
    ]


def _count(env: BuildEnvironment, depths: Mapping[str, int]) -> None:
    """Number figures and results as Sphinx does, each counter by its own depth of sections."""
    usual = env.config.numfig_secnum_depth
    counted = {}
    for depth in sorted({usual, *depths.values()}):
        env.config.numfig_secnum_depth = depth
        try:
            TocTreeCollector().assign_figure_numbers(env)
        finally:
            env.config.numfig_secnum_depth = usual
        counted[depth] = env.toc_fignumbers
    env.toc_fignumbers = {
        docname: {
            figtype: counted[depths.get(figtype, usual)][docname][figtype] for figtype in figtypes
        }
        for docname, figtypes in counted[usual].items()
    }


def _shifts(env: BuildEnvironment) -> dict[str, int]:
    """By how much the chapter number of each document moves."""
    shifts: dict[str, int] = {}
    shift = 0
    for tree in env.get_doctree(env.config.root_doc).findall(addnodes.toctree):
        if not tree.get("numbered"):
            continue
        docnames = [
            docname
            for _, entry in tree["entries"]
            for docname in _reached(env, entry, set())
            if docname in env.toc_secnumbers and docname not in shifts
        ]
        shifts.update(dict.fromkeys(docnames, shift))
        tops = [env.toc_secnumbers[docname].get("") or (0,) for docname in docnames]
        shift += max((top[0] for top in tops), default=0)
    return shifts


def _shifted(number: tuple[int, ...], shift: int) -> tuple[int, ...]:
    return (number[0] + shift, *number[1:]) if number else number


def _shift_titles(env: BuildEnvironment, docname: str, shift: int) -> None:
    """Sphinx keeps the numbers that tables of contents show in the titles themselves."""
    numbered = [env.titles[docname], *env.tocs[docname].findall(nodes.reference)]
    for node in numbered:
        if node.get("secnumber"):
            node["secnumber"] = list(_shifted(tuple(node["secnumber"]), shift))


def number_stray_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Count on its own whatever stands on a page that no toctree leads to."""
    reached = set(_reached(env, env.config.root_doc, set()))
    for docname in env.found_docs - reached:
        numbers: dict[str, dict[str, tuple[int, ...]]] = {}
        with outlines(env):
            document = env.get_doctree(docname)
        for node in document.findall(nodes.Element):
            figtype = figtype_of(env, node)
            if figtype and node["ids"]:
                own = numbers.setdefault(figtype, {})
                own[node["ids"][0]] = (len(own) + 1,)
        if numbers:
            env.toc_fignumbers[docname] = numbers
    return []


def _reached(env: BuildEnvironment, docname: str, seen: set[str]) -> Iterator[str]:
    if docname in seen:
        return
    seen.add(docname)
    yield docname
    for child in env.toctree_includes.get(docname, []):
        yield from _reached(env, child, seen)


def setup_chapters(app: Sphinx) -> None:
    """Numbers of chapters."""
    # Sphinx itself counts at priority 500.
    app.connect("env-get-updated", show_sphinx_its_own_numbers, priority=100)
    app.connect("env-get-updated", go_on_counting, priority=900)
    app.connect("env-get-updated", number_stray_pages, priority=910)
