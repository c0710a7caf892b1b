"""Which part of a call a condition is looked for in, and how sure it is that a place lies in it."""

import pytest

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE
from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome
from qa_audit.scoring.conditions.rule_scene import Scene
from qa_audit.scoring.conditions.rule_where import Region, regions
from qa_audit.scoring.rule_schema import Where, Who
from qa_audit.scoring.verdicts import Evidence
from tests.scoring.short_calls import case_of

NO, HARDLY, UNKNOWN, LIKELY, YES = Belief.NO, Belief.HARDLY, Belief.UNKNOWN, Belief.LIKELY, Belief.YES
NOTHING = Evidence(None, 0.0, 0.0, "", "measure")


def words(turn, start, end, start_s=0.0, end_s=0.0, *, level=YES):
    return Hit(level, turn, start, end, start_s, end_s, NOTHING)


def silence(start_s, end_s, turn=None):
    return Hit(YES, turn, -1, -1, start_s, end_s, NOTHING)


def found(where, who: Who = "agent", lines=(), known=True, **anchors):
    """Regions of a call in which other conditions have these places."""
    outcomes = {name: Outcome(YES, tuple(hits)) for name, hits in anchors.items()}
    there = Scene(case_of(lines, known=known), {}, outcomes, lambda _: NOT_APPLICABLE)
    return regions(Where.model_validate(where), who, there)


def turns_of(*given, **more):
    return [region.turns for region in found(*given, **more)]


def test_words_of_another_turn_lie_outside():
    region = Region((1, 3))
    assert [region.level_of(words(turn, 0, 1)) for turn in (0, 1, 2, 3)] == [None, YES, None, YES]


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [(5, 9, True), (6, 8, True), (4, 9, False), (5, 10, False), (4, 5, False), (9, 10, False)],
)
def test_words_lie_inside_as_a_whole_or_not_at_all(start, end, inside):
    region = Region((0,), start=5, end=9)
    assert region.level_of(words(0, start, end)) is (YES if inside else None)


@pytest.mark.parametrize(
    ("start_s", "end_s", "inside"),
    [(10, 20, True), (9.96, 20.04, True), (9.9, 15, False), (15, 20.1, False), (2, 30, False)],
)
def test_what_is_no_words_lies_between_seconds_but_for_a_twentieth_of_one(start_s, end_s, inside):
    region = Region((0,), after_s=10, before_s=20)
    assert region.level_of(silence(start_s, end_s)) is (YES if inside else None)
    assert region.level_of(words(0, 3, 4, start_s, end_s)) is YES
    timed = Region((0,), after_s=10, before_s=20, timed=True)
    assert timed.level_of(words(0, 3, 4, start_s, end_s)) is (YES if inside else None)


@pytest.mark.parametrize(
    ("start_s", "wanted"),
    [(8.9, None), (9, UNKNOWN), (9.9, UNKNOWN), (10, YES), (20, YES), (21, UNKNOWN), (21.1, None)],
)
def test_within_a_second_of_a_limit_in_seconds_it_can_not_be_told(start_s, wanted):
    near = Region((0,), start_s=10, end_s=20, edges=True)
    assert near.level_of(words(0, 3, 4, start_s, 30)) is wanted
    exact = Region((0,), start_s=10, end_s=20)
    assert exact.level_of(words(0, 3, 4, start_s, 30)) is (YES if wanted is YES else None)


@pytest.mark.parametrize(("level", "beside"), [(LIKELY, UNKNOWN), (UNKNOWN, UNKNOWN), (HARDLY, None)])
def test_inside_a_place_is_as_sure_as_it_is_and_beside_the_limit_no_surer(level, beside):
    region = Region((0,), start_s=10, edges=True)
    assert region.level_of(words(0, 3, 4, 12, 13, level=level)) is level
    assert region.level_of(words(0, 3, 4, 9.5, 13, level=level)) is beside


TALK = ("S@0-4: 正在转接", "A@4-6: 您好", "C@8-10: 要报修", "A@20-22: 查到了", "C@23-24: 好", "A@25-26: 再见")


def test_without_limits_it_is_all_turns_of_the_speaker():
    assert found({}, "customer", TALK) == [Region((2, 4))]


def test_the_first_or_last_turns_of_the_speaker_where_a_farewell_uses_up_none():
    assert turns_of({"first_turns": 2}, lines=TALK) == [(1, 3)]
    assert turns_of({"last_turns": 1}, lines=TALK) == [(3, 5)]


