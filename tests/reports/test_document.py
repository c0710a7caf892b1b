import re
from collections.abc import Callable
from datetime import datetime

import polars as pl

from qa_audit.reports.charts import svg_below_a_heading
from qa_audit.reports.coaching_chart import coaching_chart
from qa_audit.reports.context import ReportContext
from qa_audit.reports.document import Chart, Document, Figure, Section
from qa_audit.reports.html_page import html_of
from qa_audit.reports.pdf_page import page_images, pdf_of
from qa_audit.reports.registers import COACHING
from qa_audit.reports.table import Column, Table


def _page(make_context: Callable[..., ReportContext]) -> Document:
    columns = (Column("who", "姓名", "text", 10), Column("score", "得分", "score", 8))
    frame = pl.DataFrame({"who": ["<王喆> #x *y* =1+1"] * 120, "score": [84.25] * 120})
    row = ("person:p1", "一班", "1001", "刘龘", "closing", datetime(2026, 10, 9))
    coached = pl.DataFrame([(*row, 40, 0.3, 0.2, 0.4, 35, 0.1, 0.05, 0.2)], COACHING, orient="row")
    chart = Chart(svg_below_a_heading(coaching_chart(coached, make_context())), "辅导前后")
    sections = (
        Section("", ("第一段",), (Figure("得分", "84.3", "95 %"),), ("一点",), (("种子", "ab" * 32),)),
        Section("图", chart=chart),
        Section("表", table=Table("表", columns, frame), notes=("注",)),
    )
    return Document("题 & 目", "副题", sections, "zh")


def test_a_page_fetches_nothing_and_escapes_all_text(make_context: Callable[..., ReportContext]) -> None:
    page = html_of(_page(make_context))
    assert "&lt;王喆&gt; #x *y* =1+1" in page
    assert "<title>题 &amp; 目</title>" in page
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert "http" not in re.sub(r"base64,[^\"]*|http-equiv", "", page)
    assert page.count('<td class="right">84.3</td>') == 120


def test_a_pdf_is_the_same_each_time_and_runs_over_pages(make_context: Callable[..., ReportContext]) -> None:
    page = _page(make_context)
    assert pdf_of(page) == pdf_of(page)
    images = page_images(page, 40)
    assert len(images) >= 3
    assert all(image.startswith(b"\x89PNG") for image in images)
