"""What arguments macros and environments take, as pylatexenc knows it, for plain LaTeX.

``*`` is a star, ``[`` an optional argument, ``{`` a necessary one, in their order. To ask
pylatexenc itself is to load it; tests compare.
"""

from __future__ import annotations


def _by_name(names: dict[str, str]) -> dict[str, str]:
    return {name: wanted for wanted, listed in names.items() for name in listed.split()}


OF_MACROS = _by_name(
    {
        "[": r"item part subpart subsubpart",
        "{": r"""
            " ' . = BLOCK Cref H VAR ^ ` acute author autoref b bar bibliography breve c check
            cref d date ddot dot emph ensuremath eqref grave hat hypersetup include input k
            keywords label mathbb mathbf mathcal mathfrak mathit mathrm mathscr mathsf mathtt
            mbox not overbrace overbracket overgroup overleftarrow overleftharpoon
            overleftrightarrow overline overlinesegment overrightarrow overrightharpoon r ref
            result text textbf textit textmd textrm textsc textsf textsl texttt textup tilde
            title u underbrace underbracket undergroup underleftarrow underleftrightarrow
            underline underlinesegment underrightarrow url v vec widehat wideparen widetilde ~
        """,
        "*[": "\\",
        "*{": r"hspace vspace",
        "[{": """
            color footnote hphantom includegraphics pagecolor sqrt vphantom xleftarrow xrightarrow
        """,
        "{{": r"frac nicefrac texorpdfstring",
        "*[{": r"chapter section subparagraph subsection subsubsection",
        "[{{": r"addcounter addlength setcounter setlength textcolor",
        "*[[{": r"cite",
    }
)

OF_ENVIRONMENTS = _by_name(
    {
        "[": """
            conj conjecture cor corollary definition defn description enumerate figure figure*
            itemize lem lemma proof prop proposition rem remark solution solutionorbox
            solutionordottedlines solutionorgrid solutionorlines table table* theorem thm
        """,
        "{": "alignat alignat* tabular",
        "[{": "array",
        "{{": "tabular*",
        "{[{": "tabularx",
    }
)

RARE = frozenset(
    """
    Citealp Citealt Citeauthor Citep Citet DeclareMathOperator RequirePackage
    UebungAttachedSolutionTitle UebungAttachedSolutionTitleFont UebungAttachedSolutionTitleTop
    UebungDueBy UebungDueByLabel UebungExTitleFont UebungHinweisFont UebungHinweisLabel
    UebungHinweiseLabel UebungLabel UebungLabelEnum UebungLabelEnumSub UebungLanguage
    UebungLecture UebungLecturer UebungLoesungFont UebungLogoFile UebungProf UebungSemester
    UebungSolEquationLabel UebungSolLabel UebungStyle UebungSubExTitleFont UebungSubLabel
    UebungTextAttachedSolution UebungTipsEquationLabel UebungTipsFont UebungTipsLabel
    UebungTitleCenterVSpacing UebungsblattNumber UebungsblattTitleFont UebungsblattTitleSeries
    UebungsblattTitleSolutions UebungsblattTitleTips boxframe bra braket citealp citealt
    citeauthor citefullauthor citenum citep citepalias citet citetalias citetext citeyear
    citeyearpar colorbox colorlet defcitealias definecolor documentclass exenumfulllabel exercise
    fcolorbox hint hints hinweis hinweise ket ketbra newcommand newenvironment pagagraph
    pdfloesung pdfsolution providecolor providecommand provideenvironment renewcommand
    renewenvironment rowcolors selectlanguage subexercise subuebung uebung usepackage verb
    verbatim
    """.split()  # noqa: SIM905 (a list of names reads better as words)
)
"""What is not plain: what is verbatim, and macros that problems hardly have."""
