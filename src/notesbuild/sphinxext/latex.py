"""The look of the PDF: defaults for everything that a project has not set itself."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.latex.util import ExtBabel
from sphinx.config import Config
from sphinx.util import texescape

from notesbuild.model.forms import PdfForm
from notesbuild.model.words import base_language, has_words, say
from notesbuild.render.macros import to_latex
from notesbuild.sphinxext.kinds import latex_declarations, project_kinds, translate
from notesbuild.sphinxext.latex_far import on_page
from notesbuild.sphinxext.macros import project_macros

STYLE = Path(__file__).parent / "latex_style" / "notesbuild.sty"

_MARGINS = ("hmargin=35mm", "vmargin={27mm,32mm}", "marginpar=20mm")
# Lines as wide as the paper allows: letters of 17 points need them.
_LARGE_MARGINS = ("hmargin=17mm", "vmargin={24mm,25mm}", "marginpar=10mm")
# The inner margin, where the book is bound, is what a reader sees twice.
_BOOK_MARGINS = ("hmargin={32mm,38mm}", "vmargin={27mm,32mm}", "marginpar=20mm")

_SETUP = ", ".join(
    (
        r"HeaderFamily=\rmfamily\bfseries",
        "TitleColor={RGB}{0,0,0}",
        "InnerLinkColor={RGB}{31,58,95}",
        "OuterLinkColor={RGB}{31,58,95}",
        "TableRowColorHeader={gray}{1}",
        "TableRowColorOdd={gray}{1}",
        "TableRowColorEven={gray}{1}",
        "verbatimwithframe=false",
    )
)

_DEFAULTS = {
    "papersize": "a4paper",
    "pointsize": "11pt",
    "fncychap": "",
    "maketitle": r"\nbmaketitle",
    "tableofcontents": r"\nbtableofcontents",
    "figure_align": "htbp",
    # Paragraphs as in a book; fontspec leaves mathematics to nbfonts.
    "passoptionstopackages": (
        r"\PassOptionsToPackage{skip=0pt,indent=1.3em,parfill=0pt}{parskip}"
        "\n"
        r"\PassOptionsToPackage{no-math}{fontspec}"
    ),
    "fontpkg": r"\usepackage{nbfonts}",
}

# Scripts that pdflatex sets with the fonts of `nbfonts`.
_LATIN_END = 0x0250
_PUNCTUATION = range(0x2000, 0x2070)


# Where parts have no Roman numbers.
_ARABIC_PARTS = ("ko",)


def needs_unicode_engine(text: str) -> bool:
    """Whether a text, such as a name on the title page, has letters that pdflatex lacks."""
    return any(
        ord(char) >= _LATIN_END and ord(char) not in _PUNCTUATION and char.isalpha()
        for char in text
    )


def _set_defaults(app: Sphinx, config: Config) -> None:
    own = dict(config.latex_elements)
    large = config.notesbuild_variant == PdfForm.LARGE_PRINT
    elements = {**_DEFAULTS, **({"pointsize": "17pt"} if large else {}), **own}
    if large:  # LaTeX's own class ends at 12 points
        config.latex_docclass = {"manual": "extreport", **config.latex_docclass}
    sides = "twoside,openright" if config.notesbuild_twoside else "oneside,openany"
    setup = ", ".join((*_margins(config), _SETUP))
    elements["sphinxsetup"] = _joined(", ", setup, own.get("sphinxsetup"))
    elements["extraclassoptions"] = _joined(",", sides, own.get("extraclassoptions"))
    elements["preamble"] = _joined("\n", _preamble(config), own.get("preamble"))
    config.latex_elements = elements
    files = [str(path) for path in sorted(STYLE.parent.iterdir())]
    config.latex_additional_files = [*files, *config.latex_additional_files]


def _margins(config: Config) -> tuple[str, ...]:
    if config.notesbuild_variant == PdfForm.LARGE_PRINT:
        return _LARGE_MARGINS
    return _BOOK_MARGINS if config.notesbuild_twoside else _MARGINS


def _joined(separator: str, ours: str, theirs: str | None) -> str:
    """What a project says stands after our words, and so wins."""
    return f"{ours}{separator}{theirs}" if theirs else ours


def _preamble(config: Config) -> str:
    texescape.init()
    subtitle = texescape.escape(config.notesbuild_subtitle, config.latex_engine)
    lines = r" \\ ".join(line.strip() for line in subtitle.splitlines() if line.strip())
    before, after = on_page(config.language)
    return "\n".join(
        (
            r"\usepackage{notesbuild}",
            r"\nblargeprint" if config.notesbuild_variant == PdfForm.LARGE_PRINT else "",
            rf"\newcommand{{\nbsubtitle}}{{{lines}}}",
            rf"\newcommand{{\nbchapterline}}[1]{{{_chapter_line(config.language)}}}",
            *_part_line(config.language),
            _words_without_babel(config.language),
            rf"\newcommand{{\nbcontentsname}}{{{translate('Contents', config.language)}}}",
            rf"\newcommand{{\nbonpage}}[1]{{{before}#1{after}}}",
            latex_declarations(project_kinds(config), config.language),
            to_latex(project_macros(config)),
        )
    )


def _chapter_line(language: str) -> str:
    """What stands above the title of a chapter; LaTeX's own words where we have none."""
    if not has_words(language):
        return r"\chaptertitlename\ #1"
    return say("Chapter {}", language, "#1")


def _part_line(language: str) -> tuple[str, str]:
    """What stands above the title of a part, and the form of its number."""
    form = r"\arabic" if base_language(language) in _ARABIC_PARTS else r"\Roman"
    words = say("Part {}", language, "#1") if has_words(language) else r"\partname\ #1"
    return (
        rf"\renewcommand{{\thepart}}{{{form}{{part}}}}",
        rf"\newcommand{{\nbpartline}}[1]{{{words}}}",
    )


def _words_without_babel(language: str) -> str:
    """Sphinx's words for captions, where TeX's package for the language is not installed.

    They wait for babel to begin the language; numbers would stand close behind English words.
    """
    known = ExtBabel(language or "en").get_language()
    return (
        rf"\AtBeginDocument{{\ifcsname date{known}\endcsname\else"
        rf"\ifcsname captions{known}\endcsname\csname captions{known}\endcsname\fi\fi}}"
    )


def _set_numbering(app: Sphinx, config: Config) -> None:
    """Numbers by chapter everywhere, because results share Sphinx's own way of counting."""
    config.numfig = True
    config.math_numfig = True
    if (config.language or "en").startswith("en"):
        config.numfig_format = {"figure": "Figure %s"} | config.numfig_format


def setup_latex(app: Sphinx) -> None:
    """Configuration of numbers and of LaTeX, after ``notesbuild_macros`` has been read."""
    app.add_config_value("notesbuild_subtitle", "", "env", (str,))
    app.add_config_value("notesbuild_twoside", False, "", (bool,))
    app.connect("config-inited", _set_numbering, priority=410)
    app.connect("config-inited", _set_defaults, priority=420)
