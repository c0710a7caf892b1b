import pytest

from qa_audit.scoring.call_text import CallText, Match, call_texts
from qa_audit.scoring.said import Wording
from qa_audit.scoring.vocabulary import Vocabulary
from qa_audit.scoring.wording import find_all, find_first
from qa_audit.transcribe.turns import Turn


def call_of(*texts, role="agent"):
    return CallText([Turn(role, 3.0 * i, 3.0 * i + 2, text, 0.9) for i, text in enumerate(texts)])


def found(wording, *texts):
    call = call_of(*texts)
    return [(m.turn, call.evidence(m).quote, m.tier) for m in find_all(wording, call, range(len(texts)))]


def test_phrases_patterns_and_misheard_give_their_tiers():
    wording = Wording(phrases=("感谢您的来电",), patterns=("再.{0,1}见",), misheard=("在线",))
    assert found(wording, "感谢你的来电", "再见", "感谢您的莱店", "在建", "感谢您来电", "在线") == [
        (0, "感谢你的来电", "exact"),
        (1, "再见", "regex"),
        (2, "感谢您的莱店", "pinyin"),
        (3, "在建", "pinyin"),
        (4, "感谢您来电", "near"),
        (5, "在线", "near"),
    ]


def test_one_that_runs_into_another_sentence_may_be_left_out_and_hides_none_inside_one():
    wording = Wording(patterns=("不好意思.{0,12}?等我", "能.{0,2}?等我"))
    call = call_of("不好意思，要问主管。您能等我两分钟吗？", "不好意思，能等我吗？")
    assert [call.evidence(one).quote for one in find_all(wording, call, (0, 1))] == [
        "不好意思，要问主管。您能等我",
        "不好意思，能等我",
    ]
    inside = find_all(wording, call, (0, 1), in_a_sentence=True)
    assert [call.evidence(one).quote for one in inside] == ["不好意思，能等我", "能等我"]


def test_tolerance_exact_finds_words_only():
    assert found(Wording(phrases=("再见",), patterns=("稍等",), tolerance="exact"), "在建", "烧等") == []


def test_patterns_may_be_left_out_of_the_tolerance():
    assert found(Wording(patterns=("稍等",), patterns_by_sound=False), "烧等") == []


def test_folded_sounds_count_as_near():
    assert found(Wording(phrases=("女士",), folded=True), "王律师您好") == [(0, "律师", "near")]


def test_exceptions_take_back_what_they_overlap_only():
    wording = Wording(phrases=("不行",), unless=("行不行",), tolerance="exact")
    assert found(wording, "您看行不行", "不行，您看行不行") == [(1, "不行", "exact")]


def test_other_words_that_sound_alike_hold_no_hit_by_sound_but_as_they_are_written():
    wording = Wording(phrases=("赔个不是", "再见"), unlike=("[这那]个不是", "再减.", "再见面"))
    assert found(wording, "这个不是我的", "培个不是", "再减两元", "再减", "再见面", "再间面") == [
        (4, "再见", "exact"),
        (1, "培个不是", "pinyin"),
        (3, "再减", "pinyin"),
        (5, "再间", "pinyin"),
    ]


def test_joined_exceptions_do_not_hide_one_another():
    wording = Wording(phrases=("不知道",), unless=("我也不", "不知道您方便"), tolerance="exact")
    assert found(wording, "我也不知道您方便吗") == []


def test_back_references_work_beside_other_patterns():
    wording = Wording(patterns=("爱(.)不\\1", "(急)什么"), tolerance="exact")
    assert found(wording, "爱买不买", "爱买不要", "急什么") == [
        (0, "爱买不买", "regex"),
        (2, "急什么", "regex"),
    ]


def test_a_negated_set_does_not_run_into_the_next_turn():
    assert found(Wording(patterns=("好[^坏]{1,5}",), tolerance="exact"), "你好", "再见") == []


def test_turns_not_asked_for_are_not_searched():
    assert find_first(Wording(phrases=("再见",)), call_of("再见", "好"), [1]) is None
    assert find_first(Wording(phrases=("再见",)), call_of("再见", "好"), [0, 1]) == Match(0, 0, 2, "exact")


@pytest.mark.parametrize(
    "bad", [{"phrases": ["，"]}, {"patterns": ["(未完"]}, {"tolerance": "lax"}, {"phrase": ["好"]}]
)
def test_a_wording_that_cannot_work_is_refused(bad):
    with pytest.raises(ValueError):  # noqa: PT011 (pydantic's own error, worded by pydantic)
        Wording.model_validate(bad)


def test_an_exception_that_matches_nothing_takes_nothing_back():
    wording = Wording(phrases=("再见",), unless=("吗?$",), tolerance="exact")
    assert found(wording, "好的再见了", "再见") == [(0, "再见", "exact"), (1, "再见", "exact")]


def test_a_wording_of_one_speaker_is_found_wherever_it_is_asked_for():
    wording = Wording(phrases=("再见",))
    turns = [Turn(role, i, i + 1, "再见", 0.9) for i, role in enumerate(("agent", "customer"))]
    (call,) = call_texts([turns], Vocabulary([wording], ["agent"]), roles_known=[True])
    assert [match.turn for match in find_all(wording, call, {0, 1})] == [0, 1]
    assert [match.turn for match in find_all(wording, call, call.customer)] == [1]
    assert find_first(wording, call, call.agent) == Match(0, 0, 2, "exact")
