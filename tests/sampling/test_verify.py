import zlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from qa_audit.messages import QaError, speaking
from qa_audit.sampling.design import Design
from qa_audit.sampling.draws import choose_calls, make_draw, read_draw
from qa_audit.sampling.frame import make_frame
from qa_audit.sampling.freezing import commit, freeze
from qa_audit.sampling.hand_outs import hand_out, lock, replace_call, replacements
from qa_audit.sampling.verify import verify, verify_all
from qa_audit.store import sample_schema, schema
from qa_audit.store.database import reading, writing
from tests.sampling.made_calls import month_of_calls

FRAME = make_frame(month_of_calls(), "2026-10", Design())
WORDS = {"王芳": "w" * 12, "李强": "l" * 12}
DAY = datetime(2026, 11, 1)


@pytest.fixture
def drawn(database):
    """A draw by two people, one call replaced, handed out and locked."""
    with writing(database) as connection:
        for who, words in WORDS.items():
            commit(connection, "2026-10", who, words, DAY)
        frame_id = freeze(connection, FRAME, "赵敏", DAY + timedelta(hours=1)).frame_id
        made = make_draw(connection, frame_id, "王芳", words=WORDS)
        hand_out(connection, 1, ["甲", "乙", "丙"], "王芳", common=2)
        lock(connection, 1, "王芳")
        replace_call(connection, 1, made.tickets["call_id"][0], "no_audio", who="甲")
    with database.connect() as connection, connection.begin():
        yield connection


def _wrong(connection):
    return {one.code for one in verify(connection, 1).findings if one.wrong}


def test_a_draw_as_it_was_made_is_right(drawn):
    found = verify(drawn, 1)
    assert not found.failed
    assert [one.code for one in found.findings] == [
        *("frame", "commitment", "commitment", "seed", "together", "tickets"),
        *("replacements", "receipt", "hand_out", "locked"),
    ]
    with speaking("zh"):
        assert str(found).splitlines()[0] == "第 1 次抽样：核对无误。"
    assert found.as_json()["ok"] is True


def test_nothing_but_what_is_stored_is_used(drawn, monkeypatch):
    monkeypatch.setattr("qa_audit.sampling.frame.make_frame", None)
    drawn.execute(delete(schema.calls))
    drawn.execute(delete(schema.roster))
    assert not verify(drawn, 1).failed


def _frame_content(connection, change):
    frames = sample_schema.sample_frames
    content = zlib.decompress(connection.execute(select(frames.c.content)).scalar_one())
    connection.execute(update(frames).values(content=zlib.compress(change(content))))


def test_a_changed_score_in_the_frame(drawn):
    _frame_content(drawn, lambda content: content.replace(b",37.0,", b",99.0,", 1))
    assert _wrong(drawn) >= {"frame_changed", "seed_wrong"}


def test_a_call_taken_out_of_the_frame(drawn):
    _frame_content(drawn, lambda content: b"\n".join(content.split(b"\n")[:-2]) + b"\n")
    assert _wrong(drawn) >= {"frame_changed", "seed_wrong"}


def test_a_changed_frame_with_a_hash_that_fits_it(drawn):
    changed = make_frame(month_of_calls(3, 41), "2026-10", Design())
    drawn.execute(
        update(sample_schema.sample_frames).values(
            content=zlib.compress(changed.content), sha256=changed.sha256
        )
    )
    assert _wrong(drawn) >= {"seed_wrong", "receipt_wrong"}


def test_a_changed_design(drawn):
    _frame_content(drawn, lambda content: content.replace(b'"calls_per_agent":8', b'"calls_per_agent":9', 1))
    assert _wrong(drawn) >= {"frame_changed", "call_missing"}


def test_a_frame_that_cannot_be_read(drawn):
    drawn.execute(update(sample_schema.sample_frames).values(content=b"junk"))
    assert _wrong(drawn) == {"frame_unreadable"}


def test_another_seed(drawn):
    drawn.execute(update(sample_schema.draws).values(seed="0" * 64))
    assert _wrong(drawn) >= {
        "seed_wrong",
        "call_not_drawn",
        "call_missing",
        "receipt_wrong",
        "hand_out_wrong",
    }


def test_other_words(drawn):
    words = [{"commitment_id": 1, "who": "王芳", "words": "x" * 12}]
    drawn.execute(update(sample_schema.draws).values(nonces=words))
    assert _wrong(drawn) == {"commitment_wrong", "seed_wrong"}


def test_words_bound_after_the_frame_was_frozen(drawn):
    late = DAY + timedelta(hours=2)
    drawn.execute(update(sample_schema.seed_commitments).values(committed_at=late))
    assert _wrong(drawn) == {"commitment_wrong"}


@pytest.mark.parametrize(
    ("column", "value"),
    [("ticket", "0" * 64), ("inclusion", 0.5), ("stratum", "rest"), ("place", 1), ("stratum_calls", 9)],
)
def test_a_changed_ticket(drawn, column, value):
    call = read_draw(drawn, 1).tickets.row(1, named=True)["call_id"]
    drawn.execute(
        update(sample_schema.tickets).where(sample_schema.tickets.c.call_id == call).values({column: value})
    )
    (finding,) = [one for one in verify(drawn, 1).findings if one.code == "ticket_wrong"]
    assert finding.values == {"call": call, "fields": column}


