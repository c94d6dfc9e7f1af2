"""The ordered table of rules, and the one function that asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from notesbuild.check import bank, course, exam, labels, latex, macros, practice, taught
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
    Rule("LaTeX stays inside", latex.latex_stays_inside),
    Rule("chapters exist", course.chapters_exist),
    Rule("weights add up", course.weights_add_up),
    Rule("the schedule fits", course.schedule_fits),
    Rule("labels are unique", labels.unique),
    Rule("references resolve", labels.resolved),
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
