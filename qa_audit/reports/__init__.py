"""What leaves the workbench: workbook, page, PDF, CSV, Parquet, charts, bulletin."""

from qa_audit.reports.agents_chart import agents_chart
from qa_audit.reports.bulletin import Bulletin, bulletin
from qa_audit.reports.context import ReportContext, ReportItem
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.items_chart import items_chart
from qa_audit.reports.month_files import FORMATS, write_month
from qa_audit.reports.workbook import write_workbook

__all__ = [
    "FORMATS",
    "Bulletin",
    "MonthFigures",
    "ReportContext",
    "ReportItem",
    "agents_chart",
    "bulletin",
    "items_chart",
    "write_month",
    "write_workbook",
]
