from qa_audit.messages import speaking
from qa_audit.sampling.design import Design
from qa_audit.sampling.plan import Plan
from qa_audit.sampling.shown import (
    PLAN_COLUMNS,
    SKIP_COLUMNS,
    drawn_text,
    headings,
    plan_rows,
    skip_rows,
)


def test_a_plan_as_rows(book):
    rows = plan_rows(Plan(book.frame("2026-10", Design())))
    assert rows[0] == ("一班", "员工0", "", 40, "3/8", "5/32", 8, "9.5")
    with speaking("zh"):
        assert headings(PLAN_COLUMNS) == (
            ["班组", "员工", "新人", "通话", "低分 抽/有", "其余 抽/有", "抽出", "区间 ±"]
        )


def test_a_draw_in_words(book):
    made = book.draw(book.frame("2026-10"), "王芳")
    with speaking("zh"):
        assert drawn_text(made) == (
            f"第 1 次抽样：2026-10，24 通电话。凭证 {made.receipt[:8]}（请记在纸上，以后核对用）。\n"
            "注意：本次由 王芳 一人抽取，没有两人事先交存密语；报告中会写明。"
        )
    chosen = book.choose(["10-00-001"], "appeal", "王芳", "申诉 3")
    with speaking("en"):
        assert drawn_text(chosen).endswith("Chosen calls (appeal): no probability, in no score.")


def test_how_often_each_inspector_had_calls_replaced(book):
    made = book.draw(book.frame("2026-10"), "王芳")
    book.hand_out(1, ["甲"], "王芳")
    book.replace(1, made.tickets["call_id"][0], "no_audio", "甲")
    book.replace(1, made.tickets["call_id"][1], "no_audio", "赵敏")
    assert skip_rows(book.skips(1)) == [("甲", 24, 1, "4%"), ("赵敏", 0, 1, "–")]
    with speaking("zh"):
        assert headings(SKIP_COLUMNS) == ["质检员", "通话", "换下", "换下比例"]
