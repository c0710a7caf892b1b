import json

import polars as pl
import pytest

from qa_audit.messages import QaError
from qa_audit.sampling.book import SAMPLE_SCHEMA, SampleBook
from qa_audit.sampling.design import Design
from tests.sampling.made_calls import calls_of


def test_from_plan_to_verified_draw(book):
    plan = book.plan("2026-10", Design(calls_per_agent=6), teams=["一班"])
    for who in ("王芳", "李强"):
        book.commit("2026-10", who, f"{who}的密语一共十二个字好记")
    frozen = book.freeze(plan.frame, "王芳")
    words = {who: f"{who}的密语一共十二个字好记" for who in ("王芳", "李强")}
    made = book.draw(frozen.frame_id, "王芳", words=words)
    assert [one.who for one in book.commitments("2026-10")] == ["王芳", "李强"]
    assert made.tickets.height == plan.drawn == 12
    book.hand_out(1, ["甲", "乙"], "王芳", twice="0.1")
    book.lock(1, "王芳")
    first = book.queues(1)["甲"][0]
    book.replace(1, first, "wrong_agent", "甲")
    assert first not in book.queues(1)["甲"]
    assert [found.failed for found in book.verify()] == [False]
    assert book.frame_of(1).sha256 == frozen.sha256
    skips = {row["inspector"]: row for row in book.skips(1).iter_rows(named=True)}
    assert (skips["甲"]["skipped"], skips["乙"]["skipped"]) == (1, 0)
    assert skips["甲"]["rate"] == 1 / skips["甲"]["calls"]


def test_the_sample_of_a_month_has_no_chosen_calls_and_no_draw_that_gave_way(book):
    assert book.sample("2026-10").schema == SAMPLE_SCHEMA
    frame = book.frame("2026-10")
    book.draw(frame, "王芳")
    again = book.draw(frame, "王芳", instead_of=1, reason="漏了话单")
    call = again.tickets["call_id"][0]
    done = book.replace(2, call, "no_audio", "甲")
    book.choose(["10-00-001", "10-01-001"], "coaching", "王芳", "辅导")
    sample = book.sample("2026-10")
    assert set(sample["draw_id"]) == {2}
    assert sample.height == 25
    assert sample.filter(pl.col("skipped").is_not_null())["call_id"].to_list() == [call]
    assert done.replaced_by in sample["call_id"].to_list()
    assert sample["inclusion"].null_count() == 0
    in_force = sample.filter(pl.col("skipped").is_null())
    assert in_force["inclusion"].pow(-1).sum() == pytest.approx(120)  # weights add up to the frame


def test_chosen_calls_belong_to_the_month_of_the_earliest(book):
    made = book.choose(["10-00-001"], "complaint", "王芳", "工单 88")
    assert (made.month, made.tickets["agent"].to_list()) == ("2026-10", ["person:a0"])
    with pytest.raises(QaError) as error:
        book.choose(["10-00-001", "none"], "complaint", "王芳", "工单 88")
    assert (error.value.code, error.value.values["call"]) == ("sampling.unknown_call", "none")


def test_everything_of_one_agent_by_name_number_or_id(database):
    calls = calls_of(
        {"call_id": "a"},
        {"call_id": "b", "recording": None},
        {"call_id": "c", "person_id": "P2", "agent_no": "9"},
    )
    book = SampleBook(database, lambda _month: calls)
    assert book.calls_of_agent("2026-10", "P1") == ["a"]
    assert book.calls_of_agent("2026-10", "王芳") == ["a", "c"]
    assert book.calls_of_agent("2026-10", "9") == ["c"]
    assert book.calls_of_agent("2026-10", "谁") == []


def test_inspectors_do_not_hear_chosen_calls_of_their_own(book):
    made = book.choose(["10-00-001"], "coaching", "王芳", "辅导")
    handed = book.hand_out(made.draw_id, ["员工0", "甲"], "王芳")
    assert [one.inspector for one in handed.assignments] == ["甲"]
    assert book.queues(made.draw_id) == {"员工0": [], "甲": ["10-00-001"]}


def test_before_the_hand_out_nobody_has_work(book):
    book.draw(book.frame("2026-10"), "王芳")
    assert book.queues(1) == {}
    assert book.skips(1).is_empty()


def test_a_draw_as_json_holds_all_that_is_kept(book):
    made = book.draw(book.frame("2026-10"), "王芳")
    book.hand_out(1, ["甲"], "王芳")
    kept = json.loads(json.dumps(book.as_json(1), allow_nan=False))
    assert (kept["draw_id"], kept["alone"], kept["lock"], len(kept["tickets"])) == (1, True, None, 24)
    assert kept["frame"]["design"]["calls_per_agent"] == 8
    assert kept["tickets"][0] == made.tickets.row(0, named=True)
    assert [draw.draw_id for draw in book.draws("2026-10")] == [1]
    assert book.draws("2026-09") == []
