"""Every word that notesbuild itself puts into notes, sites and syllabuses, in each language.

Sphinx and its themes bring their own catalogues; this table is what they do not have.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("de", "fr", "ko")
"""The languages of the table besides English, in the order of its columns."""

GRAPH_HINT = (
    "An arrow leads from a result to what uses it. "
    "Point at a result, or move to it with the Tab key, to see all that it rests on "
    "and all that rests on it."
)

# English: German, French, Korean. `{}` is what is put in.
_TABLE: tuple[tuple[str, str, str, str], ...] = (
    # Kinds of results
    ("Theorem", "Satz", "Théorème", "정리"),
    ("Lemma", "Lemma", "Lemme", "보조정리"),
    ("Proposition", "Proposition", "Proposition", "명제"),
    ("Corollary", "Korollar", "Corollaire", "따름정리"),
    ("Conjecture", "Vermutung", "Conjecture", "추측"),
    ("Criterion", "Kriterium", "Critère", "판정법"),
    ("Property", "Eigenschaft", "Propriété", "성질"),
    ("Definition", "Definition", "Définition", "정의"),
    ("Assumption", "Annahme", "Hypothèse", "가정"),
    ("Axiom", "Axiom", "Axiome", "공리"),
    ("Notation", "Notation", "Notation", "표기법"),
    ("Algorithm", "Algorithmus", "Algorithme", "알고리즘"),
    ("Exercise", "Aufgabe", "Exercice", "연습문제"),
    ("Example", "Beispiel", "Exemple", "예제"),
    ("Observation", "Beobachtung", "Observation", "관찰"),
    ("Remark", "Bemerkung", "Remarque", "참고"),
    # Results, proofs and what refers to them
    ("Proof", "Beweis", "Preuve", "증명"),
    ("Proof of {}", "Beweis von {}", "Preuve ({})", "{}의 증명"),
    ("Proof: {}", "Beweis: {}", "Preuve\u00a0: {}", "증명: {}"),
    ("Proof: see {}", "Beweis: siehe {}", "Preuve\u00a0: voir {}", "증명: {} 참조"),
    ("{}, page {}", "{}, Seite {}", "{}, page {}", "{}, {}쪽"),
    (" on page {}", " auf Seite {}", " (page {})", "({}쪽)"),
    ("Proof on page {}", "Beweis auf Seite {}", "Preuve page {}", "증명: {}쪽"),
    ("Deferred proofs", "Zurückgestellte Beweise", "Preuves reportées", "미루어 둔 증명"),
    ("restated", "wiederholt", "rappel", "다시 씀"),
    ("End of proof", "Ende des Beweises", "Fin de la preuve", "증명 끝"),
    ("Link to this result", "Link zu diesem Ergebnis", "Lien vers ce résultat", "이 결과의 링크"),
    (
        "Link to this equation",
        "Link zu dieser Gleichung",
        "Lien vers cette équation",
        "이 식의 링크",
    ),
    ("Hide all proofs", "Alle Beweise zuklappen", "Replier les preuves", "증명 모두 접기"),
    ("Show all proofs", "Alle Beweise aufklappen", "Déplier les preuves", "증명 모두 펼치기"),
    ("Chapter {}", "Kapitel {}", "Chapitre {}", "제{}장"),
    ("Part {}", "Teil {}", "Partie {}", "제{}부"),
    ("Section {}", "Abschnitt {}", "Section {}", "{}절"),
    ("Contents", "Inhalt", "Table des matières", "차례"),
    ("References", "Literatur", "Bibliographie", "참고문헌"),
    # Pages that show the whole project
    ("Uses", "Verwendet", "Utilise", "사용:"),
    ("Used by", "Verwendet in", "Utilisé par", "사용된 곳:"),
    ("and {} more", "und {} weitere", "et {} autres", "외 {}개"),
    ("Theorems", "Sätze", "Théorèmes", "정리"),
    ("Lemmas", "Lemmata", "Lemmes", "보조정리"),
    ("Propositions", "Propositionen", "Propositions", "명제"),
    ("Corollaries", "Korollare", "Corollaires", "따름정리"),
    ("Definitions", "Definitionen", "Définitions", "정의"),
    ("Examples", "Beispiele", "Exemples", "예제"),
    ("Exercises", "Aufgaben", "Exercices", "연습문제"),
    ("Remarks", "Bemerkungen", "Remarques", "참고"),
    ("Algorithms", "Algorithmen", "Algorithmes", "알고리즘"),
    ("Assumptions", "Annahmen", "Hypothèses", "가정"),
    ("Axioms", "Axiome", "Axiomes", "공리"),
    ("Conjectures", "Vermutungen", "Conjectures", "추측"),
    ("Criteria", "Kriterien", "Critères", "판정법"),
    ("Observations", "Beobachtungen", "Observations", "관찰"),
    ("Properties", "Eigenschaften", "Propriétés", "성질"),
    ("Larger", "Größer", "Agrandir", "확대"),
    ("Smaller", "Kleiner", "Réduire", "축소"),
    ("Fit the width", "An die Breite anpassen", "Ajuster à la largeur", "너비에 맞추기"),
    ("All chapters", "Alle Kapitel", "Tous les chapitres", "모든 장"),
    ("Chapter", "Kapitel", "Chapitre", "장"),
    ("Fold all chapters", "Alle Kapitel einklappen", "Replier tous les chapitres", "모든 장 접기"),
    (
        "Unfold all chapters",
        "Alle Kapitel ausklappen",
        "Déplier tous les chapitres",
        "모든 장 펼치기",
    ),
    ("Fold or unfold", "Ein- oder ausklappen", "Replier ou déplier", "접기 또는 펼치기"),
    (
        "Hide results without connections",
        "Ergebnisse ohne Verbindungen ausblenden",
        "Masquer les résultats sans liens",
        "연결되지 않은 결과 숨기기",
    ),
    ("results", "Ergebnisse", "résultats", "개의 결과"),
    (
        "How the results depend on each other",
        "Wie die Ergebnisse voneinander abhängen",
        "Comment les résultats s’enchaînent",
        "결과들의 의존 관계",
    ),
    (
        "The same as a list",
        "Dasselbe als Liste",
        "La même chose sous forme de liste",
        "목록으로 보기",
    ),
    ("Reference", "Nachschlagen", "Référence", "참고 자료"),
    ("Results", "Ergebnisse", "Résultats", "결과"),
    ("Graph of results", "Graph der Ergebnisse", "Graphe des résultats", "결과 그래프"),
    ("By kind", "Nach Art", "Par genre", "종류별"),
    ("By chapter", "Nach Kapitel", "Par chapitre", "장별"),
    (
        GRAPH_HINT,
        "Ein Pfeil führt von einem Ergebnis zu dem, was es verwendet. Zeigen Sie auf ein "
        "Ergebnis oder gehen Sie mit der Tabulatortaste dorthin, um alles zu sehen, "
        "worauf es beruht und was darauf beruht.",
        "Une flèche va d’un résultat à ce qui l’utilise. Pointez un résultat, ou "
        "atteignez-le avec la touche Tab, pour voir tout ce sur quoi il repose et tout ce "
        "qui repose sur lui.",
        "화살표는 결과에서 그것을 사용하는 결과로 향합니다. 결과를 가리키거나 Tab "
        "키로 이동하면 그 결과의 바탕이 되는 것과 그 결과에 의존하는 것이 모두 "
        "표시됩니다.",
    ),
    # Site
    ("Search", "Suche", "Rechercher", "검색"),
    ("This chapter as PDF", "Dieses Kapitel als PDF", "Ce chapitre en PDF", "이 장의 PDF"),
    ("Published by {}.", "Herausgegeben von {}.", "Publié par {}.", "발행: {}."),
    (
        "This edition follows the public syllabus of {} ({}), and is independent of it.",
        "Diese Ausgabe folgt dem öffentlichen Lehrplan von {} ({}) und ist davon unabhängig.",
        "Cette édition suit le programme public de {} ({}), et en est indépendante.",
        "이 판은 {}({})의 공개 강의계획서를 따르지만, 그와 무관하게 만들어졌습니다.",
    ),
    (
        "An independent edition after the public syllabus of",
        "Eine unabhängige Ausgabe nach dem öffentlichen Lehrplan von",
        "Une édition indépendante d’après le programme public de",
        "다음 공개 강의계획서를 따르는 독립된 판",
    ),
    ("The public syllabus", "Der öffentliche Lehrplan", "Le programme public", "공개 강의계획서"),
    ("Statements", "Nur die Aussagen", "Énoncés seuls", "명제만"),
    ("Without proofs", "Ohne Beweise", "Sans les preuves", "증명 제외"),
    ("Large print", "Großdruck", "Gros caractères", "큰 활자"),
    ("Notes (PDF)", "Skript (PDF)", "Notes (PDF)", "강의노트 (PDF)"),
    ("Syllabus (PDF)", "Lehrplan (PDF)", "Programme (PDF)", "강의계획서 (PDF)"),
    ("Calendar (ICS)", "Kalender (ICS)", "Calendrier (ICS)", "일정 (ICS)"),
    ("{}: syllabus", "{}: Lehrplan", "{}\u00a0: programme", "{}: 강의계획서"),
    # Home page and syllabus
    ("Announcements", "Ankündigungen", "Annonces", "공지"),
    ("Lecture notes", "Vorlesungsskript", "Notes de cours", "강의노트"),
    ("Course information", "Zur Vorlesung", "Informations pratiques", "강의 안내"),
    ("Honour code", "Ehrenkodex", "Code d’honneur", "명예 서약"),
    ("Staff", "Lehrende", "Équipe enseignante", "교수진"),
    ("Office {}", "Büro {}", "Bureau {}", "연구실 {}"),
    ("Office hours: {}", "Sprechstunde: {}", "Permanence\u00a0: {}", "면담 시간: {}"),
    ("office {}", "Büro {}", "bureau {}", "연구실 {}"),
    ("office hours {}", "Sprechstunde {}", "permanence {}", "면담 시간 {}"),
    ("Meetings", "Termine", "Séances", "수업"),
    ("Meeting", "Termin", "Séance", "수업"),
    ("Lectures", "Vorlesung", "Cours", "강의"),
    ("Time", "Zeit", "Horaire", "시간"),
    ("Place", "Ort", "Lieu", "장소"),
    ("Exams", "Prüfungen", "Examens", "시험"),
    ("Exam", "Prüfung", "Examen", "시험"),
    ("Rules of exams", "Prüfungsordnung", "Règles des examens", "시험 규정"),
    ("Date", "Datum", "Date", "날짜"),
    ("to be announced", "wird bekanntgegeben", "à préciser", "추후 공지"),
    ("Homework and practice", "Übungsblätter", "Devoirs et entraînement", "과제와 연습"),
    ("Sheet", "Blatt", "Feuille", "문제지"),
    ("Solutions", "Lösungen", "Corrigé", "풀이"),
    ("Solution", "Lösung", "Solution", "풀이"),
    ("Answer", "Antwort", "Réponse", "답"),
    ("{} point", "{} Punkt", "{} point", "{}점"),
    ("{} points", "{} Punkte", "{} points", "{}점"),
    ("Due", "Abgabe", "À rendre", "마감"),
    ("Files", "Dateien", "Fichiers", "파일"),
    ("{} is due", "Abgabe: {}", "{} à rendre", "{} 마감"),
    ("Homework: {}", "Hausaufgabe: {}", "Devoir\u00a0: {}", "과제: {}"),
    ("Grading", "Bewertung", "Évaluation", "성적 평가"),
    ("Part", "Teil", "Partie", "항목"),
    ("Weight", "Gewicht", "Poids", "비중"),
    ("Share", "Anteil", "Part", "비율"),
    ("Prerequisites", "Voraussetzungen", "Prérequis", "선수 지식"),
    (
        "Helpful, but not required",
        "Hilfreich, aber nicht nötig",
        "Utile, mais non exigé",
        "도움이 되지만 필수는 아닌 것",
    ),
    ("Textbooks", "Lehrbücher", "Ouvrages", "교재"),
    ("Schedule", "Zeitplan", "Calendrier", "일정"),
    ("Topic", "Thema", "Sujet", "주제"),
    ("Notes", "Skript", "Notes", "강의노트"),
)

MESSAGES: Mapping[str, Mapping[str, str]] = {
    english: dict(zip(LANGUAGES, others, strict=True)) for english, *others in _TABLE
}
"""Each message by its English words."""


def base_language(language: str | None) -> str:
    """``fr`` of ``fr_CA`` or ``fr-CA``."""
    return (language or "en").replace("-", "_").split("_")[0].lower()


def has_words(language: str | None) -> bool:
    """Whether the table has a column for the language; English is its key."""
    return base_language(language) in ("en", *LANGUAGES)


def say(message: str, language: str | None, *values: str) -> str:
    """A message of the table in a language, with values put in; English where none is known."""
    words = MESSAGES[message].get(base_language(language), message)
    return words.format(*values) if values else words
