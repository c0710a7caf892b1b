"""Which recordings stay: holds, faults, draws for complaints; and which are old."""

from datetime import UTC, date, datetime

import pytest

from qa_audit.audit.actions import GiveVerdict, Undo
from qa_audit.audit.appeals import Disputed, file_appeal
from qa_audit.audit.complaints import add_call, open_complaint
from qa_audit.audit.events import append
from qa_audit.audit.rulings import Ruling, keep_ruling
from qa_audit.audit.settings import AppealSettings
from qa_audit.calls.importing import import_calls
from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError
from qa_audit.retention.holds import add_hold, holds_frame, lift_hold
from qa_audit.retention.kept import kept_calls
from qa_audit.retention.selection import months_ago, select_older
from qa_audit.sampling.book import SampleBook
from qa_audit.scoring import load_rubric
from qa_audit.store.database import writing

RUBRIC = load_rubric()


def test_a_hold_stays_until_it_is_lifted(centre):
    first, second, *_ = calls_frame(centre.database)["call_id"]
    assert add_hold(centre.database, [first, second, first], " 李敏 ", "法院调取") == 2
    assert add_hold(centre.database, [first], "李敏", "再次") == 0
    assert lift_hold(centre.database, [first], "王芳", "结案") == 1
    assert holds_frame(centre.database).select("call_id", "reason", "who").rows() == [
        (second, "法院调取", "李敏")
    ]
    with pytest.raises(QaError) as error:
        lift_hold(centre.database, [second, first], "王芳", "结案")
    assert error.value.code == "hold.not_held"
    assert holds_frame(centre.database).height == 1


def test_reasons_come_from_sheets_draws_holds_and_other_registers(centre):
    first, second, third, last = calls_frame(centre.database)["call_id"]
    append(centre.database, first, "李敏", GiveVerdict("closing", "fail"), RUBRIC)
    append(centre.database, second, "李敏", GiveVerdict("closing", "fail"), RUBRIC)
    append(centre.database, second, "李敏", Undo(), RUBRIC)
    append(centre.database, third, "李敏", GiveVerdict("closing", "pass"), RUBRIC)
    book = SampleBook(centre.database, lambda _month: calls_frame(centre.database))
    book.choose([third], "complaint", "主管", "客户投诉")
    add_hold(centre.database, [first], "李敏", "法院")
    kept = kept_calls(centre.database)
    assert kept == {first: ("hold", "fault"), third: ("complaint",)}
    opened = open_complaint(centre.database, text="说话难听", who="主管", customer_no=None)
    add_call(centre.database, opened.complaint_id, last, who="主管", text="就是这通")
    with writing(centre.database) as connection:
        keep_ruling(
            connection, second, "closing", Ruling("pass"),
            source="adjudication", by=("李敏", "王芳"), reason="再听", at=datetime(2026, 11, 28, tzinfo=UTC),
            rubric=RUBRIC,
        )  # fmt: skip
    disputed = Disputed(first, "closing", ("李敏",))
    file_appeal(centre.database, disputed, at_s=None, text="说了", who="员工", terms=AppealSettings())
    assert kept_calls(centre.database) == {
        first: ("hold", "fault", "appeal"),
        second: ("gold",),
        third: ("complaint",),
        last: ("complaint",),
    }


@pytest.mark.parametrize(
    ("today", "months", "wanted"),
    [
        (date(2026, 11, 28), 3, datetime(2026, 8, 1)),
        (date(2026, 1, 1), 1, datetime(2025, 12, 1)),
        (date(2026, 1, 31), 24, datetime(2024, 1, 1)),
    ],
)
def test_whole_months_back(today, months, wanted):
    assert months_ago(months, today) == wanted


def test_one_young_call_or_one_kept_call_keeps_a_recording(centre):
    before = datetime(2026, 9, 1)
    calls = calls_frame(centre.database)["call_id"]
    assert select_older(centre.database, before, {})["call_ids"].to_list() == [[one] for one in calls[:3]]
    found = select_older(centre.database, before, {calls[2]: ("appeal",)})
    assert found["kept"].to_list() == [[], [], ["appeal"]]
    # A list in which the first recording belongs to a call of November as well.
    name = "8001_20260703090000_13800138000.wav"
    rows = [f"J1,8001,2026-07-03 09:00:00,{name}", f"N1,8001,2026-11-09 09:00:00,{name}"]
    listed = centre.home / "list.csv"
    listed.write_text("\n".join(["通话编号,工号,开始时间,录音文件", *rows]), encoding="utf-8")
    import_calls(centre.database, centre.recordings, listed)
    found = select_older(centre.database, before, {})
    assert found["call_ids"].to_list() == [[calls[1]], [calls[2]]]
