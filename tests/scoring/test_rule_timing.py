"""Conditions on silences, on talking over one another, and on the speed of speech."""

import pytest

from qa_audit.scoring.conditions.judgement import passed
from qa_audit.scoring.conditions.rule_belief import Belief, Outcome
from qa_audit.scoring.conditions.rule_scene import Scene
from qa_audit.scoring.conditions.rule_timing import judge_overlap, judge_pause, judge_rate
from qa_audit.scoring.rule_schema import Overlap, Pause, Rate
from qa_audit.scoring.verdicts import Evidence
from tests.scoring.short_calls import case_of

NO, HARDLY, UNKNOWN, LIKELY, YES = Belief.NO, Belief.HARDLY, Belief.UNKNOWN, Belief.LIKELY, Belief.YES


def scene(*lines, poor=(), known=True, channel=None):
    case = case_of(lines, poor=poor, known=known, channel=channel)
    return Scene(case, {}, {}, lambda _: passed())


def pause(*lines, known=True, **given):
    return judge_pause(
        Pause.model_validate({"kind": "pause", "name": "静", **given}), scene(*lines, known=known)
    )


def silence(seconds):
    """A call with a silence of so many seconds, from second 2 on."""
    return ("C@0-2: 能查到吗", f"A@{2 + seconds}-{4 + seconds}: 查到了")


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [(9.25, NO), (9.5, UNKNOWN), (10, UNKNOWN), (10.5, UNKNOWN), (10.75, YES), (14, YES)],
)
def test_a_silence_longer_than_a_limit_by_more_than_its_margin(seconds, wanted):
    found = pause(*silence(seconds), longer_than_s=10)
    assert (found.belief, [hit.level for hit in found.hits]) == (wanted, [wanted] * (wanted is not NO))


@pytest.mark.parametrize(
    ("seconds", "wanted"), [(0, YES), (1, YES), (1.25, YES), (1.5, UNKNOWN), (2.5, UNKNOWN), (2.75, NO)]
)
def test_a_silence_shorter_than_a_limit_by_more_than_its_margin(seconds, wanted):
    found = pause(*silence(seconds), shorter_than_s=2)
    assert (found.belief, [hit.level for hit in found.hits]) == (wanted, [wanted] * (wanted is not NO))


def test_without_a_margin_a_silence_of_just_the_limit_is_neither_longer_nor_shorter():
    assert pause(*silence(10), longer_than_s=10, margin_s=0).belief is NO
    assert pause(*silence(2), shorter_than_s=2, margin_s=0).belief is NO
    assert pause(*silence(1.875), shorter_than_s=2, margin_s=0).belief is YES
    assert pause(*silence(10.125), longer_than_s=10, margin_s=0).belief is YES


def test_a_silence_is_shown_by_its_seconds_and_belongs_to_the_turn_that_ends_it():
    found = pause(*silence(14), longer_than_s=10)
    told = Evidence(None, 2.0, 16.0, "14.0 s", "measure")
    assert [(hit.level, hit.turn, hit.start, hit.end, hit.evidence) for hit in found.hits] == [
        (YES, 1, -1, -1, told)
    ]
    assert (found.hits[0].start_s, found.hits[0].end_s) == (2.0, 16.0)


@pytest.mark.parametrize(
    ("who", "after_who", "wanted"),
    [
        ("either", "either", YES),
        ("agent", "either", YES),
        ("customer", "either", NO),
        ("either", "customer", YES),
        ("either", "agent", NO),
        ("agent", "customer", YES),
        ("agent", "agent", NO),
        ("customer", "agent", NO),
    ],
)
def test_who_ends_a_silence_and_who_spoke_before_it(who, after_who, wanted):
    assert pause(*silence(14), longer_than_s=10, who=who, after_who=after_who).belief is wanted


def test_a_silence_that_somebody_unknown_ends_may_be_the_one():
    assert pause(*silence(14), longer_than_s=10, known=False).belief is YES
    assert pause(*silence(14), longer_than_s=10, who="agent", known=False).belief is LIKELY
    assert pause(*silence(14), longer_than_s=10, after_who="agent", known=False).belief is LIKELY
    assert pause(*silence(10), longer_than_s=10, who="agent", known=False).belief is UNKNOWN


def test_a_call_of_fewer_than_two_turns_has_no_silence():
    assert pause(longer_than_s=1).belief is NO
    assert pause("A@20-22: 您好", longer_than_s=1).belief is NO
    assert pause(longer_than_s=1).hits == ()


def test_an_announcement_ends_a_silence_and_begins_another():
    lines = ("C@0-2: 能查到吗", "S@7-9: 正在为您转接", "A@14-16: 您好")
    assert pause(*lines, longer_than_s=6).belief is NO
    assert [hit.evidence.quote for hit in pause(*lines, longer_than_s=4).hits] == ["5.0 s", "5.0 s"]


