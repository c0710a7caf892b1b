from datetime import datetime

import pytest
from sqlalchemy import func, insert, select

from qa_audit.messages import QaError
from qa_audit.sampling.design import Design
from qa_audit.sampling.draws import choose_calls, make_draw, read_draw
from qa_audit.sampling.frame import make_frame
from qa_audit.sampling.hand_outs import (
    aliases_of,
    calls_in_force,
    given_to,
    hand_out,
    hand_out_of,
    lock,
    lock_of,
    queues,
    replace_call,
    replacements,
)
from qa_audit.sampling.verify import verify
from qa_audit.store.database import writing
from qa_audit.store.sample_schema import hand_outs
from qa_audit.store.schema import audit_events
from tests.sampling.made_calls import calls_of, month_of_calls

FRAME = make_frame(month_of_calls(), "2026-10", Design())


@pytest.fixture
def drawn(database):
    with writing(database) as connection:
        make_draw(connection, FRAME, "王芳")
        yield connection


def _code(call, *arguments, **choice):
    with pytest.raises(QaError) as error:
        call(*arguments, **choice)
    return error.value.code


def test_the_next_ticket_of_the_stratum_takes_the_place(drawn):
    made = read_draw(drawn, 1)
    first = made.tickets.row(0, named=True)
    done = replace_call(drawn, 1, first["call_id"], "no_audio", who="甲")
    after = read_draw(drawn, 1)
    (new,) = after.tickets.filter(~after.tickets["call_id"].is_in(made.tickets["call_id"].implode())).rows(
        named=True
    )
    assert (new["call_id"], new["place"], new["stratum"], new["agent"]) == (
        done.replaced_by, 4, "flagged", first["agent"],
    )  # fmt: skip
    assert new["inclusion"] == first["inclusion"] == 3 / 8
    assert after.first_calls() == made.first_calls()
    in_force = calls_in_force(after, replacements(drawn, 1))
    assert set(in_force) == {*made.first_calls(), done.replaced_by} - {first["call_id"]}


def test_a_replacement_can_be_replaced_until_the_stratum_is_used_up(drawn):
    call = read_draw(drawn, 1).tickets["call_id"][0]
    seen = []
    while call is not None:
        seen.append(call)
        call = replace_call(drawn, 1, call, "private_call", who="甲").replaced_by
    assert len(seen) == len(set(seen)) == 6  # itself and the five of eight that were not drawn
    assert len(calls_in_force(read_draw(drawn, 1), replacements(drawn, 1))) == 23
    assert not verify(drawn, 1).failed


def test_what_cannot_be_replaced(drawn):
    call = read_draw(drawn, 1).tickets["call_id"][0]
    assert _code(replace_call, drawn, 1, call, "dull", who="甲") == "sampling.bad_reason"
    assert _code(replace_call, drawn, 1, call, "no_audio", who=" ") == "sampling.no_name"
    assert _code(replace_call, drawn, 1, "unknown", "no_audio", who="甲") == "sampling.not_in_draw"
    replace_call(drawn, 1, call, "no_audio", who="甲")
    assert _code(replace_call, drawn, 1, call, "no_audio", who="甲") == "sampling.already_replaced"
    chosen = choose_calls(drawn, {"a": None}, "2026-10", "appeal", who="王芳", reason="申诉 3")
    assert _code(replace_call, drawn, chosen.draw_id, "a", "no_audio", who="甲") == "sampling.not_random"


def test_what_somebody_has_judged_is_not_replaced(drawn):
    call = read_draw(drawn, 1).tickets["call_id"][0]
    row = {"uuid": "u", "at": datetime(2026, 11, 1), "who": "乙", "call_id": call, "kind": "hand_in"}
    row |= {"payload": {}, "blind": True, "rubric_sha256": "r", "rubric_version": "1"}
    drawn.execute(insert(audit_events).values(row))
    assert _code(replace_call, drawn, 1, call, "private_call", who="甲") == "sampling.already_heard"
    assert replacements(drawn, 1) == []


def test_names_are_kept_with_single_blanks(drawn):
    handed = hand_out(drawn, 1, ["王　芳", " 李  敏 "], "主　管")
    assert (handed.inspectors, handed.who) == (("李 敏", "王 芳"), "主 管")
    assert {one.inspector for one in handed.assignments} == {"李 敏", "王 芳"}
    assert not verify(drawn, 1).failed


