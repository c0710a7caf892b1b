"""Workbooks of rubrics for tests: a list of one's own, and an exported one that was changed."""

import openpyxl

from qa_audit.scoring.rubric_file import load_rubric
from qa_audit.scoring.rubric_sheets import read_workbook
from qa_audit.scoring.rubric_workbook import write_workbook

MINE = """\
id = "mine"
version = "1.0.0"
name_zh = "我的"
name_en = "mine"
sections = [{ name = "服务" }]
[[items]]
id = "rude"
name_zh = "禁语"
name_en = "rude"
source = "规范"
section = "服务"
weight = 8
bonus = true
off_per_hit = 2.0
check = { kind = "rule", fail_when = "禁", conditions = [{ name = "禁", kind = "said", phrases = [
  { text = "不归我们管", tolerance = "exact" }, "没办法" ] }] }
[[items]]
id = "hand"
name_zh = "人评"
name_en = "hand"
source = "规范"
section = "服务"
weight = 2
check = { kind = "manual" }
"""


def own_list(folder, *sheets, name="考核细则.xlsx"):
    """What is read of a workbook with these sheets, each of these rows."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(folder / name)
    return read_workbook(folder / name)


def exported(folder, change, text=MINE):
    """What is read of a rubric's exported workbook when it was changed so."""
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    write_workbook(load_rubric(folder / "mine.toml"), text, folder / "mine.xlsx")
    book = openpyxl.load_workbook(folder / "mine.xlsx")
    change(book)
    book.save(folder / "mine.xlsx")
    return read_workbook(folder / "mine.xlsx")
