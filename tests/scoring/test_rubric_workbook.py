"""To XLSX and back, and from a supervisor's own list."""

import tomllib
import zipfile

import openpyxl
import pytest

from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.scoring.rubric_check import check_rubric
from qa_audit.scoring.rubric_diff import Change, diff_rubrics
from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.scoring.rubric_sheets import read_workbook
from qa_audit.scoring.rubric_test import run_examples
from qa_audit.scoring.rubric_workbook import write_workbook
from tests.scoring.rubric_books import MINE
from tests.scoring.rubric_books import exported as exported_mine


@pytest.fixture
def exported(tmp_path):
    path = tmp_path / "标准.xlsx"
    write_workbook(load_rubric(), built_in_rubric_text(), path)
    return path


def edited(path, change):
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return read_workbook(path)


def row_of(sheet, column, value):
    return next(row for row in sheet.iter_rows(min_row=3) if row[column].value == value)


def test_the_built_in_rubric_comes_back_letter_by_letter(exported):
    read = read_workbook(exported)
    assert (read.text, read.items, read.changed) == (built_in_rubric_text(), 20, False)


def test_the_sheets_are_laid_out_for_people(exported):
    book = openpyxl.load_workbook(exported)
    assert book.sheetnames == ["考核标准", "话术", "规则文件"]
    sheet = book["考核标准"]
    assert [cell.value for cell in sheet[2]][:5] == ["部分", "编号", "项目", "考核标准", "分值"]
    assert [cell.value for cell in sheet[3]][1:5] == [
        "greeting",
        "开头语",
        "REG 6.1; REG (phone etiquette) 6.1(2)",
        8,
    ]
    wording = row_of(book["话术"], 2, "check.parts.0.said.phrases")
    assert [cell.value for cell in wording] == [
        "greeting",
        "开头语",
        "check.parts.0.said.phrases",
        "您好",
        "您好",
    ]


def test_points_names_wordings_and_rows_that_were_changed(exported, tmp_path):
    def change(book):
        sheet = book["考核标准"]
        row = row_of(sheet, 1, "greeting")
        row[0].value, row[2].value, row[4].value, row[6].value, row[7].value = "服务", "开场白", 10, "是", 2
        row_of(book["话术"], 2, "check.parts.0.said.phrases")[4].value = "您好\n早安"
        sheet.delete_rows(row_of(sheet, 1, "speech_rate")[0].row)
        last = sheet.max_row + 1
        for column, value in ((3, "报工号"), (4, "新规"), (5, 3)):
            sheet.cell(last, column, value)

    read = edited(exported, change)
    assert read.changed
    table = tomllib.loads(read.text)
    items = {item["id"]: item for item in table["items"]}
    first = items["greeting"]
    assert (first["section"], first["name_zh"], first["weight"]) == ("服务", "开场白", 10)
    assert (first["critical"], first["off_per_hit"]) == (True, 2)
    assert first["check"]["parts"][0]["said"]["phrases"] == ["您好", "早安"]
    assert "speech_rate" not in items
    assert items["bao_gong_hao"]["check"] == {"kind": "manual"}
    assert table["sections"] == [{"name": "服务"}]
    out = tmp_path / "新.toml"
    out.write_text(read.text, encoding="utf-8")
    assert not check_rubric(out).failed


OWN = [
    ["2026 年质检考核标准细则", None, None, None, None, None, None],
    ["考核模块", "考核项目", "评分标准", "分值", "标准话术", "禁用语", "一票否决"],
    ["服务规范", "开头语", "按规定问候", "10分", "您好；很高兴为您服务", None, None],
    [None, "结束语", "致谢并道别", 5, "感谢您的来电\n再见", None, None],
    ["服务态度", "禁用语", "不得顶撞", "-20", None, "不归我们管；爱投诉就投诉", "是"],
    [None, "服务热情", "语气亲切", 5, None, None, None],
    ["合计", None, None, 40, None, None, None],
]


