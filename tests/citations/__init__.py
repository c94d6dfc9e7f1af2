"""Exams and the notes behind them: numbers, citations, and what was taught in time."""
