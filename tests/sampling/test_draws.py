from datetime import datetime, timedelta

import polars as pl
import pytest

from qa_audit.messages import QaError
from qa_audit.sampling.design import Design
from qa_audit.sampling.draws import choose_calls, draw_ids, made_instead, make_draw, read_draw
from qa_audit.sampling.frame import make_frame
from qa_audit.sampling.freezing import commit, freeze
from qa_audit.sampling.hand_outs import hand_out, lock
from qa_audit.sampling.tickets import Nonce, digest, ticket
from qa_audit.store.database import reading, writing
from tests.sampling.made_calls import calls_of, month_of_calls

FRAME = make_frame(month_of_calls(), "2026-10", Design())
WORDS = {"王芳": "w" * 12, "李强": "l" * 12}
DAY = datetime(2026, 11, 1)
HOUR = timedelta(hours=1)


def _code(call, *arguments, **choice):
    with pytest.raises(QaError) as error:
        call(*arguments, **choice)
    return error.value.code


def _bound_and_frozen(connection, frame=FRAME):
    for who, words in WORDS.items():
        commit(connection, "2026-10", who, words, DAY)
    return freeze(connection, frame, "赵敏", DAY + HOUR).frame_id


def test_two_people_draw_together(database):
    with writing(database) as connection:
        made = make_draw(connection, _bound_and_frozen(connection), "王芳", words=WORDS, now=DAY + 2 * HOUR)
    assert made.seed == digest(FRAME.sha256, "l" * 12, "w" * 12)  # 李 before 王
    assert made.nonces == ((1, Nonce("王芳", "w" * 12)), (2, Nonce("李强", "l" * 12)))
    assert not made.alone
    assert made.tickets.height == 24
    call = made.tickets.row(0, named=True)
    assert call["ticket"] == ticket(made.seed, call["call_id"])
    with reading(database) as connection:
        again = read_draw(connection, made.draw_id)
        assert again.tickets.equals(made.tickets)
        assert again.receipt == made.receipt


def test_one_person_alone_is_on_record_and_cannot_choose_the_seed(database):
    with writing(database) as connection:
        made = make_draw(connection, FRAME, "王芳")
    ((bound, nonce),) = made.nonces
    assert (made.alone, bound, nonce.who, len(nonce.words)) == (True, None, "王芳", 32)


def test_one_of_two_who_told_the_words_is_alone(database):
    with writing(database) as connection:
        made = make_draw(connection, _bound_and_frozen(connection), "王芳", words={"王芳": "w" * 12})
    assert made.alone


def test_words_that_were_not_bound_before_the_frame_was_frozen_are_refused(database):
    with writing(database) as connection:
        frame_id = _bound_and_frozen(connection)
        commit(connection, "2026-10", "赵敏", "z" * 12, DAY + 2 * HOUR)

        def code(words):
            return _code(make_draw, connection, frame_id, "王芳", words=words)

        assert code({"王芳": "another words"}) == "sampling.not_committed"
        assert code({"李强": "w" * 12}) == "sampling.not_committed"
        assert code({"赵敏": "z" * 12}) == "sampling.not_committed"
        with pytest.raises(QaError, match="时钟是否拨回过"):
            make_draw(connection, frame_id, "王芳", words={"赵敏": "z" * 12})
        assert _code(make_draw, connection, FRAME, "王芳", words=WORDS) == "sampling.freeze_first"
        assert draw_ids(connection) == []


def test_words_and_frames_are_used_once(database):
    later = make_frame(month_of_calls(), "2026-10", Design(), days=(16, 31))
    first = make_frame(month_of_calls(), "2026-10", Design(), days=(1, 15))
    with writing(database) as connection:
        frame_id = _bound_and_frozen(connection, first)
        other = freeze(connection, later, "赵敏", DAY + HOUR).frame_id
        make_draw(connection, frame_id, "王芳", words=WORDS)
        assert _code(make_draw, connection, frame_id, "王芳") == "sampling.frame_used"
        assert _code(make_draw, connection, other, "王芳", words=WORDS) == "sampling.words_used"


def test_a_call_is_drawn_from_once_and_parts_of_a_month_may_follow_each_other(database):
    def frame(**choice):
        return make_frame(month_of_calls(), "2026-10", Design(), **choice)

    with writing(database) as connection:
        make_draw(connection, frame(teams=["一班"], days=(1, 15)), "王芳")
        make_draw(connection, frame(teams=["二班"]), "王芳")
        make_draw(connection, frame(teams=["一班"], days=(16, 31)), "王芳")
        with pytest.raises(QaError) as error:
            make_draw(connection, frame(days=(15, 16)), "王芳")
    assert error.value.code == "sampling.already_drawn"
    assert (error.value.values["draw"], error.value.values["who"]) == (1, "员工0、员工2")
    # The panel has no such choice: whoever reads it there needs the whole command.
    assert "在命令行写明代替哪一次和原因：qa-audit sample draw --instead-of 1 --reason" in str(error.value)


def test_a_draw_made_instead_of_another_needs_a_reason_and_leaves_it_on_record(database):
    with writing(database) as connection:
        make_draw(connection, FRAME, "王芳")
        assert _code(make_draw, connection, FRAME, "王芳", instead_of=1) == "sampling.no_reason"
        second = make_draw(connection, FRAME, "王芳", instead_of=1, reason="漏导了两天的话单")
        assert made_instead(connection) == {1: 2}
        assert second.instead_of == 1
        assert _code(make_draw, connection, FRAME, "王芳", instead_of=1, reason="再来") == (
            "sampling.not_replaceable"
        )
        hand_out(connection, 2, ["甲"], "王芳")
        lock(connection, 2, "王芳")
        assert _code(make_draw, connection, FRAME, "王芳", instead_of=2, reason="再来") == (
            "sampling.not_replaceable"
        )
        assert draw_ids(connection, "2026-10") == [1, 2]


def test_a_frame_without_a_call_that_can_be_drawn_is_refused(database):
    silent = make_frame(calls_of({"call_id": "a", "recording": None}), "2026-10", Design())
    with writing(database) as connection:
        assert _code(make_draw, connection, silent, "王芳") == "sampling.nothing_to_draw"


def test_chosen_calls_have_no_probability(database):
    calls = {"b": "person:P1", "a": None}
    with writing(database) as connection:
        made = choose_calls(connection, calls, "2026-10", "complaint", who="王芳", reason=" 工单 88 ")
    assert made.tickets.rows() == [("b", "person:P1", *[None] * 6), ("a", None, *[None] * 6)]
    assert (made.kind, made.seed, made.frame_id, made.reason) == ("complaint", None, None, "工单 88")
    assert made.first_calls() == ["b", "a"]
    assert made.tickets["inclusion"].dtype == pl.Float64


@pytest.mark.parametrize(
    ("calls", "kind", "reason", "code"),
    [
        ({"a": None}, "random", "x", "sampling.bad_kind"),
        ({"a": None}, "coaching", " ", "sampling.no_reason"),
        ({}, "appeal", "x", "sampling.no_calls_chosen"),
    ],
)
def test_calls_are_chosen_for_a_reason(database, calls, kind, reason, code):
    with writing(database) as connection:
        assert _code(choose_calls, connection, calls, "2026-10", kind, who="王", reason=reason) == code


def test_there_is_no_such_draw(database):
    with reading(database) as connection:
        assert _code(read_draw, connection, 1) == "sampling.no_draw"
