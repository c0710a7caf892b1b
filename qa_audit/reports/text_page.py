"""A document as plain text, to be pasted into a chat: no markup, short lines, lists with a dot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.messages import say

if TYPE_CHECKING:
    from qa_audit.messages import Language
    from qa_audit.reports.document import Document, Section


def text_of(document: Document) -> str:
    """Title, subtitle and sections under 【headings】; charts and tables are left out.

    >>> from qa_audit.reports.document import Document, Section
    >>> page = Document("每日质检情况", "10月3日", (Section("表扬", points=("王喆：结束语完整",)),), "zh")
    >>> print(text_of(page))
    每日质检情况
    10月3日
    <BLANKLINE>
    【表扬】
    · 王喆：结束语完整
    """
    blocks = ["\n".join(filter(None, (document.title, document.subtitle)))]
    blocks += ["\n".join(_lines(section, document.language)) for section in document.sections]
    return "\n\n".join(block for block in blocks if block)


def _lines(section: Section, lang: Language) -> list[str]:
    def pair(label: str, value: str, note: str = "") -> str:
        key = "noted" if note else "pair"
        return say(f"report.text.{key}", lang, label=label, value=value, note=note)

    lines = [f"【{section.title}】"] if section.title else []
    lines += section.words
    lines += [pair(one.label, one.value, one.note) for one in section.figures]
    lines += [f"· {one}" for one in section.points]
    lines += [pair(label, text) for label, text in section.pairs]
    return lines + list(section.notes)
