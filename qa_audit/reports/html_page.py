"""A document as one HTML file: nothing fetched, charts inside, readable on a screen of 1280 and on paper."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from qa_audit.reports.document import cell_text, flush_right

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.reports.document import Document, Section
    from qa_audit.reports.table import Table

_HEAD = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color: #1f2a37; background: #fff; }}
body {{ font: 15px/1.55 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif; max-width: {width};
  margin: 2rem auto; padding: 0 1.5rem; }}
h1 {{ font-size: 1.7rem; line-height: 1.25; margin: 0; }}
.under {{ color: #6b7280; margin: .2rem 0 1.5rem; }}
h2 {{ font-size: 1.15rem; margin: 2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 2px solid #24577a; }}
p {{ margin: .4rem 0; max-width: 60rem; }}
.figures {{ display: flex; flex-wrap: wrap; gap: .8rem 2.5rem; margin: .8rem 0; }}
.figures dt {{ color: #6b7280; font-size: .85rem; }}
.figures dd {{ margin: 0; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; }}
.figures dd small {{ display: block; font-size: .8rem; color: #6b7280; }}
ul {{ margin: .4rem 0; padding-left: 1.3rem; max-width: 60rem; }}
li {{ margin: .25rem 0; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: .87rem; font-variant-numeric: tabular-nums; }}
th, td {{ padding: .25rem .55rem; border-bottom: 1px solid #d9dee5; text-align: left; vertical-align: top; }}
th {{ background: #eef2f6; border-bottom-color: #24577a; vertical-align: bottom; position: sticky; top: 0; }}
.right {{ text-align: right; white-space: nowrap; }}
.long {{ min-width: 12rem; }}
.pairs th {{ background: none; border: 0; white-space: nowrap; padding-left: 0; position: static;
  vertical-align: top; }}
.pairs td {{ border: 0; overflow-wrap: anywhere; }}
img {{ max-width: 100%; height: auto; }}
.notes {{ color: #6b7280; font-size: .82rem; }}
@page {{ size: A4 {orientation}; margin: 12mm; }}
@media print {{
  body {{ margin: 0; padding: 0; max-width: none; font-size: 9.5pt; }}
  h2 {{ break-after: avoid; }}
  tr, img, li {{ break-inside: avoid; }}
  /* A chart and its heading on one page. */
  img {{ max-height: {tallest_mm}mm; }}
  thead {{ display: table-header-group; }}
  th {{ position: static; -webkit-print-color-adjust: exact; print-color-adjust: exact; }}
  .wide {{ overflow: visible; }}
  table {{ font-size: 7.5pt; }}
  th, td {{ padding: .12rem .3rem; }}
}}
</style>
<h1>{title}</h1>
<p class="under">{under}</p>
"""


def html_of(document: Document) -> str:
    """The document as a whole HTML page. Every text is escaped; the page may load nothing from anywhere."""
    landscape = document.orientation == "landscape"
    head = _HEAD.format(
        lang="zh-CN" if document.language == "zh" else "en",
        title=escape(document.title),
        under=escape(document.subtitle),
        width="76rem" if landscape else "52rem",
        orientation=document.orientation,
        tallest_mm=160 if landscape else 240,
    )
    return head + "".join(_section(one) for one in document.sections) + "</html>\n"


def _section(section: Section) -> str:
    parts = [f"<h2>{escape(section.title)}</h2>\n"] if section.title else []
    parts += _paragraphs(section.words)
    if section.figures:
        cells = "".join(
            f"<div><dt>{escape(one.label)}</dt><dd>{escape(one.value)}"
            + (f"<small>{escape(one.note)}</small>" if one.note else "")
            + "</dd></div>"
            for one in section.figures
        )
        parts.append(f'<dl class="figures">{cells}</dl>\n')
    if section.points:
        parts.append("<ul>" + "".join(f"<li>{escape(one)}</li>" for one in section.points) + "</ul>\n")
    if section.pairs:
        rows = "".join(
            f"<tr><th>{escape(label)}</th><td>{escape(text)}</td></tr>" for label, text in section.pairs
        )
        parts.append(f'<table class="pairs">{rows}</table>\n')
    if section.chart is not None:
        # As an image, so that ids of one chart cannot meet those of another.
        picture = base64.b64encode(section.chart.svg.encode()).decode()
        parts.append(
            f'<p><img alt="{escape(section.chart.says)}" src="data:image/svg+xml;base64,{picture}"></p>\n'
        )
    if section.table is not None:
        parts.append(_table(section.table))
    parts += [text.replace("<p>", '<p class="notes">', 1) for text in _paragraphs(section.notes)]
    return "".join(parts)


def _paragraphs(texts: Iterable[str]) -> list[str]:
    return [f"<p>{escape(text)}</p>\n" for text in texts]


def _table(table: Table) -> str:
    classes = [
        ' class="right"' if flush_right(one.kind) else ' class="long"' if one.kind == "long" else ""
        for one in table.columns
    ]
    heads = "".join(
        f"<th{how}>{escape(column.heading)}</th>" for how, column in zip(classes, table.columns, strict=True)
    )
    lines = []
    for row in table.frame.select(column.key for column in table.columns).iter_rows():
        cells = (
            f"<td{how}>{escape(cell_text(value, column.kind))}</td>"
            for how, column, value in zip(classes, table.columns, row, strict=True)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>\n")
    head, body = f"<thead><tr>{heads}</tr></thead>", f"<tbody>{''.join(lines)}</tbody>"
    return f'<div class="wide"><table>{head}\n{body}</table></div>\n'
