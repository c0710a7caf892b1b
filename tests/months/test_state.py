"""How far a month is, in words and for scripts."""

from datetime import datetime

import polars as pl

from qa_audit.audit.scores import SHEETS_SCHEMA
from qa_audit.closing.ledger import Closing, Confirmation
from qa_audit.estimation.audited import ASSIGNED
from qa_audit.messages import speaking
from qa_audit.months.state import Change, MonthState, OpenAudits, open_audits, unconfirmed

AT = datetime(2026, 11, 5, 8, 30)
CLOSED = Closing(1, "2026-10", 1, "close", None, "ab" * 32, "0.1.0", "主管", AT)


def test_calls_that_nobody_handed_in_by_inspector():
    assigned = pl.DataFrame(
        [
            ("c1", "李敏", "first", 0.5),
            ("c2", "李敏", "first", 0.5),
            ("c3", "王芳", "second", 0.5),
            ("c4", "王芳", "first", 0.5),
        ],
        ASSIGNED,
        orient="row",
    )
    sheets = pl.DataFrame(
        [
            {"call_id": "c1", "who": "李敏", "handed_in_at": AT},
            {"call_id": "c4", "who": "李敏", "handed_in_at": AT},
        ],
        SHEETS_SCHEMA,
    )
    # c4 was handed in by somebody else than who was to hear it; a second hearing holds up nothing.
    assert open_audits(assigned, sheets) == [OpenAudits("李敏", 1), OpenAudits("王芳", 1)]


def test_who_has_not_agreed_to_the_figure_as_it_is_now():
    def word(agent, figure, *, agreed=True):
        return Confirmation(1, "2026-10", agent, agreed, figure, None, "班长", AT)

    figures = {"a": "84.50", "b": "70.00", "c": "60.00", "d": "50.00"}
    said = {"a": word("a", "84.50"), "b": word("b", "70.01"), "c": word("c", "60.00", agreed=False)}
    assert unconfirmed(figures, said) == ["b", "c", "d"]


def state(**values):
    plain = {"versions": (), "closed": None, "figures": 4, "open_audits": (), "open_appeals": ()}
    return MonthState("2026-10", **{**plain, "unconfirmed": (), "changes": (), **values})


def test_an_open_month_says_what_is_left():
    left = state(open_audits=[OpenAudits("李敏", 3)], open_appeals=["#1 c1 closing"], unconfirmed=["a"])
    with speaking("zh"):
        lines = str(left).splitlines()
    assert lines[2] == "  李敏: 3"
    assert "3" in lines[1]
    assert "1" in lines[3]
    assert "3" in lines[4]
    assert "4" in lines[4]


def test_a_closed_month_says_its_receipt_and_what_changed_since():
    change = Change("labels", {"count": 2})
    changed = state(closed=CLOSED, versions=[CLOSED], changes=[change])
    with speaking("zh"):
        assert "ab" * 32 in str(changed)
        assert str(changed).splitlines()[-1] == str(change)
    told = changed.as_json()
    assert told["closed"]["at"] == "2026-11-05T08:30:00Z"
    assert told["changes"][0] | {"message": ""} == {"code": "labels", "values": {"count": 2}, "message": ""}