def own_list(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A3:A4")
    book.save(path)
    return path


def test_a_list_of_ones_own_becomes_rules(tmp_path):
    read = read_workbook(own_list(tmp_path / "考核细则.xlsx", OWN))
    out = tmp_path / "新.toml"
    out.write_text(read.text, encoding="utf-8")
    checked = check_rubric(out)
    assert checked.rubric is not None, str(checked)
    assert [(one.id, one.section, one.weight, one.critical) for one in checked.rubric.items] == [
        ("kai_tou_yu", "服务规范", 10, False),
        ("jie_shu_yu", "服务规范", 5, False),
        ("jin_yong_yu", "服务态度", 20, True),
        ("fu_wu_re_qing", "服务态度", 5, False),
    ]
    checks = [one.check for one in checked.rubric.items]
    assert [
        (check.kind, getattr(check, "pass_when", None), getattr(check, "fail_when", None)) for check in checks
    ] == [
        ("rule", "必说", None),
        ("rule", "必说", None),
        ("rule", None, "禁语"),
        ("manual", None, None),
    ]
    assert [phrase.text for phrase in checks[1].conditions[0].phrases] == ["感谢您的来电", "再见"]


def test_rows_without_points_are_all_told(tmp_path):
    rows = [*OWN[:3], [None, "结束语", "x", None], [None, "语速", "x", "若干"]]
    with pytest.raises(QaError) as caught:
        read_workbook(own_list(tmp_path / "a.xlsx", rows))
    assert caught.value.code == "scoring.workbook_mistakes"
    assert "第 4 行 结束语：分值读不出（–）" in str(caught.value)
    assert "第 5 行 语速：分值读不出（若干）" in str(caught.value)


def test_a_workbook_without_a_list_and_a_file_that_is_none(tmp_path):
    with pytest.raises(QaError) as caught:
        read_workbook(own_list(tmp_path / "a.xlsx", [["甲", "乙"], [1, 2]]))
    assert caught.value.code == "scoring.workbook_no_items"
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")
    with pytest.raises(QaError) as caught:
        read_workbook(tmp_path / "b.xlsx")
    assert caught.value.code == "scoring.workbook_unreadable"


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(QaError) as caught:
        write_workbook(load_rubric(), built_in_rubric_text(), tmp_path / "no" / "a.xlsx")
    assert caught.value.code == "scoring.workbook_unwritable"


def test_what_is_too_long_for_a_cell_is_told_and_nothing_is_written(tmp_path):
    phrases = ",\n".join(f'"帮您办理第{number}号业务"' for number in range(3500))
    text = MINE.replace('"没办法"', phrases).replace('"人评"', f'"{"长" * 32_761}"')
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(QaError) as caught:
        write_workbook(load_rubric(tmp_path / "mine.toml"), text, tmp_path / "a.xlsx")
    assert caught.value.code == "scoring.workbook_too_long"
    line = text.split("\n").index(f'name_zh = "{"长" * 32_761}"') + 1
    assert f"截断：rude check.conditions.0.phrases、规则文件:{line}。" in str(caught.value)
    assert not (tmp_path / "a.xlsx").exists()


def test_what_just_goes_into_a_cell_comes_back(tmp_path):
    text = MINE.replace('"没办法"', f'\n"{"长" * 32_761}"\n')
    assert exported_mine(tmp_path, lambda _: None, text) == (text, 2, False, ())


def test_one_changed_cell_changes_nothing_else(exported, tmp_path):
    def change(book):
        row_of(book["考核标准"], 1, "closing")[4].value = 9

    read = edited(exported, change)
    out = tmp_path / "新.toml"
    out.write_text(read.text, encoding="utf-8")
    told = diff_rubrics(load_rubric(), load_rubric(out))
    assert told.changes == (Change("closing", "weight", "8", "9"),)


def test_a_small_workbook_that_unpacks_to_much_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 60_000_000 + b"</a>")
    assert path.stat().st_size < 100_000
    with pytest.raises(QaError) as caught:
        read_workbook(path)
    assert caught.value.code == "calls.list_too_big"


def test_conditions_on_the_call_list_come_back_with_their_examples(tmp_path):
    text = MINE + (
        '[[items]]\nid = "new"\nname_zh = "新装"\nname_en = "new"\nsource = "规范"\nweight = 5\n'
        'applies_when = "新装 and 夜间"\ncheck = { kind = "rule", pass_when = "夜间" }\n[[items.examples]]\n'
        'is = "complies"\nturns = ["A: 您好"]\n'
        'facts = { time = "23:00", columns = { "业务类型" = "新装", "VIP" = "是" } }\n'
        '[[conditions]]\nname = "新装"\nkind = "fact"\nfact = "column"\ncolumn = "业务类型"\n'
        'any_of = ["新装", "移机"]\n'
        '[[conditions]]\nname = "夜间"\nkind = "fact"\nfact = "time"\nfrom = 21:00:00\nuntil = "8:00"\n'
    )

    def change(book):
        row_of(book["考核标准"], 1, "new")[4].value = 6

    read = exported_mine(tmp_path, change, text)
    assert tomllib.loads(read.text) == tomllib.loads(text.replace("weight = 5", "weight = 6"))
    (tmp_path / "back.toml").write_text(read.text, encoding="utf-8")
    before, after = load_rubric(tmp_path / "mine.toml"), load_rubric(tmp_path / "back.toml")
    assert not run_examples(after, "new").failed
    assert diff_rubrics(before, after).changes == (Change("new", "weight", "5", "6"),)
    (tmp_path / "moved.toml").write_text(text.replace('until = "8:00"', 'until = "7:00"'), encoding="utf-8")
    moved = load_rubric(tmp_path / "moved.toml")
    assert diff_rubrics(before, moved).changes == (Change("", "conditions.夜间.until", "08:00", "07:00"),)