@pytest.mark.parametrize(
    ("where", "turns"),
    [
        ({"first_s": 15}, (1, 3)), ({"first_s": 14.9}, (1,)), ({"last_s": 3}, (3, 5)),
        ({"last_s": 2.9}, (5,)), ({"first_turns": 1, "first_s": 99}, (1,)),
        ({"first_turns": 2, "first_s": 5}, (1,)), ({"last_turns": 1, "last_s": 2}, (5,)),
    ],
)  # fmt: skip
def test_seconds_count_from_the_first_or_last_word_and_a_turn_a_second_outside_stays(where, turns):
    assert turns_of(where, lines=TALK) == [turns]


def test_limits_in_seconds_lie_that_far_from_the_first_and_last_word():
    first, last = found({"first_s": 10}, lines=TALK)[0], found({"last_s": 10}, lines=TALK)[0]
    assert (first.end_s, first.edges, last.start_s, last.edges) == (14.0, True, 16.0, True)


@pytest.mark.parametrize("where", [{"first_s": 5}, {"last_s": 5}, {"first_turns": 1}, {"last_turns": 1}])
def test_a_call_without_words_has_a_part_without_turns(where):
    assert turns_of(where, lines=("S@0-4: 正在转接",)) == [()]


def test_first_turns_of_somebody_unknown_are_as_many_of_each_and_it_is_said():
    lines = ("A: 您好", "C: 喂", "A: 请讲", "C: 我要报修", "A: 好的")
    first, last = (found(one, lines=lines, known=False)[0] for one in ({"first_turns": 2}, {"last_turns": 1}))
    assert (first.turns, first.unsure, last.unsure) == ((0, 1, 2, 3), True, True)
    assert not found({"first_turns": 2}, lines=lines)[0].unsure


@pytest.mark.parametrize(
    ("who", "first", "last"), [("either", (1, 2), (3, 4, 5)), ("system", (0, 6), (6, 7))]
)
def test_turns_of_anybody_and_announcements_are_counted_alike_whoever_speaks(who, first, last):
    lines = (*TALK, "S@40-42: 请您评价", "S@43-44: 再见")
    for known in (True, False):
        assert found({"first_turns": 2}, who, lines, known) == [Region(first)]
        assert found({"last_turns": 1}, who, lines, known) == [Region(last)]


# Turns begin at 0, 3, 6 and 10 of the joined text.
FOUR = ("A@0-2: 您好", "C@2-4: 谢谢", "A@4-6: 不客气", "A@6-8: 再见")
THANKS = words(1, 3, 5, 2.0, 4.0)


@pytest.mark.parametrize(
    ("where", "turns"),
    [
        ({"after": "谢"}, (2, 3)), ({"after": "谢", "within_turns": 1}, (2,)),
        ({"after": "谢", "within_turns": 0}, ()), ({"before": "谢"}, (0,)),
        ({"before": "谢", "within_turns": 0}, ()), ({"around": "谢", "within_turns": 1}, (0, 2)),
        ({"around": "谢", "within_s": 9}, (0, 2, 3)), ({"same_turn_as": "谢"}, ()),
    ],
)  # fmt: skip
def test_turns_within_are_those_of_the_speaker_and_the_turn_of_the_other_place_is_free(where, turns):
    assert turns_of(where, lines=FOUR, 谢=[THANKS]) == [turns]
    either = turns_of({"around": "谢", "within_turns": 0}, "either", FOUR, 谢=[THANKS])
    assert either == turns_of({"same_turn_as": "谢"}, "either", FOUR, 谢=[THANKS]) == [(1,)]


def test_in_the_turn_of_the_other_words_it_lies_behind_them_or_before_them():
    here = words(2, 7, 8, 4.7, 5.3)
    after, before = (found({side: "客"}, lines=FOUR, 客=[here])[0] for side in ("after", "before"))
    assert [after.level_of(words(2, *span)) for span in ((6, 7), (7, 8), (8, 9))] == [None, None, YES]
    assert [before.level_of(words(2, *span)) for span in ((6, 7), (7, 8), (8, 9))] == [YES, None, None]