def test_turns_over_one_another_leave_no_silence():
    assert pause("A@0-9: 您听我说", "C@3-5: 不用", shorter_than_s=2).belief is NO


@pytest.mark.parametrize(
    ("times", "wanted"),
    [
        ({"at_least": 2}, YES),
        ({"at_least": 3}, NO),
        ({"at_most": 2}, YES),
        ({"at_most": 1}, NO),
        ({"at_least": 4, "per_minute": True}, YES),
        ({"at_least": 4.05, "per_minute": True}, NO),
    ],
)
def test_how_often_it_is_silent(times, wanted):
    lines = ("A@0-2: 请稍等", "A@12-14: 还在查", "A@24-30: 查到了")
    assert pause(*lines, longer_than_s=8, times=times).belief is wanted


def test_where_it_is_silent():
    lines = ("A@0-2: 请稍等", "A@12-14: 查到了", "A@15-17: 明天送到")
    assert pause(*lines, longer_than_s=8, where={"first_turns": 2}).belief is YES
    assert pause(*lines, longer_than_s=8, where={"last_turns": 1}).belief is NO
    assert pause(*lines, longer_than_s=8, who="agent", where={"first_turns": 1}).belief is NO


def overlap(*lines, poor=(), known=True, channel=None, **given):
    one = Overlap.model_validate({"kind": "overlap", "name": "抢", **given})
    return judge_overlap(one, scene(*lines, poor=poor, known=known, channel=channel))


def talked_over(seconds):
    return ("C@0-10: 我想说的是这个事情", f"A@{10 - seconds}-14: 我知道了您听我说")


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [(0, NO), (0.5, NO), (0.75, UNKNOWN), (1, UNKNOWN), (1.25, UNKNOWN), (1.5, YES), (8, YES)],
)
def test_talking_over_the_other_for_longer_than_a_limit(seconds, wanted):
    found = overlap(*talked_over(seconds), longer_than_s=1, margin_s=0.25)
    assert (found.belief, [hit.level for hit in found.hits]) == (wanted, [wanted] * (wanted is not NO))


def test_talking_over_the_other_is_shown_by_the_turn():
    found = overlap(*talked_over(3))
    assert [(hit.turn, hit.start_s, hit.end_s, hit.evidence) for hit in found.hits] == [
        (1, 7.0, 14.0, Evidence(1, 7.0, 14.0, "我知道了您听我说", "measure"))
    ]


def test_an_overlap_ends_where_either_stops():
    assert overlap("C@0-10: 我想说的是这个事情", "A@4-4.25: 您听我说").belief is NO
    assert overlap("C@0-10: 我想说的是这个事情", "A@4-6: 您听我说").belief is YES


def test_whoever_speaks_first_is_not_the_one_who_talks_over():
    lines = ("A@0-10: 您听我说一下好吗", "C@4-12: 我不想再听了")
    assert overlap(*lines).belief is NO
    assert overlap(*lines, who="customer").belief is YES
    assert overlap(*lines, who="either").belief is YES


@pytest.mark.parametrize(("least", "wanted"), [(3, YES), (4, YES), (5, NO)])
def test_short_words_do_not_interrupt(least, wanted):
    lines = ("C@0-10: 我想说的是这个事情", "A@4-6: 您听我说")
    assert overlap(*lines, min_syllables=least).belief is wanted


def test_announcements_are_not_talked_over():
    lines = ("S@0-10: 您的电话正在转接", "C@4-8: 喂有没有人", "A@12-14: 您好请讲")
    assert overlap(*lines, who="customer").belief is NO


def test_nobody_talks_over_what_they_say_themselves():
    lines = ("A@0-10: 您听我说一下好吗", "A@4-8: 我这边查到了", "C@11-13: 你说吧")
    assert overlap(*lines).belief is NO


def test_on_one_channel_nothing_is_known_of_overlaps():
    assert overlap(*talked_over(5), channel=0) == Outcome(UNKNOWN)
    assert overlap(*talked_over(0), channel=1) == Outcome(UNKNOWN)
    assert overlap(*talked_over(5), channel=0, known=False) == Outcome(UNKNOWN)
    assert overlap("?: 您好请讲", "?: 听得到吗") == Outcome(UNKNOWN)


def test_one_who_speaks_alone_talks_over_nobody():
    assert overlap("A@0-3: 您好请讲", "A@4-6: 听得到吗").belief is NO
    assert overlap("C@0-3: 喂有没有人", "C@4-6: 听得到吗", who="customer").belief is NO
    assert overlap().belief is NO


