"""Every diagnostic code, with the words that the reference prints for it."""

from __future__ import annotations

from enum import Enum

from notesbuild.diagnostics import chapter_codes


class Code(Enum):
    """A stable name for one kind of mistake.

    Each member holds its slug (what is printed and can be searched for), a summary, a
    remedy, and the exit status that it leads to: 1 for a mistake in the input, 3 for a
    program that is missing or failed.
    """

    def __init__(self, slug: str, summary: str, remedy: str, status: int = 1) -> None:
        self.slug = slug
        self.summary = summary
        self.remedy = remedy
        self.status = status

    # Files and YAML
    PROJECT_MISSING = (
        "project-missing",
        "No project was found in this folder or above it.",
        "Go to the project's folder, name it with --project, or make one with `notesbuild init`.",
    )
    FILE_MISSING = (
        "file-missing",
        "A file that the project needs is not there.",
        "Create the file, or mend the name that leads to it.",
    )
    FILE_UNREADABLE = (
        "file-unreadable",
        "A file is there but cannot be read.",
        "Check the file's permissions and size, and that it is a regular file.",
    )
    FILE_EXISTS = (
        "file-exists",
        "A file that a command would write is there already.",
        "Choose another folder or name, or move the file away; nothing is overwritten.",
    )
    FILE_OUTSIDE = (
        "file-outside",
        "A path leads out of the project.",
        "Use a path inside the project; links that leave it are not followed.",
    )
    NOT_UTF8 = (
        "not-utf8",
        "A text file is not UTF-8.",
        "Save the file again as UTF-8 (in most editors: Save with encoding).",
    )
    YAML_SYNTAX = (
        "yaml-syntax",
        "The YAML cannot be read.",
        "Look at the marked place: indentation, a missing quote or a missing colon.",
    )
    YAML_ALIAS = (
        "yaml-alias",
        "The YAML uses an anchor or an alias.",
        "Write the value out in each place.",
    )
    DUPLICATE_KEY = (
        "duplicate-key",
        "A key stands twice in the same mapping.",
        "Keep one of the two.",
    )
    UNKNOWN_KEY = (
        "unknown-key",
        "A key that the file format does not know.",
        "Use the nearest known key, or look the format up in the reference.",
    )
    MISSING_KEY = (
        "missing-key",
        "A required key is missing.",
        "Add the key.",
    )
    WRONG_VALUE = (
        "wrong-value",
        "A value is of the wrong type or out of range.",
        "Write a value of the form that the message names.",
    )
    # The bank
    METADATA_MISSING = (
        "metadata-missing",
        "A problem file does not begin with its metadata comment.",
        "Begin the file with `% ---`, the metadata as YAML behind `% `, and `% ---`.",
    )
    BAD_ID = (
        "bad-id",
        "A name is not usable as an id.",
        "Use lower-case letters, digits and hyphens.",
    )
    DUPLICATE_ID = (
        "duplicate-id",
        "Two problems have the same id.",
        "Rename one of the two files.",
    )
    EMPTY_BANK = (
        "empty-bank",
        "The problem bank has no problem.",
        "Add one with `notesbuild bank new`.",
    )
    LATEX_SYNTAX = (
        "latex-syntax",
        "The LaTeX of a file cannot be parsed.",
        "Balance the braces, dollars or environments at the marked place.",
    )
    FORBIDDEN_LATEX = (
        "forbidden-latex",
        "A command that could read, write or run something outside the project.",
        "Leave the command out; pictures and data stand in the folder beside the problem.",
    )
    POINTS_MISMATCH = (
        "points-mismatch",
        "The points of the parts do not add up to the problem's points.",
        "Change `points`, or the number behind one of the \\part commands.",
    )
    RUBRIC_MISMATCH = (
        "rubric-mismatch",
        "The points of a rubric do not add up to those of its part.",
        "Change the numbers behind the \\item commands of the rubric.",
    )
    SOLUTION_MISSING = (
        "solution-missing",
        "A problem or a part has no solution.",
        "Add a solution environment.",
    )
    RUBRIC_MISSING = (
        "rubric-missing",
        "A solution has no rubric.",
        "Add a rubric environment with an \\item[points] for each step.",
    )
    CHOICES_WRONG = (
        "choices-wrong",
        "The choices of a problem do not fit its kind.",
        "Give multiple-choice and true-false problems choices with a \\CorrectChoice.",
    )
    UNKNOWN_RESULT = (
        "unknown-result",
        "A label in `uses` or in \\result that is no numbered result of the notes.",
        "Use the label of a result in the notes.",
    )
    RESULT_LEFT_OUT = (
        "result-left-out",
        "An exam needs a result from a chapter that its course does not have.",
        "Choose another problem, or add the chapter to the manifest.",
    )
    UNKNOWN_PROBLEM = (
        "unknown-problem",
        "A problem id that the bank does not have.",
        "Use the id of a problem in the bank.",
    )
    # Jinja and parameters
    JINJA_SYNTAX = (
        "jinja-syntax",
        "The Jinja in a problem cannot be parsed.",
        "Mend the tag at the marked line.",
    )
    JINJA_UNDEFINED = (
        "jinja-undefined",
        "A name in \\VAR or \\BLOCK that is not defined.",
        "Define the name under `params`, or mend its spelling.",
    )
    JINJA_FORBIDDEN = (
        "jinja-forbidden",
        "Something that a problem's Jinja may not do.",
        "Use parameters, arithmetic, comparisons, `if`, `for` and `set` only.",
    )
    JINJA_FAILED = (
        "jinja-failed",
        "The Jinja of a problem failed or did not come to an end.",
        "Look at the marked line with the parameters that the message names.",
    )
    PARAMETER_WRONG = (
        "parameter-wrong",
        "A parameter, a requirement or the answer cannot be computed.",
        "Mend the expression; it may use the parameters and the listed functions.",
    )
    REQUIRE_UNSATISFIABLE = (
        "require-unsatisfiable",
        "No draw of the parameters meets `require`.",
        "Widen the ranges or drop a requirement.",
    )
    DRAWS_ALIKE = (
        "draws-alike",
        "Different draws of the parameters ask the same question.",
        "Print the parameter that differs, leave it out, or exclude one of the draws by `require`.",
    )
    # Queries
    WHERE_SYNTAX = (
        "where-syntax",
        "A `where` expression cannot be read.",
        "Write it like \"kind == 'proof' and 'kernels' in topics\".",
    )
    WHERE_UNKNOWN = (
        "where-unknown",
        "A `where` expression names a field, topic, tag or value that the bank does not have.",
        "Use one that the bank has; `notesbuild bank stats` lists the topics.",
    )
    # Courses and notes
    UNKNOWN_COURSE = (
        "unknown-course",
        "A course that the project does not have.",
        "Use the name of a file in notes/courses, without its ending.",
    )
    UNKNOWN_CHAPTER = (
        "unknown-chapter",
        "A manifest names a chapter that is not there.",
        "Write the chapter's path below notes/chapters, without its ending.",
    )
    MANIFEST_WRONG = (
        "manifest-wrong",
        "Parts of a manifest contradict each other.",
        "Mend the value that the message names.",
    )
    DUPLICATE_LABEL = (
        "duplicate-label",
        "Two places define the same label.",
        "Rename one of the two.",
    )
    UNKNOWN_REFERENCE = (
        "unknown-reference",
        "A reference to a label that the course does not have.",
        "Mend the label, or add the chapter that defines it.",
    )
    MATH_WRONG = (
        "math-wrong",
        "A formula that cannot be set.",
        "Mend the formula; the message says what KaTeX made of it.",
    )
    MACRO_WRONG = (
        "macro-wrong",
        "A definition in the macro file that cannot be used.",
        "Use \\newcommand, \\renewcommand and \\DeclareMathOperator, one on a line.",
    )
    NOTES_WARNING = (
        "notes-warning",
        "Sphinx has something to say about a chapter.",
        "Mend the chapter at the marked line.",
    )
    # What chapters say
    PROOF_CIRCULAR = chapter_codes.PROOF_CIRCULAR
    PROOF_FORWARD = chapter_codes.PROOF_FORWARD
    PROOF_MISSING = chapter_codes.PROOF_MISSING
    LABEL_UNUSED = chapter_codes.LABEL_UNUSED
    LABEL_WRONG = chapter_codes.LABEL_WRONG
    ALT_MISSING = chapter_codes.ALT_MISSING
    BLOCK_UNCLOSED = chapter_codes.BLOCK_UNCLOSED
    LEFT_OUT_CITED = chapter_codes.LEFT_OUT_CITED
    MACRO_UNKNOWN = chapter_codes.MACRO_UNKNOWN
    # Problems in the notes
    DIRECTIVE_WRONG = chapter_codes.DIRECTIVE_WRONG
    NOT_SHOWABLE = chapter_codes.NOT_SHOWABLE
    PROBLEM_PUBLIC = chapter_codes.PROBLEM_PUBLIC
    LATEX_NOT_SHOWN = chapter_codes.LATEX_NOT_SHOWN
    # Exams
    UNKNOWN_EXAM = (
        "unknown-exam",
        "An exam that the project does not have.",
        "Write <course>/<exam> after a file exams/<course>/<exam>.yaml.",
    )
    BLUEPRINT_WRONG = (
        "blueprint-wrong",
        "Parts of a blueprint contradict each other.",
        "Mend the value that the message names.",
    )
    BLUEPRINT_IMPOSSIBLE = (
        "blueprint-impossible",
        "No selection of problems meets the blueprint.",
        "Loosen one of the constraints listed, or add problems.",
    )
    DRAW_TIMEOUT = (
        "draw-timeout",
        "The draw found no selection within its limit.",
        "Loosen the constraints, or ask for fewer versions.",
    )
    DRAWN_ANEW = (
        "drawn-anew",
        "A version that the lock had was drawn anew.",
        "Compare the lock with the one before; the note says which constraint made it necessary.",
    )
    LOCK_MISSING = (
        "lock-missing",
        "The exam has not been drawn.",
        "Run `notesbuild exam draw` first, and commit the lock file.",
    )
    LOCK_WRONG = (
        "lock-wrong",
        "The lock file does not fit the bank or the blueprint.",
        "Mend it by hand, or draw again.",
    )
    LOCK_STALE = (
        "lock-stale",
        "A problem has changed since the draw.",
        "Look at the problem; draw again to record its new digest.",
    )
    TAUGHT_LATER = (
        "taught-later",
        "A problem needs a result that is taught after the exam.",
        "Choose another problem, or move the lecture.",
    )
    ROSTER_WRONG = (
        "roster-wrong",
        "A roster cannot be read as a table of students, or two of its rows contradict each other.",
        "Mend the row that the message names; the first row names the columns, such as `id,name`.",
    )
    SEATS_CLASH = (
        "seats-clash",
        "Students who sit beside each other have the same version.",
        "Draw more versions, or leave the column `version` of the roster empty.",
    )
    LETTER_MISSING = (
        "letter-missing",
        "No font has a letter of a name or of a text.",
        "Install the fonts that the message names, or write it in other letters.",
    )
    PASSWORDS_WRONG = (
        "passwords-wrong",
        "A file of passwords cannot be used, or somebody has no password.",
        "Mend the line that the message names; the first row is `id,password`.",
    )
    LEAK = (
        "leak",
        "A student's paper, or the notes, hold something that they must not.",
        "Report it, and hand nothing out; what leaks is not published.",
    )
    POINTS_UNEQUAL = (
        "points-unequal",
        "Versions of an exam have different points.",
        "Write the points under `constraints` and draw again, or allow a gap under `balance`.",
    )
    LAYOUT_DIFFERS = (
        "layout-differs",
        "A question does not stand where regions.json says.",
        "Build the exam again; if it is found once more, report it.",
    )
    PAGE_CODE_WRONG = (
        "page-code-wrong",
        "The QR code of a page cannot be read, or is that of another page.",
        "Build the exam again; if it is found once more, report it.",
    )
    NOT_REPRODUCED = (
        "not-reproduced",
        "A rebuilt exam differs from the published one.",
        "Build the exam again; if it differs once more, report it.",
    )
    # TeX
    TEX_ERROR = (
        "tex-error",
        "TeX stopped at an error.",
        "Mend the LaTeX at the marked line.",
    )
    TEX_OVERFULL = (
        "tex-overfull",
        "A line or box is wider than the text.",
        "Break the formula or the line.",
    )
    TEXT_TOO_LONG = (
        "text-too-long",
        "The text of a question is higher than a page.",
        "Shorten it, or divide it into parts.",
    )
    TEX_TIMEOUT = (
        "tex-timeout",
        "TeX did not come to an end in the time allowed.",
        "Look for a loop in the LaTeX of the problems named.",
    )
    # The machine
    PROGRAM_MISSING = (
        "program-missing",
        "A program that the build needs is not installed.",
        "Install it; `notesbuild doctor` says how.",
        3,
    )
    PROGRAM_FAILED = (
        "program-failed",
        "A program failed for a reason that is not in the input.",
        "Read the program's last lines in the message.",
        3,
    )
    WRITE_FAILED = (
        "write-failed",
        "An output could not be written.",
        "Make room on the disk and check its permissions; the last good outputs are still there.",
        3,
    )
    BUILD_BUSY = (
        "build-busy",
        "Another build is at work in the same folder.",
        "Wait until it ends, and build again.",
        3,
    )
