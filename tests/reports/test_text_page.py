from qa_audit.reports.document import Document, Figure, Section
from qa_audit.reports.text_page import text_of


def test_every_part_of_a_section_in_its_order() -> None:
    section = Section(
        "概况",
        words=("今日抽听 8 通。",),
        figures=(Figure("平均分", "82.3", "一班 84"), Figure("通过率", "75%")),
        points=("王喆：结束语完整", "李堃：请字当头"),
        pairs=(("口径", "人工抽听"),),
        notes=("机器评分未计入。",),
    )
    assert text_of(Document("每日质检情况", "10月3日", (section,), "zh")).splitlines() == [
        "每日质检情况",
        "10月3日",
        "",
        "【概况】",
        "今日抽听 8 通。",
        "平均分：82.3（一班 84）",
        "通过率：75%",
        "· 王喆：结束语完整",
        "· 李堃：请字当头",
        "口径：人工抽听",
        "机器评分未计入。",
    ]


def test_what_is_empty_leaves_no_blank_lines() -> None:
    page = Document("通报", "", (Section(""), Section("", words=("没有问题。",))), "zh")
    assert text_of(page) == "通报\n\n没有问题。"


def test_english_has_its_own_marks() -> None:
    section = Section("Day", figures=(Figure("Mean", "82.3", "84 last week"),), pairs=(("Calls", "8"),))
    lines = text_of(Document("Bulletin", "3 October", (section,), "en")).splitlines()
    assert lines[3:] == ["【Day】", "Mean: 82.3 (84 last week)", "Calls: 8"]
