"""A project with a bank of 50 problems, and a roster, for copies of which no two are alike.

6 problems have three choices that change places (6 texts each), 4 are true or false (2), 32 have
a parameter with three values and 8 have none: 148 texts in all. Everything is made by counting,
so that the files are the same every time.
"""

from __future__ import annotations

import csv
from pathlib import Path

EXAM = "analysis/midterm"
TEXTS = Path(__file__).resolve().parent / "texts"
PAGES = 8
QUESTIONS = ((1, 2, 3, 4), (5, 6, 7), (8,), (9,), (10,), (11,))  # on pages 2 to 7

BLUEPRINT = """\
title: Midterm examination
kind: midterm
date: 2024-10-23
start: "14:00"
duration: 2h
place: Great hall
versions: per-student
seed: 20241023
instructions: |
  Answer in the space below each question; the last page is for drafts.
  Prove what you claim, unless the question says otherwise.
sections:
  - {title: Choices, pick: 4, where: "kind in ['multiple-choice', 'true-false']", points: 5}
  - {title: Short answers, pick: 3, where: "kind == 'short'", points: 8}
  - {title: Computations, pick: 2, where: "kind == 'computation'", points: 14}
  - {title: Proofs, pick: 2, where: "kind == 'proof'", points: 14}
constraints:
  points: 100
  minutes: {max: 125}
layout: {blank_pages: 1}
"""

COURSE = """\
title: Analysis I
code: MATH 201
institution: Example University
term: Autumn 2024
chapters: [limits]
"""

CHAPTER = (
    "# Limits\n\nA sequence converges if it comes and stays as close to a number as you like.\n"
)

TOPICS = ("limits", "series", "continuity", "integrals")

# kind, number of problems, how many of them have a parameter, points, minutes
KINDS = (
    ("multiple-choice", 6, 0, 5, 5),
    ("true-false", 4, 0, 5, 5),
    ("short", 14, 14, 8, 10),
    ("computation", 14, 14, 14, 18),
    ("proof", 12, 4, 14, 18),
)

FIRST = (
    "Ada Bela Chloé Dirk Edith Frank Grażyna Håkon Inês Jörg "
    "Karel Lucía Milan Noor Otto Petra Quentin Rosa Søren Tomáš"
)
FAMILY = (
    "Abel Bernstein Čech Dvořák Euler Fréchet García Hölder Ivory Jensen "
    "Kowalski Lindqvist Müller Nowak Ólafsson Peano Riesz Świątek Tóth Weiß"
)
KOREAN = ("김민준", "이서연", "박지호", "최수아", "정예준", "강하은", "조도윤", "윤지우")
ARABIC = ("محمد العلي", "فاطمة حسن", "يوسف إبراهيم", "مريم الخطيب")


def write_project(root: Path, students: int) -> Path:
    """Write the project and its roster; returns the roster's path."""
    _write(root / "notesbuild.toml", "")
    _write(root / "notes/courses/analysis.yaml", COURSE)
    _write(root / "notes/chapters/limits.md", CHAPTER)
    _write(root / f"exams/{EXAM}.yaml", BLUEPRINT)
    for kind, count, varied, points, minutes in KINDS:
        body = (TEXTS / f"{kind}.tex").read_text("utf-8")
        for number in range(1, count + 1):
            has_parameter = number <= varied
            factor = "\\VAR{a}" if has_parameter else "2"
            text = body.replace("@n@", str(number + 1)).replace("@m@", factor)
            head = _head(kind, number, points, minutes, has_parameter)
            topic = TOPICS[number % len(TOPICS)]
            _write(root / f"problem_bank/{topic}/{kind}-{number}.tex", head + text)
    roster = root / "roster.csv"
    with roster.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("id", "name", "seat"))
        rows.writerows(_student(number) for number in range(students))
    return roster


def _head(kind: str, number: int, points: int, minutes: int, has_parameter: bool) -> str:
    lines = [
        f"title: A problem of the kind {kind}, number {number}",
        f"kind: {kind}",
        f"topics: [{TOPICS[number % len(TOPICS)]}]",
        f"difficulty: {2 + number % 2}",
        f"points: {points}",
        f"minutes: {minutes}",
        "status: ready",
    ]
    if has_parameter:
        lines += ["params:", f"  a: {{choose: [{2 + number}, {3 + 2 * number}, {5 + 3 * number}]}}"]
    return "% ---\n" + "".join(f"% {line}\n" for line in lines) + "% ---\n"


def _student(number: int) -> tuple[str, str, str]:
    """ID, name and seat; rows of the hall have 40 seats. One name of 10 is not in Latin script."""
    if number % 20 == 7:
        name = KOREAN[number // 20 % len(KOREAN)]
    elif number % 20 == 13:
        name = ARABIC[number // 20 % len(ARABIC)]
    else:
        firsts, families = FIRST.split(), FAMILY.split()
        first, family = number % len(firsts), number // len(firsts) % len(families)
        middle = "ABC"[number // (len(firsts) * len(families)) % 3]
        name = f"{firsts[first]} {middle}. {families[family]}"
    return f"2024{10001 + number}", name, f"{chr(ord('A') + number // 40)}{number % 40 + 1}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
