"""The configuration that Sphinx gets for a course."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from notesbuild.model.course import Course
from notesbuild.model.dates import fixed_moment, has_dates
from notesbuild.model.words import say
from notesbuild.notes.downloads import Downloads
from notesbuild.notes.home import has_parts, independence
from notesbuild.notes.page import SourceFile
from notesbuild.notes.sphinx_order import EXTENSIONS, THEME
from notesbuild.notes.work import AUTHOR_CONF, BIBLIOGRAPHY
from notesbuild.practice.files import FOLDER
from notesbuild.render.escape import escape_tex
from notesbuild.source.editions import Absent

if TYPE_CHECKING:
    from notesbuild.notes.cut import About

RESULTS = "../results.json"

_THEME = {
    "article_header_end": ["nb-pdf.html", "article-header-buttons.html"],
    "footer_content_items": ["nb-footer.html"],
    "home_page_in_toc": False,
    "navbar_persistent": [],
    "navigation_with_keys": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
}

# Letters that the fonts of pdflatex have: Latin ones, and the marks of European typography.
_LATIN_END = 0x180
_MARKS = frozenset("‐‑–—‘’‚“”„†‡•…‰‹›€™−")


def notes_engine(asked: str, texts: Iterable[str]) -> str:
    """The engine that sets all of the texts; ``asked`` is what the settings say."""
    if asked != "auto":
        return asked
    letters = set().union(*texts)
    plain = all(ord(letter) < _LATIN_END or letter in _MARKS for letter in letters)
    return "pdflatex" if plain else "lualatex"


def people(course: Course) -> str:
    """Who answers for the notes."""
    if course.publisher:
        return course.publisher
    instructors = [p.name for p in course.staff if "instructor" in p.role.lower()]
    return ", ".join(instructors or [p.name for p in course.staff[:1]]) or course.title


def about(course: Course, title: str) -> About:
    """What a PDF of the course says of itself."""
    from notesbuild.notes.cut import About  # a site alone needs no writer of PDFs

    moment = fixed_moment(course) if has_dates(course) else None
    return About(title, people(course), course.language, moment)


def published_by(course: Course) -> str:
    """The footer: who publishes the site, and on whose behalf it is not."""
    by = say("Published by {}.", course.language, people(course))
    if course.follows is None:
        return by
    return f"{by} {independence(course.follows, course.language)}"


def subtitle(course: Course) -> str:
    """The lines below the title of the PDF."""
    lines = [course.subtitle] if course.subtitle else []
    if course.follows:
        lines += [say("An independent edition after the public syllabus of", course.language)]
        lines += [course.follows.title]
        whose = (course.follows.instructor, course.follows.institution)
        lines += [f"({', '.join(part for part in whose if part)})"]
    elif course.institution:
        lines += [course.institution]
    if course.term and not course.follows:
        lines += [course.term]
    return "\n".join(lines)


def sphinx_config(
    course: Course,
    downloads: Downloads,
    *,
    engine: str,
    paper: str,
    excluded: Iterable[str],
    macros: bool,
    author_conf: bool,
    index: bool,
    left_out: tuple[Absent, ...] = (),
) -> SourceFile:
    """``conf.py``; an author's own is honoured last."""
    author = people(course)
    # Under its title a title page does not repeat it.
    authors = author if author != course.title else ""
    values: dict[str, object] = {
        "project": course.title,
        "author": author,
        "html_title": course.title,
        "language": course.language,
        "root_doc": "index",
        "extensions": list(EXTENSIONS),
        "exclude_patterns": ["conf*.py", *sorted(_literally(path) for path in excluded)],
        "myst_enable_extensions": [
            "amsmath",
            "attrs_inline",
            "colon_fence",
            "deflist",
            "dollarmath",
        ],
        "myst_heading_anchors": 3,
        "bibtex_bibfiles": [BIBLIOGRAPHY],
        "bibtex_default_style": "alpha",
        "notesbuild_macros": "macros.tex" if macros else "",
        "notesbuild_problems": FOLDER,
        "notesbuild_results": RESULTS,
        "notesbuild_subtitle": subtitle(course),
        "notesbuild_page_references": course.pdf.page_references,
        "notesbuild_twoside": course.pdf.twoside,
        "notesbuild_parts": has_parts(course),
        "notesbuild_footer": published_by(course),
        "notesbuild_kinds": [kind.model_dump(mode="json") for kind in course.kinds],
        "notesbuild_counters": {
            name: counter.model_dump(mode="json") for name, counter in course.counters.items()
        },
        "notesbuild_chapter_pdfs": dict(downloads.chapters),
        "notesbuild_left_out": {
            one.mark.name: (one.mark.kind, one.mark.result, one.mark.title, one.title)
            for one in left_out
        },
        # Lists of our own: themes add to the default ones, which all builds of a process share.
        "templates_path": [],
        "html_static_path": [],
        "html_theme": THEME,
        "html_theme_options": {
            **_THEME,
            "search_bar_text": say("Search", course.language),
            "logo": {"text": course.title},
        },
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_sphinx": False,
        "html_show_copyright": False,
        "html_use_index": index,
        "html_domain_indices": False,
        "html_permalinks_icon": "#",
        "notesbuild_latex_index": index,
        "latex_engine": engine,
        "latex_elements": {"papersize": paper},
        "latex_domain_indices": False,
        "latex_documents": [
            ("index", "notes.tex", escape_tex(course.title), escape_tex(authors), "manual", True)
        ],
    }
    lines = ["# Made by notesbuild from the manifest of the course; edit that, or notes/conf.py."]
    lines += [f"{name} = {_literal(value)}" for name, value in values.items()]
    if author_conf:
        lines += [
            "from pathlib import Path as _Path",
            f'_text = _Path(__file__).with_name("{AUTHOR_CONF}").read_text("utf-8")',
            'exec(compile(_text, "notes/conf.py", "exec"))',
        ]
    return SourceFile("conf.py", "\n".join(lines) + "\n")


def _literal(value: object) -> str:
    return repr(str(value)) if isinstance(value, str) else repr(_plain(value))


def _plain(value: object) -> object:
    """The value with strings of our own kinds as plain ones."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (list, tuple)):
        return type(value)(_plain(item) for item in value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _literally(path: str) -> str:
    """A pattern that only this path fits."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in path)
