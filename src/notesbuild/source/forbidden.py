"""The commands that LaTeX of an author may not hold."""

from __future__ import annotations

import re

# Commands that read, write or run something, that end the document or change the problems
# behind this one, or that could build the name of one that does.
FORBIDDEN = frozenset(
    """
    AtBeginDocument AtEndDocument ExpandArgs ExplSyntaxOn IfFileExists InputIfFileExists
    LoadClass RequirePackage ShellEscape UseName attachfile batchmode catcode closein closeout
    csname directlua documentclass embedfile enddocument endinput errorstopmode everyeof
    everyjob expandableinput externalcitedocument externaldocument gdef global globaldefs
    immediate import include includeonly includepdf input inputminted latelua lstinputlisting
    luabytecode luabytecodecall luabytecodedef luadef luadirect luaexec luafunction
    luafunctioncall makeatletter openin openout pdfextension pdffiledump pdffilesize
    pdfliteral pdfmdfivesum pdfobj pdfunescapehex pdfximage primitive read readline
    saveimageresource scantokens
    shipout special subfile subimport textattachfile usepackage verbatiminput write write18
    xdef
    """.split()  # noqa: SIM905 (a list of names reads better as words)
)
FORBIDDEN_ENVIRONMENTS = FORBIDDEN | {
    "filecontents",
    "filecontents*",
    "document",
    "luacode",
    "luacode*",
    "VerbatimOut",
}

_COMMAND = re.compile(
    r"\\(?:begin|end)\s*\{\s*(?P<environment>[^{}]*?)\s*\}|\\(?P<name>[A-Za-z@]+)|\\[^^]|\^\^", re.S
)


def forbidden_commands(text: str) -> tuple[tuple[int, str], ...]:
    """The place and the look of whatever LaTeX of an author may not hold, outside of problems.

    Such a text may be a piece that cannot be parsed alone, so it is searched, not parsed.
    """
    found = []
    for match in _COMMAND.finditer(text):
        name, environment = match["name"], match["environment"]
        known = name in FORBIDDEN | {"stop"} or environment in FORBIDDEN_ENVIRONMENTS
        if known or "@" in (name or "") or match[0] == "^^":
            found.append((match.start(), match[0]))
    return tuple(found)