@pytest.mark.parametrize(
    ("side", "start_s", "wanted"),
    [
        ("after", 6, YES), ("after", 7, UNKNOWN), ("after", 7.1, None),
        ("before", 0, YES), ("before", -1, UNKNOWN), ("before", -1.1, None),
        ("around", 0, YES), ("around", 6, YES), ("around", 7.1, None), ("around", -1.1, None),
    ],
)  # fmt: skip
def test_seconds_within_count_from_the_near_end_of_the_other_place(side, start_s, wanted):
    region = found({side: "谢", "within_s": 2}, lines=FOUR, 谢=[THANKS])[0]
    place = words(0, 0, 1, start_s) if start_s < 2 else words(3, 10, 11, start_s)
    assert region.level_of(place) is wanted


def test_of_the_other_condition_s_places_any_each_the_last_or_the_nth_is_meant():
    hits = [words(2, 6, 7, 4.0, 5.0), words(0, 0, 1, 0.0, 1.0)]
    chosen = {
        hit: turns_of({"after": "甲", "within_turns": 0, "hit": hit}, lines=FOUR, 甲=hits)
        for hit in ("any", "each", "last", 1, 2, 3)
    }
    assert chosen == {"any": [(0,), (2,)], "each": [(0,), (2,)], "last": [(2,)], 1: [(0,)], 2: [(2,)], 3: []}


def test_between_two_others_there_is_a_part_for_each_pair_of_their_places():
    where, first, last = {"after": "甲", "before": "乙"}, words(0, 0, 1), words(3, 10, 11, 6.0, 7.0)
    assert turns_of(where, "either", FOUR, 甲=[first, THANKS], 乙=[last]) == [(0, 1, 2, 3), (1, 2, 3)]
    assert turns_of(where, "either", FOUR, 甲=[first], 乙=[]) == []


def test_a_part_is_no_surer_than_the_least_sure_place_that_it_is_measured_from():
    likely, sure = words(0, 0, 1, level=LIKELY), words(3, 10, 11)
    between = found({"after": "甲", "before": "乙"}, lines=FOUR, 甲=[likely], 乙=[sure])
    assert [region.anchor for region in between] == [LIKELY]


def test_beside_a_silence_lie_the_turns_from_its_end_on_or_up_to_its_beginning():
    lines = ("A@0-2: 请稍等", "A@12-14: 查到了", "C@15-16: 好", "A@17-18: 再见")
    still = [silence(2.0, 12.0)]
    assert turns_of({"after": "静"}, lines=lines, 静=still) == [(1, 3)]
    assert turns_of({"after": "静", "within_turns": 1}, lines=lines, 静=still) == [(1,)]
    assert turns_of({"before": "静"}, lines=lines, 静=still) == [(0,)]
    ends = {end_s: turns_of({"after": "静"}, lines=lines, 静=[silence(2.0, end_s)]) for end_s in (14.5, 30.0)}
    assert ends == {14.5: [(3,)], 30.0: [()]}


def test_around_a_silence_lie_the_turn_before_it_and_the_one_after_it():
    lines = ("A@0-2: 喂", "A@3-5: 请稍等", "A@12-14: 查到了", "C@15-16: 好", "A@17-18: 再见")
    still = [silence(5.0, 12.0)]
    assert turns_of({"around": "静", "within_turns": 1}, lines=lines, 静=still) == [(1, 2)]
    assert turns_of({"around": "静", "within_turns": 9}, lines=lines, 静=still) == [(0, 1, 2, 4)]
    assert turns_of({"around": "静", "within_s": 3}, lines=lines, 静=still) == [(0, 1, 2, 4)]
    assert turns_of({"around": "静", "within_turns": 0}, lines=lines, 静=still) == [()]
    at_the_end = [silence(18.0, 30.0)]
    assert turns_of({"around": "静", "within_turns": 1}, lines=lines, 静=at_the_end) == [(4,)]


def test_a_silence_lies_before_the_turn_that_ends_it_and_behind_the_one_before_it():
    lines = ("A@0-2: 请稍等", "A@12-14: 查到了")
    still = [silence(2.0, 12.0, turn=1)]
    after, before = (found({side: "静"}, lines=lines, 静=still)[0] for side in ("after", "before"))
    places = words(0, 0, 3, 0.0, 2.0), words(1, 4, 7, 12.0, 14.0), words(1, 4, 7, 11.9, 14.0)
    assert [after.level_of(place) for place in places] == [None, YES, None]
    assert [before.level_of(place) for place in places] == [YES, None, None]


