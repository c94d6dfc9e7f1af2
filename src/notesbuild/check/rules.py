"""The ordered table of rules, and the one function that asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from notesbuild.check import (
    bank,
    chapters,
    course,
    editions,
    exam,
    formulas,
    labels,
    latex,
    macros,
    practice,
    proofs,
    taught,
)
from notesbuild.diagnostics import Diagnostic, in_order
from notesbuild.model.project import Project


class Rule(NamedTuple):
    """A rule's name, and the function that finds what breaks it."""

    name: str
    find: Callable[[Project], Iterable[Diagnostic]]


RULES: tuple[Rule, ...] = (
    Rule("the bank has problems", bank.not_empty),
    Rule("problems are sound", bank.problems_sound),
    Rule("enemies exist", bank.enemies_exist),
    Rule("used results exist", bank.used_results_exist),
    Rule("macros can be read", macros.macros_sound),
    Rule("macros take free names", macros.names_free),
    Rule("problems use known commands", macros.known_in_problems),
    Rule("formulas can be read", formulas.check_formulas),
    Rule("LaTeX stays inside", latex.latex_stays_inside),
    Rule("chapters exist", course.chapters_exist),
    Rule("kinds have names", course.kinds_have_names),
    Rule("weights add up", course.weights_add_up),
    Rule("the schedule fits", course.schedule_fits),
    Rule("labels are unique", labels.unique),
    Rule("references resolve", labels.resolved),
    Rule("labels are well formed", chapters.well_formed),
    Rule("equations and lemmas are used", chapters.used),
    Rule("pictures are described", chapters.described),
    Rule("blocks are closed", chapters.closed),
    Rule("no proof goes in a circle", proofs.not_circular),
    Rule("proofs rest on what comes before", proofs.not_forward),
    Rule("results are proved", proofs.proved),
    Rule("editions have what they cite", editions.complete),
    Rule("problems can be shown", practice.problems_can_be_shown),
    Rule("chapters with a release exist", practice.release_chapters_exist),
    Rule("exams belong to courses", exam.courses_exist),
    Rule("queries are sound", exam.queries_sound),
    Rule("named problems exist", exam.named_problems_exist),
    Rule("constraint topics exist", exam.constraint_topics_exist),
    Rule("releases are sound", exam.releases_sound),
    Rule("locks fit", exam.locks_fit),
    Rule("cited results exist", taught.cited_results_exist),
    Rule("exams need what the notes have", taught.results_in_course),
)


def check(project: Project) -> tuple[Diagnostic, ...]:
    """Everything that the rules find, in the order of the files."""
    return in_order(found for rule in RULES for found in rule.find(project))
