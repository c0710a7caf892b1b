"""Conditions by name, judged once; expressions over them; and whose turns they look at."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed
from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome
from qa_audit.scoring.conditions.rule_scene import Scene
from qa_audit.scoring.rule_expression import Expression, parse_expression
from qa_audit.scoring.rule_schema import Combined, ItemVerdict, Said
from qa_audit.scoring.verdicts import Evidence
from tests.scoring.short_calls import case_of

NO, HARDLY, UNKNOWN, LIKELY, YES = Belief.NO, Belief.HARDLY, Belief.UNKNOWN, Belief.LIKELY, Belief.YES
NO_DATA = Outcome(UNKNOWN, no_data=True)
TALK = ("S: 正在转接", "A: 您好", "C: 喂", "A: 请讲")
CASE = case_of(TALK)
WORTH = {"真": YES, "多": LIKELY, "疑": UNKNOWN, "少": HARDLY, "假": NO}


def said(name, *phrases):
    return Said.model_validate({"kind": "said", "name": name, "phrases": phrases})


def named(name, expression):
    return Combined.model_validate({"kind": "combined", "name": name, "is": expression})


def scene(*conditions, lines=TALK, outer=None, judged=lambda _: NOT_APPLICABLE, **known):
    case = case_of(lines, **known)
    return Scene(case, {one.name: one for one in conditions}, {}, judged, outer)


def knowing(**outcomes):
    """A scene in which these names have these outcomes."""
    known = {name: one if isinstance(one, Outcome) else Outcome(one) for name, one in outcomes.items()}
    return Scene(CASE, {}, known, lambda _: NOT_APPLICABLE)


def test_a_name_is_a_condition_of_the_item_before_a_shared_one_and_a_situation_last():
    situation = Outcome(LIKELY)
    shared = Scene(CASE, {"甲": said("甲", "再见")}, {"情": situation}, lambda _: NOT_APPLICABLE)
    own = Scene(CASE, {"乙": said("乙", "您好")}, shared.situations, lambda _: NOT_APPLICABLE, shared)
    assert (own.outcome("乙").belief, own.outcome("甲").belief) == (YES, NO)
    assert own.outcome("情") is situation
    assert own.condition("乙") == said("乙", "您好")
    assert own.condition("甲") == said("甲", "再见")
    assert own.condition("情") is None


def test_what_is_shared_is_judged_where_it_is_shared():
    shared = scene(said("甲", "您好"))
    one, other = scene(outer=shared), scene(outer=shared)
    assert one.outcome("甲") is other.outcome("甲") is shared.outcome("甲")


def test_an_item_s_own_condition_is_out_of_reach_for_what_is_shared():
    shared = scene(named("公", "乙"))
    with pytest.raises(KeyError):
        scene(said("乙", "您好"), outer=shared).outcome("公")


@pytest.mark.parametrize("outer", [None, scene()])
def test_a_name_that_nobody_has_is_refused(outer):
    with pytest.raises(KeyError):
        scene(outer=outer).outcome("丙")


def test_a_condition_is_judged_once_however_often_it_is_named():
    asked = []

    def judged(item):
        asked.append(item)
        return failed([])

    item = ItemVerdict.model_validate({"kind": "item", "name": "错", "item": "two"})
    there = scene(item, named("合", "错 or 错"), judged=judged)
    assert there.belief(parse_expression("错 and not (合 and 错)")) is NO
    assert asked == ["two"]


def test_what_takes_too_long_can_not_be_told():
    def judged(item):
        raise TimeoutError(item)

    item = ItemVerdict.model_validate({"kind": "item", "name": "错", "item": "two"})
    assert scene(item, judged=judged).outcome("错") == Outcome(UNKNOWN, late=True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("真", YES), ("not 真", NO), ("多 and 真", LIKELY), ("多 and 少", HARDLY), ("多 or 假", LIKELY),
        ("少 or 假", HARDLY), ("疑 or 假", UNKNOWN), ("not 少", LIKELY), ("真 and not (多 or 假)", HARDLY),
    ],
)  # fmt: skip
def test_an_expression_is_as_sure_as_what_it_is_made_of(text, wanted):
    assert knowing(**WORTH).belief(parse_expression(text)) is wanted


@pytest.mark.parametrize("text", ["空", "not 空", "真 and not 空", "假 or 空"])
@pytest.mark.parametrize("stands_for", [YES, NO])
def test_what_stands_for_missing_data_does_not_turn_round_with_a_negation(text, stands_for):
    there = knowing(空=NO_DATA, **WORTH)
    assert there.belief(parse_expression(text), stands_for) is stands_for
    assert there.belief(parse_expression(text)) is UNKNOWN


def test_only_missing_data_is_stood_for_and_not_what_can_not_be_told():
    assert {knowing(疑=UNKNOWN).belief(parse_expression("疑"), one) for one in (YES, NO)} == {UNKNOWN}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("真", ["真"]), ("not 假", ["假"]), ("真 and 多", ["真", "多"]), ("真 and 假", ["假"]),
        ("假 and 少", ["假"]), ("真 or 假", ["真"]), ("多 or 真", ["真"]), ("假 or 少", ["假", "少"]),
        ("真 and (假 or 少)", ["假", "少"]), ("少 or (真 and 多)", ["真", "多"]), ("not (真 or 多)", ["真"]),
        ("多 and 真 and 多", ["多", "真"]), ("真 and 疑", ["疑"]),
    ],
)  # fmt: skip
def test_what_decides_is_every_part_where_all_had_to_be_so_and_else_the_parts_that_tip_it(text, names):
    assert knowing(**WORTH).deciding(parse_expression(text)) == names


def placed(level, start):
    nothing = Evidence(0, 0.0, 0.0, "", "exact")
    return Hit(level, 0, start, start + 1, float(start), start + 1.0, nothing)


PLACED = {
    "真": Outcome(YES, (placed(YES, 1), placed(LIKELY, 2))), "多": Outcome(LIKELY, (placed(YES, 3),)),
    "疑": Outcome(UNKNOWN, (placed(YES, 4),)), "少": Outcome(HARDLY, (placed(YES, 5),)),
    "假": Outcome(NO, (placed(YES, 6),)), "同": Outcome(LIKELY, (placed(YES, 1),)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("真", [(1, YES), (2, LIKELY)]), ("多", [(3, LIKELY)]), ("疑", [(4, UNKNOWN)]), ("少", []),
        ("假", []), ("not 假", []), ("真 and not 假", [(1, YES), (2, LIKELY)]), ("真 and 假", []),
        ("真 and 多", [(1, LIKELY), (2, LIKELY), (3, LIKELY)]), ("真 and not 少", [(1, LIKELY), (2, LIKELY)]),
        ("真 or 多 or 疑 or 假", [(1, YES), (2, LIKELY), (3, LIKELY), (4, UNKNOWN)]),
        ("真 or 同", [(1, YES), (2, LIKELY)]), ("not (假 or not 真)", [(1, YES), (2, LIKELY)]),
        ("not (真 and 假)", []),
    ],
)  # fmt: skip
def test_places_are_of_what_holds_and_no_surer_than_that_it_does(text, places):
    known = Scene(CASE, {}, PLACED, lambda _: NOT_APPLICABLE)
    once, twice = named("合", text), named("外", "合")
    there = Scene(CASE, {"合": once, "外": twice}, PLACED, lambda _: NOT_APPLICABLE, known)
    for name in ("合", "外", *([text] if text in PLACED else [])):
        assert [(hit.start, hit.level) for hit in there.places(name)] == places


def test_an_expression_is_made_of_the_conditions_behind_the_names_in_it():
    shared = scene(said("甲", "再见"), named("公", "甲"))
    own = scene(said("甲", "您好"), said("乙", "喂"), named("合", "not 乙 or 公"), outer=shared)
    made = list(own.made_of(parse_expression("合 and (甲 or 合)")))
    assert made == [said("甲", "您好"), said("乙", "喂"), said("甲", "再见")]
    assert list(knowing(真=YES).made_of(parse_expression("真"))) == []


EXPRESSIONS = st.recursive(
    st.sampled_from([*WORTH]).map(lambda name: Expression("name", name)),
    lambda part: st.one_of(
        part.map(lambda one: Expression("not", parts=(one,))),
        st.builds(
            lambda op, parts: Expression(op, parts=tuple(parts)),
            st.sampled_from(["and", "or"]),
            st.lists(part, min_size=2, max_size=3),
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=50)
@given(EXPRESSIONS)
def test_what_does_not_decide_could_as_well_be_unknown(expression):
    there = knowing(**WORTH)
    deciding = there.deciding(expression)
    assert deciding
    assert len(set(deciding)) == len(deciding)
    belief = there.belief(expression)
    if abs(belief) == YES:
        rest = {name: worth if name in deciding else UNKNOWN for name, worth in WORTH.items()}
        assert knowing(**rest).belief(expression) is belief


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("空", NO), ("not 空", YES), ("空 or 真", YES), ("空 and 真", NO), ("not (空 or 真)", NO),
        ("not (空 and 真)", YES), ("疑", UNKNOWN), ("not 少", LIKELY), ("多 and not 空", LIKELY),
    ],
)  # fmt: skip
def test_what_the_call_list_does_not_say_counts_as_not_so_where_an_item_is_switched(text, wanted):
    assert knowing(空=NO_DATA, **WORTH).gate(text) is wanted


def naming(*conditions):
    """A scene with these conditions, in which these other names are known."""
    known = {**{name: Outcome(worth) for name, worth in WORTH.items()}, "空": NO_DATA}
    return Scene(CASE, {one.name: one for one in conditions}, known, lambda _: NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("expression", "with_yes", "with_no", "gate"),
    [
        ("空", YES, NO, NO), ("not 空", YES, NO, YES), ("空 or 疑", YES, UNKNOWN, UNKNOWN),
        ("空 and 疑", UNKNOWN, NO, NO), ("not (空 or 疑)", UNKNOWN, NO, UNKNOWN), ("空 or 真", YES, YES, YES),
    ],
)  # fmt: skip
def test_a_name_for_an_expression_means_what_the_expression_does_where_data_are_missing(
    expression, with_yes, with_no, gate
):
    there = naming(named("里", expression), named("外", "里"))
    for text in (expression, "里", "外"):
        beliefs = [there.belief(parse_expression(text), one) for one in (YES, NO)]
        assert (*beliefs, there.gate(text)) == (with_yes, with_no, gate)


@settings(max_examples=50)
@given(EXPRESSIONS, st.sampled_from([YES, NO, UNKNOWN]))
def test_nothing_changes_by_giving_a_part_a_name(expression, no_data):
    written_out = str(expression).replace("疑", "空")
    there = naming(named("合", written_out))
    for text in ("{}", "not {}", "{} or 少", "疑 and not {}"):
        plain, short = text.format(f"({written_out})"), text.format("合")
        written, under_name = (there.belief(parse_expression(one), no_data) for one in (plain, short))
        assert written is under_name
        assert there.gate(plain) is there.gate(short)


def test_a_shared_name_means_what_is_in_reach_where_it_is_shared():
    shared = naming(named("公", "空 or 疑"))
    own = Scene(CASE, {}, shared.situations, lambda _: NOT_APPLICABLE, shared)
    assert [own.belief(parse_expression("not 公"), one) for one in (YES, NO)] == [UNKNOWN, NO]
    assert own.gate("not 公") is UNKNOWN


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("空", True), ("空 or 疑", True), ("疑", False), ("疑 or 多", False), ("空 or 真", False)],
)
def test_what_can_not_be_told_lacks_data_only_where_it_hangs_on_them(text, wanted):
    there = naming(named("合", text))
    assert there.lacks_data(parse_expression(text)) is there.lacks_data(parse_expression("合")) is wanted


LINES = ("S: 正在转接", "A: 您好", "C: 。", "C: 喂", "S: ，", "A: 请讲")


@pytest.mark.parametrize(
    ("who", "turns"), [("agent", (1, 5)), ("customer", (3,)), ("either", (1, 3, 5)), ("system", (0,))]
)
def test_turns_without_a_word_are_nobody_s(who, turns):
    assert scene(lines=LINES).turns_of(who) == turns


def test_turns_of_somebody_unknown_may_be_anybody_s():
    assert scene(lines=("A: 您好", "C: 喂"), known=False).turns_of("agent") == (0, 1)
    there = scene(lines=("A: 您好", "?: 好吧", "C: 喂"))
    assert (there.turns_of("agent"), there.turns_of("customer")) == ((0, 1), (1, 2))


@pytest.mark.parametrize(
    ("turn", "who", "wanted"),
    [
        (0, "agent", YES),
        (1, "agent", LIKELY),
        (2, "agent", LIKELY),
        (2, "customer", LIKELY),
        (2, "either", YES),
        (3, "system", YES),
    ],
)
def test_a_hit_is_sure_only_where_it_is_known_who_speaks_and_it_was_heard_well(turn, who, wanted):
    there = scene(lines=("A: 您好", "A: 请讲", "?: 好吧", "S: 正在转接"), poor=(1,))
    assert there.level(YES, turn, who) is wanted


@pytest.mark.parametrize("level", [LIKELY, UNKNOWN, HARDLY, NO])
def test_what_is_not_sure_anyhow_stays_as_unsure_as_it_is(level):
    there = scene(lines=("A: 您好",), poor=(0,))
    assert there.level(level, 0, "agent") is level