def test_a_swapped_call(drawn):
    tickets = sample_schema.tickets
    kept = set(read_draw(drawn, 1).tickets["call_id"])
    out = read_draw(drawn, 1).tickets["call_id"][1]
    other = next(call for call in FRAME.drawable["call_id"] if call not in kept)
    drawn.execute(update(tickets).where(tickets.c.call_id == out).values(call_id=other))
    found = {one.code: one.values for one in verify(drawn, 1).findings if one.wrong}
    assert found["call_not_drawn"] == {"call": other}
    assert found["call_missing"] == {"call": out}
    assert "receipt_wrong" in found


def test_a_replacement_by_a_call_of_choice(drawn):
    kept = read_draw(drawn, 1).tickets
    stratum = [one for one in FRAME.drawable["call_id"] if one.startswith("10-00")]
    other = next(call for call in stratum if call not in kept["call_id"].to_list())
    drawn.execute(update(sample_schema.replacements).values(replaced_by=other))
    assert "replacement_wrong" in _wrong(drawn)


def test_a_replacement_for_a_reason_of_one_s_own(drawn):
    drawn.execute(update(sample_schema.replacements).values(reason="dull"))
    assert _wrong(drawn) == {"replacement_wrong"}


def test_a_replacement_that_is_taken_back(drawn):
    drawn.execute(delete(sample_schema.replacements))
    assert _wrong(drawn) == {"call_not_drawn"}


def test_two_inspectors_who_swapped_a_call(drawn):
    kept = sample_schema.assignments
    rows = drawn.execute(select(kept.c.inspector, kept.c.call_id, kept.c.purpose)).all()
    mine = next(row for row in rows if (row.inspector, row.purpose) == ("甲", "first"))
    drawn.execute(
        update(kept).where(kept.c.inspector == "甲", kept.c.call_id == mine.call_id).values(inspector="丁")
    )
    assert _wrong(drawn) == {"hand_out_wrong", "lock_wrong"}


def test_what_should_be_known_though_it_is_not_wrong(database):
    with writing(database) as connection:
        commit(connection, "2026-10", "李强", "l" * 12, DAY)
        freeze(connection, FRAME, "王芳", DAY)
        make_draw(connection, FRAME, "王芳")
        make_draw(connection, FRAME, "王芳", instead_of=1, reason="漏了话单")
        first, second = verify_all(connection)
    assert not first.failed
    assert not second.failed
    codes = [[one.code for one in found.findings] for found in (first, second)]
    assert codes[0] == [
        *("frame", "seed", "alone", "not_revealed", "frames_not_drawn", "tickets", "receipt", "superseded"),
    ]
    assert codes[1][-1] == "instead_of"


def _handed_in(connection, call, at):
    row = {"uuid": call, "at": at, "who": "乙", "call_id": call, "kind": "hand_in", "payload": {}}
    row |= {"blind": True, "rubric_sha256": "r", "rubric_version": "1"}
    connection.execute(insert(schema.audit_events).values(row))


def test_a_call_that_was_replaced_after_somebody_had_handed_it_in(drawn):
    (done,) = replacements(drawn, 1)
    _handed_in(drawn, done.call_id, done.replaced_at + timedelta(hours=1))  # on a desk opened before
    assert "replaced_late" not in {one.code for one in verify(drawn, 1).findings}
    drawn.execute(update(schema.audit_events).values(at=done.replaced_at - timedelta(hours=1)))
    (found,) = [one for one in verify(drawn, 1).findings if one.code == "replaced_late"]
    assert not found.wrong
    with speaking("zh"):
        assert str(found) == f"说明：通话 {done.call_id} 在有人提交之后才被 甲 换下"


def test_who_hears_chosen_calls_is_computed_again(database):
    with writing(database) as connection:
        choose_calls(connection, {"a": "person:P1"}, "2026-10", "complaint", who="王芳", reason="工单 88")
        handed = hand_out(connection, 1, ["甲", "乙"], "王芳", twice="0")
        assert [one.code for one in verify(connection, 1).findings] == ["chosen", "receipt", "hand_out"]
        (hears,) = {one.inspector for one in handed.assignments}
        kept = sample_schema.assignments
        connection.execute(update(kept).values(inspector="乙" if hears == "甲" else "甲"))
        found = verify(connection, 1)
    assert [(one.code, one.wrong) for one in found.findings][2:] == [("hand_out_otherwise", False)]


def test_an_inspector_who_is_the_agent_of_a_chosen_call_is_no_sign_of_a_change(database):
    with writing(database) as connection:
        choose_calls(connection, {"a": "person:P1"}, "2026-10", "complaint", who="王芳", reason="工单 88")
        free = hand_out(connection, 1, ["甲", "乙"], "王芳", twice="0")
        (hears,) = {one.inspector for one in free.assignments}
        own = {"person:P1": frozenset({hears})}
        hand_out(connection, 1, ["甲", "乙"], "王芳", twice="0", aliases=own)
        found = verify(connection, 1)
    assert not found.failed
    assert found.findings[2].code == "hand_out_otherwise"


def test_chosen_calls_with_a_probability(database):
    with writing(database) as connection:
        choose_calls(connection, {"a": None}, "2026-10", "appeal", who="王芳", reason="申诉 3")
        assert [one.code for one in verify(connection, 1).findings] == ["chosen", "receipt"]
        connection.execute(update(sample_schema.tickets).values(inclusion=0.5))
        assert verify(connection, 1).failed


def test_an_unknown_draw(database):
    with pytest.raises(QaError) as error, reading(database) as connection:
        verify(connection, 7)
    assert error.value.code == "sampling.no_draw"
