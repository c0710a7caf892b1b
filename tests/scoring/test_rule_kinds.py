"""Which function judges a kind of condition, and what a name for several of them says."""

from typing import get_args

import pytest
from pydantic import TypeAdapter

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.conditions.judgement import Case, failed
from qa_audit.scoring.conditions.rule_belief import Belief, Outcome
from qa_audit.scoring.conditions.rule_kinds import judge_condition
from qa_audit.scoring.conditions.rule_scene import Scene
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.rule_schema import Condition
from qa_audit.scoring.verdicts import Evidence

NO, HARDLY, UNKNOWN, LIKELY, YES = Belief.NO, Belief.HARDLY, Belief.UNKNOWN, Belief.LIKELY, Belief.YES
READ = TypeAdapter(Condition)
OTHERS = Evidence(1, 6.0, 8.0, "不行", "exact")
TALK = (
    "C@0-4: 我的单号是13800256",
    "A@3-6: 好的我马上帮您看",
    "A@12-14: 单号13800256对吗",
    "A@15-18: 好的我马上帮您看",
)


def read(name, kind, **given):
    return READ.validate_python({"name": name, "kind": kind, **given})


def scene(*conditions, lines=TALK, facts=None):
    case = Case(CallText(example_turns(lines)), facts or CallFacts(), 0.4)
    return Scene(case, {one.name: one for one in conditions}, {}, lambda _: failed([OTHERS]))


NUMBER = read("号", "said", who="customer", entities=["number"])
KINDS = {
    "said": (read("甲", "said", phrases=["对吗"]), [(2, "对吗", "exact")]),
    "repeated": (read("甲", "repeated"), [(3, "好的我马上帮您看", "similar")]),
    "echo": (read("甲", "echo", of="号"), [(2, "13800256", "exact")]),
    "recited": (read("甲", "recited", to=["单号13800256对吗"]), [(2, "单号13800256对吗 (100%)", "similar")]),
    "pause": (read("甲", "pause", longer_than_s=5), [(None, "6.0 s", "measure")]),
    "overlap": (read("甲", "overlap", longer_than_s=0.5), [(1, "好的我马上帮您看", "measure")]),
    "speech_rate": (read("甲", "speech_rate", faster_than=2), [(None, "3.5 字/秒", "measure")]),
    "measure": (read("甲", "measure", of="ring_s", at_least=7), [(None, "ring_s = 8", "measure")]),
    "fact": (read("甲", "fact", fact="internal", **{"is": True}), [(None, "internal = true", "metadata")]),
    "combined": (read("甲", "combined", **{"is": "号"}), [(0, "13800256", "regex")]),
    "item": (read("甲", "item", item="two"), [(1, "不行", "exact")]),
    "voice": (read("甲", "voice", louder_db=6, min_speech_s=1), [(2, "+9.0 dB", "measure")]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_looks_for_what_it_is_named_after(kind):
    condition, evidence = KINDS[kind]
    lines = TALK
    if kind == "voice":
        lines = ("A@0-9: 您好请讲", "C@10-12: 喂", "A@13-16(+9dB): 我跟您说过了")
    there = scene(NUMBER, condition, lines=lines, facts=CallFacts(ring_s=8.0, internal=True))
    found = judge_condition(condition, there)
    assert found.belief is YES
    assert [(one.evidence.turn, one.evidence.quote, one.evidence.tier) for one in found.hits] == evidence


def test_every_kind_that_may_stand_in_a_rule_is_tried_above():
    kinds = {get_args(one.model_fields["kind"].annotation)[0] for one in get_args(get_args(Condition)[0])}
    assert set(KINDS) == kinds


def named(expression, *conditions, lines=TALK):
    one = read("合", "combined", **{"is": expression})
    return judge_condition(one, scene(*conditions, one, lines=lines))


FINE = read("好", "said", phrases=["好的"])
ASKED = read("问", "said", phrases=["对吗"])
NEVER = read("无", "said", phrases=["祝您生活愉快"])
BOTH = read("两", "said", phrases=["对吗", "祝您生活愉快"], need="all")
SILENT = read("铃", "measure", of="ring_s", at_least=7)


def shown(outcome):
    return [(hit.turn, hit.evidence.quote) for hit in outcome.hits]


def test_places_of_all_that_decide_come_in_the_order_of_the_call():
    found = named("问 and 好", FINE, ASKED)
    assert (found.belief, shown(found)) == (YES, [(1, "好的"), (2, "对吗"), (3, "好的")])


def test_of_alternatives_only_places_of_the_one_that_holds_are_shown():
    found = named("问 or 无", ASKED, NEVER)
    assert (found.belief, shown(found)) == (YES, [(2, "对吗")])


def test_what_a_negation_fails_for_is_shown():
    found = named("not 问", ASKED)
    assert (found.belief, shown(found)) == (NO, [(2, "对吗")])


def test_places_of_a_condition_that_does_not_hold_as_a_whole_are_no_places_of_the_name():
    assert [hit.turn for hit in judge_condition(BOTH, scene(BOTH)).hits] == [2]
    found = named("两", BOTH)
    assert (found.belief, found.hits) == (NO, ())


def test_a_name_is_absent_where_the_first_of_its_conditions_is():
    late = read("尾", "said", phrases=["祝您生活愉快"], where={"last_turns": 1})
    found = named("无 or 尾", NEVER, late)
    assert (found.belief, found.hits) == (NO, ())
    assert found.absent == Evidence(1, 3.0, 18.0, "", "absence")
    assert named("尾 or 无", NEVER, late).absent == Evidence(3, 15.0, 18.0, "", "absence")


def test_a_name_is_as_sure_as_its_expression():
    by_sound = read("音", "said", phrases=["好的我马上帮您砍"])
    assert named("音 and 问", by_sound, ASKED).belief is LIKELY
    assert named("not 音", by_sound).belief is HARDLY


@pytest.mark.parametrize("expression", ["铃", "not 铃", "铃 and 问"])
def test_a_name_for_what_nothing_is_known_of_has_no_data(expression):
    assert named(expression, SILENT, ASKED) == Outcome(UNKNOWN, no_data=True)


def test_a_name_lacks_data_where_these_could_decide_and_not_where_something_else_can_not_be_told():
    near = read("近", "pause", longer_than_s=6)
    both, other = named("铃 or 近", SILENT, near), named("近", near)
    assert (both.belief, both.no_data, other.belief, other.no_data) == (UNKNOWN, True, UNKNOWN, False)


def test_a_name_is_late_where_what_decides_it_is():
    def judged(item):
        raise TimeoutError(item)

    slow, name = read("慢", "item", item="two"), read("合", "combined", **{"is": "慢 or 问"})
    for phrase, wanted in (("祝您生活愉快", (UNKNOWN, True)), ("对吗", (YES, False))):
        asked = read("问", "said", phrases=[phrase])
        there = Scene(scene().case, {one.name: one for one in (slow, asked, name)}, {}, judged)
        found = judge_condition(name, there)
        assert (found.belief, found.late, found.no_data) == (*wanted, False)


def test_a_name_that_is_decided_all_the_same_has_its_data():
    found = named("铃 or 问", SILENT, ASKED)
    assert (found.belief, found.no_data, shown(found)) == (YES, False, [(2, "对吗")])


def test_a_name_may_stand_for_another_name():
    inner = read("里", "combined", **{"is": "not 无"})
    assert named("里 and 好", inner, NEVER, FINE).belief is YES