def test_the_calls_of_one_inspector_by_draw(drawn):
    assert given_to(drawn, "甲") == {}
    hand_out(drawn, 1, ["甲"], "王芳")
    hand_out(drawn, 1, ["甲", "乙"], "王芳", twice="0")
    chosen = choose_calls(drawn, {"x": None}, "2026-10", "coaching", who="王芳", reason="辅导")
    handed = hand_out(drawn, chosen.draw_id, ["甲", "乙"], "王芳", twice="0")
    (hears,) = {one.inspector for one in handed.assignments}
    before = given_to(drawn, "甲")
    assert before == {1: queues(hand_out_of(drawn, 1), [])["甲"], 2: ["x"] if hears == "甲" else []}
    done = replace_call(drawn, 1, before[1][0], "no_audio", who="甲")
    assert given_to(drawn, "甲")[1] == [done.replaced_by, *before[1][1:]]
    assert given_to(drawn, "丙") == {}


def test_of_draws_that_gave_way_only_the_newest_is_there_where_there_is_no_other(drawn):
    hand_out(drawn, 1, ["甲"], "王芳")
    make_draw(drawn, FRAME, "王芳", instead_of=1, reason="漏了话单")
    assert list(given_to(drawn, "甲")) == [1]
    hand_out(drawn, 2, ["甲"], "王芳")
    assert list(given_to(drawn, "甲")) == [2]


def test_a_replacing_call_is_heard_by_whom_the_replaced_one_was_given_to(drawn):
    handed = hand_out(drawn, 1, ["甲", "乙"], "王芳", twice="0.5")
    before = queues(handed, [])
    call = handed.assignments[0].call_id
    done = replace_call(drawn, 1, call, "no_audio", who="甲")
    after = queues(handed, replacements(drawn, 1))
    assert after == {
        name: [done.replaced_by if one == call else one for one in own] for name, own in before.items()
    }


def test_a_hand_out_after_a_replacement_gives_out_the_replacing_call(drawn):
    call = read_draw(drawn, 1).tickets["call_id"][0]
    done = replace_call(drawn, 1, call, "no_audio", who="王芳")
    handed = hand_out(drawn, 1, ["甲", "乙"], "王芳")
    given = {one.call_id for one in handed.assignments}
    assert done.replaced_by in given
    assert call not in given
    assert queues(handed, replacements(drawn, 1)) == queues(handed, [])


def test_the_latest_hand_out_is_in_force_until_the_lock(drawn):
    assert hand_out_of(drawn, 1) is None
    assert _code(lock, drawn, 1, "王芳") == "sampling.not_handed_out"
    hand_out(drawn, 1, ["甲"], "王芳")
    second = hand_out(drawn, 1, ["乙", "甲"], "王芳", twice="0.1", common=2)
    assert hand_out_of(drawn, 1) == second
    assert drawn.execute(select(func.count()).select_from(hand_outs)).scalar_one() == 2
    locked = lock(drawn, 1, "王芳")
    assert lock_of(drawn, 1) == locked
    assert _code(lock, drawn, 1, "王芳") == "sampling.locked"
    assert _code(hand_out, drawn, 1, ["丙"], "王芳") == "sampling.locked"
    replace_call(drawn, 1, second.assignments[0].call_id, "no_audio", who="甲")  # by the rule, also then
    assert not verify(drawn, 1).failed


def test_a_draw_that_gave_way_is_not_handed_out(drawn):
    make_draw(drawn, FRAME, "王芳", instead_of=1, reason="漏了话单")
    assert _code(hand_out, drawn, 1, ["甲"], "王芳") == "sampling.not_in_force"
    assert _code(lock, drawn, 1, "王芳") == "sampling.not_in_force"


def test_inspectors_who_are_agents_do_not_hear_their_own_calls(drawn):
    handed = hand_out(drawn, 1, ["员工0", "8001", "甲"], "王芳")
    agents = dict(read_draw(drawn, 1).tickets.select("call_id", "agent").iter_rows())
    heard = {(one.inspector, agents[one.call_id]) for one in handed.assignments}
    assert ("员工0", "person:a0") not in heard
    assert ("8001", "person:a1") not in heard


def test_chosen_calls_are_handed_out_too(drawn):
    calls = calls_of({"call_id": "x", "agent_name": "甲"})
    chosen = choose_calls(drawn, {"x": "person:P1"}, "2026-10", "coaching", who="王芳", reason="辅导")
    aliases = aliases_of(calls.with_columns(agent="person:" + calls["person_id"]))
    assert aliases == {"person:P1": frozenset({"P1", "甲", "8001"})}
    handed = hand_out(drawn, chosen.draw_id, ["甲", "乙"], "王芳", aliases=aliases)
    assert [(one.inspector, one.call_id, one.purpose) for one in handed.assignments] == [("乙", "x", "first")]