def test_an_overlap_heard_badly_or_of_somebody_unknown_is_not_sure():
    assert overlap(*talked_over(5)).belief is YES
    assert overlap(*talked_over(5), poor=(1,)).belief is LIKELY
    assert overlap(*talked_over(5), known=False).belief is LIKELY
    assert overlap(*talked_over(5), known=False, who="either").belief is YES


def test_turns_that_do_not_overlap_are_no_hits_however_wide_the_margin():
    assert overlap(*talked_over(0), longer_than_s=0.5, margin_s=1).belief is NO
    assert overlap(*talked_over(0.25), longer_than_s=0.5, margin_s=1).belief is UNKNOWN


def test_how_often_one_talks_over_the_other():
    lines = (*talked_over(5), "C@15-25: 我还没有说完呢", "A@20-28: 您先听我说完好吗")
    assert overlap(*lines, times={"at_least": 2}).belief is YES
    assert overlap(*lines, times={"at_least": 3}).belief is NO
    assert overlap(*lines, times={"at_most": 1}).belief is NO


def rate(*lines, poor=(), known=True, **given):
    one = Rate.model_validate({"kind": "speech_rate", "name": "快", **given})
    return judge_rate(one, scene(*lines, poor=poor, known=known))


EIGHT = "我想说的是这个事"


@pytest.mark.parametrize(
    ("limit", "wanted"),
    [
        ({"faster_than": 3.5}, YES),
        ({"faster_than": 3.75}, UNKNOWN),
        ({"faster_than": 4}, UNKNOWN),
        ({"faster_than": 4.25}, UNKNOWN),
        ({"faster_than": 4.5}, NO),
        ({"slower_than": 4.5}, YES),
        ({"slower_than": 4.25}, UNKNOWN),
        ({"slower_than": 4}, UNKNOWN),
        ({"slower_than": 3.75}, UNKNOWN),
        ({"slower_than": 3.5}, NO),
    ],
)
def test_four_syllables_a_second_against_a_limit(limit, wanted):
    assert rate(f"A@0-2: {EIGHT}", margin=0.25, **limit).belief is wanted
    assert rate(f"A@0-2: {EIGHT}", margin=0.25, by="turn", **limit).belief is wanted


def test_without_a_margin_just_the_limit_is_neither_faster_nor_slower():
    assert rate(f"A@0-2: {EIGHT}", faster_than=4, margin=0).belief is NO
    assert rate(f"A@0-2: {EIGHT}", slower_than=4, margin=0).belief is NO
    assert rate(f"A@0-2: {EIGHT}", faster_than=3.9, margin=0).belief is YES


def test_a_speed_too_near_a_limit_is_a_hit_that_can_not_be_told():
    found = rate(f"A@0-2: {EIGHT}", faster_than=4)
    assert [(hit.level, hit.evidence.quote) for hit in found.hits] == [(UNKNOWN, "4.0 字/秒")]
    assert found.absent is None


def test_the_turns_of_a_call_are_taken_together():
    lines = (f"A@0-2: {EIGHT}", "C@2-3: 快快快快快快快快快", f"A@4-10: {EIGHT}")
    found = rate(*lines, faster_than=1)
    told = Evidence(None, 0.0, 10.0, "2.0 字/秒", "measure")
    assert [(hit.level, hit.turn, hit.start, hit.end, hit.evidence) for hit in found.hits] == [
        (YES, None, -1, -1, told)
    ]
    assert found.absent is None
    assert rate(*lines, faster_than=3) == Outcome(NO, (), told)


def test_of_the_turns_one_by_one_those_that_are_too_fast_are_shown():
    lines = (f"A@0-2: {EIGHT}", "C@2-3: 快快快快快快快快快", f"A@4-10: {EIGHT}")
    found = rate(*lines, faster_than=3, by="turn")
    assert (found.belief, [hit.evidence for hit in found.hits]) == (
        YES,
        [Evidence(0, 0.0, 2.0, EIGHT, "measure")],
    )
    assert rate(*lines, slower_than=2, by="turn").hits[0].turn == 2


def test_turns_of_less_than_a_second_say_too_little():
    assert rate(f"A@0-1: {EIGHT}", faster_than=6).belief is YES
    assert rate(f"A@0-0.9: {EIGHT}", faster_than=6) == Outcome(UNKNOWN, no_data=True)
    assert rate(f"A@0-1: {EIGHT}", faster_than=6, by="turn").belief is YES
    assert rate(f"A@0-0.9: {EIGHT}", faster_than=6, by="turn").hits == ()


@pytest.mark.parametrize(("least", "wanted"), [(7, YES), (8, YES), (9, UNKNOWN)])
def test_too_few_syllables_say_nothing_of_the_call(least, wanted):
    found = rate(f"A@0-1: {EIGHT}", faster_than=6, min_syllables=least)
    assert (found.belief, found.no_data) == (wanted, wanted is UNKNOWN)


