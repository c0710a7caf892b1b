from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from qa_audit.estimation.frames import CALLS, FINDINGS, checked_calls, checked_findings
from qa_audit.messages import QaError

CALL = {"call_id": "c1", "start": datetime(2026, 10, 1, 9), "score": 80.0, "status": "scored", "team": " "}


def calls(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([CALL | row for row in rows], schema=CALLS)


def test_blank_names_are_null_and_extra_columns_leave() -> None:
    frame = checked_calls(calls({}).with_columns(note=pl.lit("x")))
    assert frame["team"].to_list() == [None]
    assert frame.columns == list(CALLS)


def test_a_start_with_a_zone_is_brought_to_local_time() -> None:
    start = datetime(2026, 10, 31, 16, 30, tzinfo=ZoneInfo("UTC"))
    frame = calls({}).with_columns(start=pl.lit(start))
    assert checked_calls(frame)["start"].to_list() == [datetime(2026, 11, 1, 0, 30)]


@pytest.mark.parametrize(
    ("rows", "code", "values"),
    [
        ([{}, {}], "month.double_call", {"call": "c1", "times": 2}),
        ([{"score": 100.5}], "month.bad_score", {"call": "c1", "score": 100.5}),
        ([{"score": -0.1}], "month.bad_score", {"call": "c1", "score": -0.1}),
        (
            [{"status": "done"}],
            "month.bad_status",
            {"call": "c1", "status": "done", "allowed": "scored、no_recording、not_transcribed、failed"},
        ),
    ],
)
def test_what_cannot_be_is_refused(
    rows: list[dict[str, object]], code: str, values: dict[str, object]
) -> None:
    with pytest.raises(QaError) as caught:
        checked_calls(calls(*rows))
    assert caught.value.code == code
    assert caught.value.values == values


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(QaError, match="c1"):
        checked_calls(calls({"score": float("nan")}))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(QaError) as caught:
        checked_calls(calls({}).drop("team", "score"))
    assert caught.value.values == {"frame": "calls", "columns": "team, score"}


def test_two_verdicts_on_one_item_of_a_call_are_refused() -> None:
    row = {"call_id": "c1", "kind": "item", "item": "closing", "verdict": "pass"}
    twice = pl.DataFrame([row, row | {"verdict": "fail"}], schema=FINDINGS)
    with pytest.raises(QaError) as caught:
        checked_findings(twice)
    assert caught.value.code == "month.double_finding"
    assert caught.value.values == {"call": "c1", "kind": "item", "item": "closing"}


def test_an_item_and_a_situation_of_one_name_are_two() -> None:
    row = {"call_id": "c1", "kind": "item", "item": "apology", "verdict": "pass"}
    both = pl.DataFrame([row, row | {"kind": "situation"}], schema=FINDINGS)
    assert checked_findings(both).height == 2
