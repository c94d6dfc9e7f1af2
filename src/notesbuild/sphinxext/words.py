"""What pages say around problems, in the languages that kinds of results have."""

from __future__ import annotations

_WORDS = {
    "de": {
        "Answer": "Antwort",
        "Solution": "Lösung",
        "Solutions": "Lösungen",
        "{} point": "{} Punkt",
        "{} points": "{} Punkte",
    },
    "fr": {
        "Answer": "Réponse",
        "Solution": "Solution",
        "Solutions": "Solutions",
        "{} point": "{} point",
        "{} points": "{} points",
    },
    "ko": {
        "Answer": "답",
        "Solution": "풀이",
        "Solutions": "풀이",
        "{} point": "{}점",
        "{} points": "{}점",
    },
}


def say(message: str, language: str | None) -> str:
    """A word in a language; in English where it is not known."""
    words = _WORDS.get((language or "en").split("_")[0].split("-")[0], {})
    return words.get(message, message)


def points_in_words(points: int, language: str | None) -> str:
    """1 point; 12 points."""
    return say("{} point" if points == 1 else "{} points", language).format(points)
