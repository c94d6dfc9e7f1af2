"""report.html: one page that tells an instructor what an exam is like, and whether it is fair."""

from notesbuild.exam.report.page import (
    ReportInput,
    StudentPaper,
    load_report,
    pictured,
    report_html,
)

__all__ = ["ReportInput", "StudentPaper", "load_report", "pictured", "report_html"]
