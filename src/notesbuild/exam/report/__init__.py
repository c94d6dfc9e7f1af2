"""report.html: one page that tells an instructor what an exam is like, and whether it is fair."""

from notesbuild.exam.report.page import (
    ReportInput,
    StudentPaper,
    draw_charts,
    load_report,
    pictured,
    report_html,
)

__all__ = ["ReportInput", "StudentPaper", "draw_charts", "load_report", "pictured", "report_html"]
