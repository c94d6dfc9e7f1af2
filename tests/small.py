"""A small project that is right in every respect; tests break one thing at a time."""

from __future__ import annotations

PROOF = r"""
% ---
% title: The mean minimizes the squared distance
% kind: proof
% topics: [means]
% difficulty: 2
% points: 8
% minutes: 12
% uses: [thm-mean]
% status: ready
% ---
Let $x_1, \dots, x_n$ be real numbers.
\begin{parts}
  \part[5] Show that $\sum_i (x_i - a)^2$ is smallest at the mean.
    \begin{solution}[4cm]
      Differentiate with respect to $a$: the derivative is $2 \sum_i (a - x_i)$.
      \begin{rubric} \item[3] derivative \item[2] conclusion \end{rubric}
    \end{solution}
  \part[3] Is the minimizer unique?
    \begin{solution}[2cm]
      Yes: the second derivative is $2n > 0$.
      \begin{rubric} \item[3] strict convexity \end{rubric}
    \end{solution}
\end{parts}
"""

COMPUTATION = r"""
% ---
% title: A variance
% kind: computation
% topics: [variances]
% difficulty: 3
% points: 6
% minutes: 10
% status: ready
% params:
%   n: {choose: [2, 3, 4, 5, 6]}
%   variance: {value: "(n**2 - 1)/12"}
% answer: variance
% ---
Compute the variance of the uniform distribution on $\{1, \dots, \VAR{n}\}$.
\begin{solution}[4cm]
  The variance is $(n^2 - 1)/12 = \VAR{variance}$.
  \begin{rubric} \item[6] formula and value \end{rubric}
\end{solution}
"""

CHOICE = r"""
% ---
% title: Which number is prime
% kind: multiple-choice
% topics: [primes]
% difficulty: 1
% points: 3
% minutes: 2
% status: ready
% ---
Which number is prime?
\begin{choices}
  \choice $4$
  \CorrectChoice $5$
  \choice $6$
  \choice[fixed] None of these.
\end{choices}
\begin{solution}[1cm]
  $5$ has no divisor but $1$ and itself.
  \begin{rubric} \item[3] the right choice \end{rubric}
\end{solution}
"""

SMALL: dict[str, str] = {
    "notes/macros.tex": r"\newcommand{\R}{\mathbb{R}}" + "\n",
    "notes/references.bib": """
@book{euler1748introductio,
  author = {Euler, Leonhard}, title = {Introductio in analysin infinitorum},
  publisher = {Bousquet}, year = {1748}
}
""",
    "notes/chapters/basics/means.md": r"""
(ch-means)=
# Means

The mean is old {cite:p}`euler1748introductio`.

:::{prf:theorem} Minimizing property
:label: thm-mean
For $x \in \R^n$ the mean minimizes

$$
f(a) = \sum_i (x_i - a)^2 .
$$ (eq-mean)

:::

:::{prf:proof}
Differentiate {eq}`eq-mean`.
:::

## Use

{prf:ref}`thm-mean` is used everywhere.
""",
    "notes/courses/small.yaml": """
title: Small course
institution: Some university
term: Spring 2030
timezone: Europe/Berlin
description: About means.
staff:
  - {name: Ada Example, role: Instructor}
chapters:
  - basics/means
schedule:
  - {date: 2030-03-04, topic: Means, covers: [basics/means]}
grading:
  - {what: Exam, weight: 100}
""",
    "problem_bank/means/mean-minimizes.tex": PROOF,
    "problem_bank/means/variance-uniform.tex": COMPUTATION,
    "problem_bank/primes/prime-choice.tex": CHOICE,
    "exams/small/quiz.yaml": """
title: Quiz
kind: quiz
date: 2030-04-01
start: "10:00"
duration: 45min
versions: 2
seed: 7
sections:
  - title: Choices
    pick: 1
    where: "kind == 'multiple-choice'"
  - title: Work
    pick: 2
    where: "kind in ['proof', 'computation']"
constraints:
  points: 17
  taught: true
""",
}


def broken(path: str, old: str, new: str) -> dict[str, str]:
    """The small project with one change."""
    assert old in SMALL[path], f"{old!r} is not in {path}"
    return {**SMALL, path: SMALL[path].replace(old, new, 1)}
