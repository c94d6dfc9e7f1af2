"""Every bad problem file ends with exit code 1 and its file, line, column, code and hint."""

from __future__ import annotations

import pytest

from tests.cli.bad_input import PROOF_FILE, VARIANCE, Case, assert_found
from tests.small import SMALL, broken

CASES: dict[str, Case] = {
    "duplicate id": (
        {**SMALL, "problem_bank/primes/mean-minimizes.tex": SMALL[PROOF_FILE]},
        "problem_bank/primes/mean-minimizes.tex:1:1",
        "duplicate-id",
        "Rename",
    ),
    "parts that contradict points": (
        broken(PROOF_FILE, "points: 8", "points: 9"),
        "problem_bank/means/mean-minimizes.tex:6:3",
        "points-mismatch",
        "",
    ),
    "rubric that contradicts its part": (
        broken(PROOF_FILE, r"\item[2] conclusion", r"\item[1] conclusion"),
        "problem_bank/means/mean-minimizes.tex:16:7",
        "rubric-mismatch",
        "",
    ),
    "unbalanced brace": (
        broken(PROOF_FILE, "Differentiate with", "{Differentiate with"),
        "problem_bank/means/mean-minimizes.tex:15:7",
        "latex-syntax",
        "Balance",
    ),
    "undefined Jinja name": (
        broken(VARIANCE, r"\VAR{variance}", r"\VAR{varianc}"),
        "problem_bank/means/variance-uniform.tex:16",
        "jinja-undefined",
        "did you mean 'variance'?",
    ),
    "escape through an attribute": (
        broken(VARIANCE, r"\VAR{variance}", r"\VAR{''.__class__}"),
        "problem_bank/means/variance-uniform.tex:16",
        "jinja-forbidden",
        "",
    ),
    "escape through a block": (
        broken(
            VARIANCE,
            r"\VAR{variance}",
            r"\BLOCK{for x in ().__class__.__base__.__subclasses__()}\BLOCK{endfor}",
        ),
        "problem_bank/means/variance-uniform.tex:16",
        "jinja-forbidden",
        "",
    ),
    "escape through a line statement": (
        broken(VARIANCE, "Compute the variance", "%% set x = ''.__class__\nCompute the variance"),
        "problem_bank/means/variance-uniform.tex:14",
        "jinja-forbidden",
        "",
    ),
    "escape through an import": (
        broken(VARIANCE, "Compute the variance", r"\BLOCK{include '/etc/passwd'}Compute"),
        "problem_bank/means/variance-uniform.tex:14",
        "file-outside",
        "",
    ),
    "escape in foreign delimiters": (
        broken(VARIANCE, "Compute", "{{ ''.__class__ }} Compute"),
        "problem_bank/means/variance-uniform.tex:14:1",
        "jinja-forbidden",
        "",
    ),
    "input of a system file": (
        broken(PROOF_FILE, "Let $x_1", r"\input{/etc/passwd} Let $x_1"),
        "problem_bank/means/mean-minimizes.tex:11:1",
        "forbidden-latex",
        "",
    ),
    "write18": (
        broken(PROOF_FILE, "Let $x_1", r"\immediate\write18{ls} Let $x_1"),
        "problem_bank/means/mean-minimizes.tex:11:1",
        "forbidden-latex",
        "",
    ),
    "metadata missing": (
        {**SMALL, PROOF_FILE: "Show that $1 = 1$.\n"},
        "problem_bank/means/mean-minimizes.tex:1:1",
        "metadata-missing",
        "",
    ),
    "unknown parameter in the answer": (
        broken(VARIANCE, "answer: variance", "answer: varance"),
        "problem_bank/means/variance-uniform.tex:12:3",
        "parameter-wrong",
        "did you mean 'variance'?",
    ),
    "requirement that nothing meets": (
        broken(VARIANCE, "% answer:", '% require: ["n > 9"]\n% answer:'),
        "problem_bank/means/variance-uniform.tex:12:3",
        "require-unsatisfiable",
        "",
    ),
    "unknown label in uses": (
        broken(PROOF_FILE, "thm-mean", "thm-maen"),
        "problem_bank/means/mean-minimizes.tex:8:10",
        "unknown-result",
        "did you mean 'thm-mean'?",
    ),
    "choices without a right one": (
        broken("problem_bank/primes/prime-choice.tex", r"\CorrectChoice", r"\choice"),
        "problem_bank/primes/prime-choice.tex:12:3",
        "choices-wrong",
        "",
    ),
    "enemy that is not there": (
        broken(PROOF_FILE, "% status", "% enemies: [variance]\n% status"),
        "problem_bank/means/mean-minimizes.tex:9:13",
        "unknown-problem",
        "did you mean 'variance-uniform'?",
    ),
    "part without a solution": (
        {
            **SMALL,
            PROOF_FILE: SMALL[PROOF_FILE]
            .replace("\\end{parts}", "  \\part[1] More?\n\\end{parts}")
            .replace("points: 8", "points: 9"),
        },
        "problem_bank/means/mean-minimizes.tex:23:3",
        "solution-missing",
        "",
    ),
    "neither points nor points on parts": (
        {
            **SMALL,
            PROOF_FILE: SMALL[PROOF_FILE]
            .replace("% points: 8\n", "")
            .replace("\\part[3] Is", "\\part Is"),
        },
        "problem_bank/means/mean-minimizes.tex:1:1",
        "points-mismatch",
        "",
    ),
    "choices missing": (
        broken(PROOF_FILE, "kind: proof", "kind: true-false"),
        "problem_bank/means/mean-minimizes.tex:3:3",
        "choices-wrong",
        "",
    ),
    "id with capital letters": (
        {**SMALL, "problem_bank/means/Means.tex": SMALL[PROOF_FILE]},
        "problem_bank/means/Means.tex",
        "bad-id",
        "",
    ),
    "metadata that is not closed": (
        {**SMALL, PROOF_FILE: "% ---\n% title: x\nText\n"},
        "problem_bank/means/mean-minimizes.tex:1:1",
        "metadata-missing",
        "",
    ),
    "line without a percent sign": (
        {**SMALL, PROOF_FILE: "% ---\n% title: x\nkind: proof\n% ---\nText\n"},
        "problem_bank/means/mean-minimizes.tex:3:1",
        "metadata-missing",
        "",
    ),
    "empty problem": (
        {**SMALL, PROOF_FILE: "\n\n"},
        "problem_bank/means/mean-minimizes.tex:1:1",
        "metadata-missing",
        "the file is empty",
    ),
    "rubric item without points": (
        broken(PROOF_FILE, "\\item[2] conclusion", "\\item conclusion"),
        "problem_bank/means/mean-minimizes.tex:16:",
        "rubric-mismatch",
        "",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_check_finds_it(make_project, case):
    files, *expected = CASES[case]
    assert_found(make_project(files), *expected)
