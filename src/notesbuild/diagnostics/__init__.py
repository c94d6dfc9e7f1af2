"""What can be wrong with an input, as values: a code, a place, a reason and a remedy."""

from notesbuild.diagnostics.codes import Code
from notesbuild.diagnostics.render import Format, render
from notesbuild.diagnostics.values import (
    Diagnostic,
    Origin,
    Outcome,
    Severity,
    Span,
    error,
    exit_code,
    has_errors,
    in_order,
    note,
    warning,
)

__all__ = [
    "Code",
    "Diagnostic",
    "Format",
    "Origin",
    "Outcome",
    "Severity",
    "Span",
    "error",
    "exit_code",
    "has_errors",
    "in_order",
    "note",
    "render",
    "warning",
]
