"""What leaves the workbench: workbook, CSV, charts."""

from qa_audit.reports.agents_chart import agents_chart
from qa_audit.reports.context import ReportContext, ReportItem
from qa_audit.reports.items_chart import items_chart
from qa_audit.reports.month_files import MonthFiles, write_month
from qa_audit.reports.workbook import write_workbook

__all__ = [
    "MonthFiles",
    "ReportContext",
    "ReportItem",
    "agents_chart",
    "items_chart",
    "write_month",
    "write_workbook",
]
