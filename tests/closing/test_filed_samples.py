"""Draws read from their files: as the book knew them, and none of which a part was changed."""

import copy
import hashlib
from datetime import datetime, timedelta

import polars as pl
import pytest

from qa_audit.closing.filed_samples import FiledDraw, FiledSamples
from qa_audit.messages import QaError
from qa_audit.sampling.book import SAMPLE_SCHEMA, SampleBook
from qa_audit.sampling.drawing import draw as all_tickets
from qa_audit.sampling.draws import KEPT_SCHEMA
from qa_audit.sampling.frame import Frame
from qa_audit.sampling.tickets import Nonce, commitment, seed_of
from qa_audit.store.database import open_database
from tests.sampling.made_calls import month_of_calls

MONTH = "2026-10"
WORDS = {"主管": "主管的密语一共十二个字好记", "王芳": "王芳的密语一共十二个字好记"}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Draw 1 of 一班 by two people, handed out, a call replaced since; draw 2 of 二班 by one alone."""
    engine = open_database(tmp_path_factory.mktemp("drawn") / "qa.db")
    calls = month_of_calls()
    made = SampleBook(engine, lambda _month: calls)
    for who, words in WORDS.items():
        made.commit(MONTH, who, words)
    frozen = made.freeze(made.frame(MONTH, teams=["一班"]), "主管")
    made.draw(frozen.frame_id, "主管", words=WORDS)
    made.hand_out(1, ["李敏", "陈静"], "主管")
    made.replace(1, made.draw_of(1).tickets["call_id"][0], "no_audio", "李敏")
    made.draw(made.frame(MONTH, teams=["二班"]), "主管")
    yield made
    engine.dispose()


@pytest.fixture
def record(book):
    """What was filed of draw 1 beside its frame; a test may change it."""
    return copy.deepcopy(book.as_json(1))


@pytest.fixture
def frame(book):
    return book.frame_of(1).content


def filed(book):
    return FiledSamples(
        {number: FiledDraw.read(book.as_json(number), book.frame_of(number).content) for number in (2, 1)}
    )


def refused(record, frame):
    with pytest.raises(QaError) as error:
        FiledDraw.read(record, frame)
    assert error.value.code == "closing.draw_wrong"
    assert error.value.values["draw"] == 1
    return error.value.values["what"]


def test_what_was_filed_speaks_as_the_book_does(book):
    found = filed(book)
    assert found.sample(MONTH).equals(book.sample(MONTH))
    assert found.sample(MONTH)["skipped"].drop_nulls().to_list() == ["no_audio"]
    for number in (1, 2):
        assert found.frame_of(number).calls.equals(book.frame_of(number).calls)
        assert list(found.assignments(number)) == book.assignments(number)
        assert found.draw_of(number).first_calls() == book.draw_of(number).first_calls()
        assert found.draw_of(number).drawn_at == book.draw_of(number).drawn_at


def test_before_a_draw_was_handed_out_nobody_hears_its_calls(book):
    assert filed(book).assignments(2) == []
    assert filed(book).draws[2].hand_out is None


def test_who_drew_alone_is_told_from_two_who_bound_themselves(book):
    found = filed(book)
    assert (found.draw_of(1).alone, found.draw_of(2).alone) == (False, True)


def test_a_month_without_draws_has_a_sample_without_rows():
    assert FiledSamples({}).sample(MONTH).schema == SAMPLE_SCHEMA
    assert FiledSamples({}).sample(MONTH).is_empty()


def test_a_changed_frame_is_refused(record, frame):
    assert refused(record, frame.replace(b"80", b"81", 1)) == "frame"


def test_a_changed_frame_with_its_own_hash_has_another_seed(record, frame):
    forged = frame + b"\n"
    record["frame"]["sha256"] = hashlib.sha256(forged).hexdigest()
    assert refused(record, forged) == "seed"


def test_other_words_give_another_seed(record, frame):
    record["nonces"][0]["words"] += "！"
    assert refused(record, frame) == "seed"


def test_a_draw_without_a_seed_is_refused(record, frame):
    assert refused({**record, "seed": None}, frame) == "seed"


def test_a_file_that_is_no_frame_is_refused_also_where_hash_and_seed_fit(record):
    record["frame"]["sha256"] = hashlib.sha256(b"no frame").hexdigest()
    nonces = [Nonce(one["who"], one["words"]) for one in record["nonces"]]
    record["seed"] = seed_of(record["frame"]["sha256"], nonces)
    with pytest.raises(QaError) as error:
        FiledDraw.read(record, b"no frame")
    assert error.value.code == "sampling.bad_frame"


def forget(tickets):
    tickets.pop()


def add(tickets):
    tickets.append({**tickets[-1], "call_id": "10-00-999"})


def make_likelier(tickets):
    tickets[-1]["inclusion"] = 1.0


def move_to_another_agent(tickets):
    tickets[-1]["agent"] = "person:a1"


@pytest.mark.parametrize("change", [forget, add, make_likelier, move_to_another_agent])
def test_tickets_must_be_those_that_follow_from_frame_and_seed(record, frame, change):
    change(record["tickets"])
    assert refused(record, frame) == "tickets"


def test_a_call_that_took_another_s_place_is_one_of_the_tickets_by_its_replacement_alone(record, frame):
    assert refused({**record, "replacements": []}, frame) == "tickets"


def test_the_order_of_the_tickets_in_the_file_says_nothing(record, frame):
    record["tickets"].reverse()
    assert FiledDraw.read(record, frame).frame.content == frame


def test_words_bound_in_the_moment_of_freezing_were_not_bound_before(record, frame):
    frozen = datetime.fromisoformat(record["frame"]["frozen_at"])
    record["commitments"][0]["committed_at"] = (frozen - timedelta(microseconds=1)).isoformat()
    assert not FiledDraw.read(record, frame).draw.alone
    record["commitments"][0]["committed_at"] = frozen.isoformat()
    assert refused(record, frame) == "words"


def test_words_whose_binding_is_not_on_file_are_refused(record, frame):
    record["commitments"].pop()
    assert refused(record, frame) == "words"


@pytest.mark.parametrize(("month", "who"), [("2026-09", "主管"), (MONTH, "李敏")])
def test_words_bound_for_another_month_or_by_another_person_are_refused(record, frame, month, who):
    record["commitments"][0]["sha256"] = commitment(month, who, WORDS["主管"])
    assert refused(record, frame) == "words"


def test_a_call_that_had_not_the_next_ticket_replaces_none(book, record, frame):
    drawn = set(book.draw_of(1).tickets["call_id"])
    every = all_tickets(Frame.read(frame), record["seed"])
    [put] = record["replacements"]
    own = every.row(by_predicate=pl.col("call_id") == put["call_id"], named=True)
    same = every.filter(pl.col("agent") == own["agent"], pl.col("stratum") == own["stratum"]).sort("place")
    later = next(one for one in same.iter_rows(named=True) if one["call_id"] not in drawn)
    record["tickets"] = [one for one in record["tickets"] if one["call_id"] != put["replaced_by"]]
    record["tickets"].append({name: later[name] for name in KEPT_SCHEMA})
    put["replaced_by"] = later["call_id"]
    assert refused(record, frame) == f"replacement of {put['call_id']}"


def test_nor_is_a_call_replaced_twice_or_one_that_was_not_drawn(record, frame):
    [put] = record["replacements"]
    twice = copy.deepcopy(record)
    twice["replacements"].append(dict(put))
    assert refused(twice, frame) == f"replacement of {put['call_id']}"
    put["call_id"] = "nobody's"
    assert refused(record, frame) == "replacement of nobody's"


def test_another_receipt_or_month_is_told(record, frame):
    record["receipt"] = "0" * 64
    assert refused(record, frame) == "receipt"


@pytest.mark.parametrize("lacking", ["frame", "tickets", "hand_out", "drawn_at"])
def test_a_record_that_lacks_something_is_told_with_its_number(record, frame, lacking):
    del record[lacking]
    assert refused(record, frame) == f"record: KeyError '{lacking}'"


def test_so_is_a_moment_that_is_none(record, frame):
    record["drawn_at"] = "gestern"
    assert refused(record, frame).startswith("record: ValueError")