@pytest.mark.parametrize(("least", "wanted"), [(8, YES), (9, NO)])
def test_turns_of_too_few_syllables_are_left_out(least, wanted):
    lines = (f"A@0-1: {EIGHT}", f"A@2-8: {EIGHT}{EIGHT}")
    assert rate(*lines, faster_than=6, by="turn", min_syllables=least).belief is wanted


def test_without_speech_there_is_no_speed():
    assert rate(faster_than=6) == Outcome(UNKNOWN, no_data=True)
    assert rate(f"C@0-2: {EIGHT}", faster_than=6) == Outcome(UNKNOWN, no_data=True)
    assert rate(faster_than=6, by="turn").hits == ()


def test_a_speed_of_somebody_unknown_is_not_sure():
    assert rate(f"A@0-1: {EIGHT}", faster_than=6, known=False).belief is LIKELY
    assert rate(f"A@0-1: {EIGHT}", faster_than=6, known=False, who="customer").belief is LIKELY
    assert rate(f"A@0-1: {EIGHT}", faster_than=6, known=False, who="either").belief is YES
    assert rate(f"A@0-1: {EIGHT}", faster_than=6, known=False, by="turn").belief is LIKELY
    assert rate(f"A@0-1: {EIGHT}", faster_than=9, known=False).belief is HARDLY
    assert rate(f"A@0-1: {EIGHT}", faster_than=9, known=False, who="either").belief is NO


def test_the_speed_of_a_turn_heard_badly_is_not_sure():
    assert rate(f"A@0-1: {EIGHT}", faster_than=6, by="turn", poor=(0,)).belief is LIKELY


def test_how_often_and_where_one_speaks_too_fast():
    lines = (f"A@0-1: {EIGHT}", f"A@2-3: {EIGHT}", f"A@4-10: {EIGHT}")
    assert rate(*lines, faster_than=6, by="turn", times={"at_least": 2}).belief is YES
    assert rate(*lines, faster_than=6, by="turn", times={"at_least": 3}).belief is NO
    assert rate(*lines, faster_than=6, where={"first_turns": 2}).belief is YES
    assert rate(*lines, faster_than=6, where={"last_turns": 1}).belief is NO
    assert rate(*lines, faster_than=6, by="turn", where={"last_turns": 1}).belief is NO


@pytest.mark.parametrize(
    ("end_s", "wanted", "shown"),
    [
        (13, UNKNOWN, "10.0 s"), (13.75, YES, "10.8 s"), (15.5, YES, "12.0 s"), (40, YES, "12.0 s"),
        (12, NO, None),
    ],
)  # fmt: skip
def test_of_a_silence_the_part_in_the_first_seconds_is_measured(end_s, wanted, shown):
    found = pause("A@0-3: 请讲", f"A@{end_s}-42: 好的", longer_than_s=10, where={"first_s": 15})
    assert (found.belief, [hit.evidence.quote for hit in found.hits]) == (wanted, [shown] if shown else [])


@pytest.mark.parametrize(
    ("start_s", "wanted", "shown"),
    [
        (30, UNKNOWN, "10.0 s"), (29.25, YES, "10.8 s"), (26.5, YES, "13.0 s"), (3, YES, "13.0 s"),
        (31, NO, None),
    ],
)  # fmt: skip
def test_of_a_silence_the_part_in_the_last_seconds_is_measured(start_s, wanted, shown):
    found = pause(f"A@0-{start_s}: 请讲", "A@40-42: 好的", longer_than_s=10, where={"last_s": 15})
    assert (found.belief, [hit.evidence.quote for hit in found.hits]) == (wanted, [shown] if shown else [])


def test_a_silence_outside_the_seconds_is_none_and_a_short_one_is_measured_whole():
    late = ("A@0-3: 请讲", "A@4-16: 好的", "A@40-42: 查到了")
    assert pause(*late, longer_than_s=10, where={"first_s": 15}) == pause(
        *late, longer_than_s=99, where={"first_s": 15}
    )
    assert pause(*late, longer_than_s=0.3, where={"first_s": 2}).belief is NO
    across = ("A@0-14: 请讲", "A@20-22: 好的")
    assert pause(*across, shorter_than_s=2, where={"first_s": 15}).belief is NO


def test_words_after_such_a_silence_lie_after_all_of_it():
    found = pause("A@0-3: 请讲", "A@40-42: 好的", longer_than_s=10, where={"first_s": 15})
    assert [(hit.turn, hit.start_s, hit.end_s) for hit in found.hits] == [(1, 3.0, 40.0)]
    assert found.hits[0].evidence == Evidence(None, 3.0, 15.0, "12.0 s", "measure")
