import math

import polars as pl
import pytest

from qa_audit.estimation.heard import AUDITS, checked_frame, heard_calls
from qa_audit.messages import QaError
from tests.estimation.made_month import audits_of, frame_of

FRAME = frame_of(("b", "1001", "rest", 80.0), ("a", "1001", "rest", 70.0), ("c", "1002", "rest", 90.0))


def audit(
    call: str, score: float | None, inspector: str = "赵", probability: float = 0.5, purpose: str = "first"
):
    return pl.DataFrame([(call, inspector, score, probability, purpose)], schema=AUDITS, orient="row")


def test_heard_calls_carry_both_scores_in_order_of_call_id():
    heard = heard_calls(checked_frame(FRAME), audits_of({"b": 75.0, "a": 72.0}, FRAME))
    assert heard.select("call_id", "machine", "person", "probability").rows() == [
        ("a", 70.0, 72.0, 1.0),
        ("b", 80.0, 75.0, 1.0),
    ]


def test_calls_heard_for_other_reasons_and_those_with_nothing_to_judge_stay_out():
    audits = pl.concat(
        [
            audit("a", 10.0, purpose="complaint", probability=math.nan),
            audit("b", None),
            audit("c", 10.0, "钱", purpose="second"),
        ]
    )
    assert heard_calls(checked_frame(FRAME), audits).is_empty()


@pytest.mark.parametrize(
    ("audits", "code"),
    [
        (audit("x", 80.0), "estimates.unknown_call"),
        (audit("a", 101.0), "month.bad_score"),
        (audit("a", 80.0, probability=0.0), "estimates.bad_probability"),
        (audit("a", 80.0, probability=math.nan), "estimates.bad_probability"),
        (pl.concat([audit("a", 80.0), audit("a", 90.0, "钱")]), "estimates.double_audit"),
        (pl.concat([audit("a", 80.0), audit("b", 90.0, probability=0.25)]), "estimates.mixed_probability"),
        (audit("a", 80.0).drop("purpose"), "month.missing_column"),
    ],
)
def test_audits_that_cannot_be_are_refused(audits, code):
    with pytest.raises(QaError) as refused:
        heard_calls(checked_frame(FRAME), audits)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (pl.concat([FRAME, FRAME]), "month.double_call"),
        (FRAME.with_columns(stratum=pl.lit(None, pl.String)), "estimates.blank"),
        (FRAME.with_columns(score=pl.lit(-1.0)), "month.bad_score"),
        (FRAME.drop("team"), "month.missing_column"),
    ],
)
def test_frames_that_cannot_be_are_refused(frame, code):
    with pytest.raises(QaError) as refused:
        checked_frame(frame)
    assert refused.value.code == code


def test_what_stands_for_a_missing_machine_score_does_not_depend_on_the_draw():
    some = frame_of(
        ("a", "1", "rest", 60.0),
        ("b", "1", "rest", 70.0),
        ("c", "1", "flagged", 20.0),
        ("d", "2", "rest", 90.0),
    )
    lacking = frame_of(("e", "1", "rest", 0.0), ("f", "1", "all", 0.0), ("g", "3", "rest", 0.0))
    lacking = lacking.with_columns(score=pl.lit(None, pl.Float64))
    scores = checked_frame(pl.concat([some, lacking]))["score"].to_list()
    assert scores == [60.0, 70.0, 20.0, 90.0, 65.0, 50.0, 60.0]
    assert checked_frame(lacking)["score"].to_list() == [0.0, 0.0, 0.0]
