"""notesbuild: lecture notes and exams from one set of sources."""

__version__ = "0.1.0"