def test_the_turn_that_ends_a_silence_is_the_first_after_it_and_not_the_silence_s_own():
    lines = ("A@0-2: 请稍等", "A@12-14: 查到了", "A@15-16: 好", "A@17-18: 再见")
    still = [silence(2.0, 12.0, turn=1)]
    for side, turns in (("after", (1, 2)), ("before", (0,)), ("around", (0, 1, 2))):
        assert turns_of({side: "静", "within_turns": 2}, lines=lines, 静=still) == [turns]


@pytest.mark.parametrize(
    ("line", "turns", "unsure", "perhaps"),
    [("A: 好", (2,), False, ()), ("?: 好", (2, 3), True, (3,)), ("C: 好", (3,), False, ())],
)
def test_turns_within_reach_further_where_some_may_be_the_other_s(line, turns, unsure, perhaps):
    lines = (*FOUR[:2], line, "A@6-8: 再见", "A@8-9: 喂", "?@9-10: 嗯")
    region = found({"after": "谢", "within_turns": 1}, lines=lines, 谢=[THANKS])[0]
    assert (region.turns, region.unsure, region.perhaps) == (turns, unsure, frozenset(perhaps))
    either = found({"after": "谢", "within_turns": 1}, "either", lines=lines, 谢=[THANKS])[0]
    assert (either.turns, either.unsure) == ((1, 2), False)


def test_of_all_unknown_turns_as_many_of_each_are_within():
    lines = (*FOUR, "A@8-9: 喂")
    around = found(
        {"around": "客", "within_turns": 1}, lines=lines, known=False, 客=[words(2, 6, 9, 4.0, 6.0)]
    )
    assert [(one.turns, one.unsure, one.perhaps) for one in around] == [
        ((0, 1, 2, 3, 4), True, frozenset({0, 4}))
    ]


def test_words_that_lie_inside_only_if_other_turns_do_not_count_are_likely_inside():
    region = Region((1, 2), perhaps=frozenset({2}))
    levels = [region.level_of(words(turn, 0, 1, level=level)) for turn in (1, 2) for level in (YES, UNKNOWN)]
    assert levels == [YES, UNKNOWN, LIKELY, UNKNOWN]


def test_where_each_must_have_it_a_part_reaches_from_each_place_to_the_next_of_the_other():
    afters = [words(0, 0, 1), words(2, 6, 7, 4.0, 5.0), words(3, 12, 13, 7.0, 8.0)]
    befores = [words(1, 3, 4, 2.0, 3.0), words(3, 10, 11, 6.0, 7.0)]
    where = {"after": "甲", "before": "乙", "hit": "each"}
    pairs = [(one.start, one.end) for one in found(where, lines=FOUR, 甲=afters, 乙=befores)]
    assert pairs == [(1, 3), (7, 10)]
    where["hit"] = "any"
    pairs = [(one.start, one.end) for one in found(where, lines=FOUR, 甲=afters, 乙=befores)]
    assert pairs == [(1, 3), (1, 10), (7, 10)]


def test_silences_and_words_make_a_pair_by_their_seconds():
    where = {"after": "静", "before": "词"}
    for start_s, pairs in ((11.9, 0), (11.96, 1), (12.0, 1)):
        last = words(3, 10, 11, start_s, 13.0)
        assert len(found(where, lines=FOUR, 静=[silence(2.0, 12.0)], 词=[last])) == pairs


@pytest.mark.parametrize(
    ("hit", "levels", "wanted"),
    [
        ("last", [YES, LIKELY], (LIKELY, HARDLY)), ("last", [LIKELY, YES], (YES, NO)),
        ("last", [LIKELY], (LIKELY, NO)), (1, [LIKELY, YES], (LIKELY, HARDLY)), (1, [YES, LIKELY], (YES, NO)),
        (2, [LIKELY, YES], (LIKELY, NO)), (2, [UNKNOWN, YES, YES], (UNKNOWN, UNKNOWN)),
        ("any", [LIKELY, LIKELY], (LIKELY, NO)), ("each", [LIKELY, LIKELY], (LIKELY, NO)),
    ],
)  # fmt: skip
def test_another_place_may_be_the_one_that_is_meant_where_one_counted_is_not_sure(hit, levels, wanted):
    places = [words(0, at, at + 1, float(at), at + 1.0, level=level) for at, level in enumerate(levels)]
    region = found({"after": "甲", "hit": hit}, lines=FOUR, 甲=places)[0]
    assert (region.anchor, region.floor) == wanted
