from hypothesis import given
from hypothesis import strategies as st

from qa_audit.scoring.call_text import CallText, Match, call_texts
from qa_audit.scoring.said import Clauses
from qa_audit.scoring.verdicts import Evidence
from qa_audit.scoring.vocabulary import Vocabulary, wording_of_clauses
from qa_audit.transcribe.turns import Turn


def test_turns_are_lines_and_places_go_back_to_turns():
    call = CallText(
        [
            Turn("agent", 0, 2, "您好,", 0.9),
            Turn("system", 2, 3, "嘟", 0.9),
            Turn("customer", 3, 4, "喂?", 0.9),
        ]
    )
    assert call.text == "您好\n嘟\n喂"
    assert call.plain == "你好\n嘟\n喂"
    assert [call.turn_at(place) for place in (0, 1, 3, 5)] == [0, 0, 1, 2]
    assert (call.agent, call.customer, call.unknown, call.speech) == ((0,), (2,), (), (0, 2))


def test_evidence_quotes_the_turn_and_interpolates_seconds():
    call = CallText([Turn("agent", 10.0, 20.0, "好的，不归我们管。", 0.9)])
    assert call.evidence(Match(0, 2, 7, "exact")) == Evidence(0, 13.333, 18.889, "不归我们管", "exact")


def test_evidence_is_where_its_characters_are_said():
    times = (10_000, 10_200, 10_400, 16_000, 16_500, 17_000, 17_500, 18_000, 18_500)
    call = CallText([Turn("agent", 10.0, 20.0, "好的，不归我们管。", 0.9, char_start_ms=times)])
    assert call.evidence(Match(0, 2, 6, "exact")) == Evidence(0, 16.0, 18.0, "不归我们", "exact")
    assert (call.seconds(0, 2), call.seconds(0, 7)) == (16.0, 20.0)


def test_roles_that_are_not_known_become_unknown_but_announcements_stay():
    call = CallText(
        [Turn("agent", 0, 1, "您好", 0.9), Turn("system", 1, 2, "您的通话将被录音", 0.9)], roles_known=False
    )
    assert call.roles == ("unknown", "system")
    assert not call.roles_known


def test_absence_says_where_it_looked():
    call = CallText(
        [Turn("agent", 1, 2, "好", 0.9), Turn("customer", 3, 4, "嗯嘛", 0.9), Turn("agent", 5, 6, "行", 0.9)]
    )
    assert call.absence((0, 2), "再见") == Evidence(0, 1, 6, "再见", "absence")
    assert call.absence((), "再见") == Evidence(None, 0.0, 0.0, "再见", "absence")


@given(st.lists(st.text("您你好，再见 100%", max_size=12), max_size=6), st.data())
def test_every_span_of_a_turn_gives_evidence_inside_it(texts, data):
    call = CallText([Turn("agent", 2.0 * i, 2.0 * i + 1, text, 0.9) for i, text in enumerate(texts)])
    for turn in call.agent:
        first, last = call.bounds(turn)
        start = data.draw(st.integers(first, last - 1))
        end = data.draw(st.integers(start + 1, last))
        evidence = call.evidence(Match(turn, start, end, "exact"))
        assert evidence.quote in texts[turn]
        assert evidence.quote
        assert call.turns[turn].start_s <= evidence.start_s <= evidence.end_s <= call.turns[turn].end_s


def test_a_place_lies_in_its_sentence_else_in_its_turn():
    turns = ("customer", "喂。"), ("agent", "您好。请稍等！"), ("agent", "好的")
    call = CallText([Turn(role, i, i + 1, text, 0.9) for i, (role, text) in enumerate(turns)])
    assert call.text == "喂\n您好请稍等\n好的"
    places = [(0, 0), (1, 2), (1, 3), (1, 4), (1, 6), (2, 8), (2, 9)]
    assert [call.sentence_at(*place) for place in places] == [
        (0, 1),
        (2, 4),
        (2, 4),
        (4, 7),
        (4, 7),
        (8, 10),
        (8, 10),
    ]


@given(st.lists(st.text("您好，。？ 1０A", max_size=12), max_size=6))
def test_the_sentence_of_a_place_is_the_one_that_a_scan_of_all_finds(texts):
    call = CallText([Turn("agent", i, i + 1, text, 0.9) for i, text in enumerate(texts)])
    for place in range(len(call.text)):
        turn = call.turn_at(place)
        spans = [(one.start, one.end) for one in call.maybe_agent_sentences if one.start <= place < one.end]
        assert call.sentence_at(turn, place) == (spans or [call.bounds(turn)])[0]


def test_clauses_at_places_are_those_that_a_look_at_every_clause_finds():
    turns = [
        Turn("agent", 0, 1, "好的，打开设置。您报一下，谢谢", 0.9),
        Turn("customer", 1, 2, "打开，设置", 0.9),
        Turn("agent", 2, 3, "打开 那个吧", 0.9),
    ]
    call = CallText(turns)
    for place in range(-1, len(call.text) + 1):
        each = [one for one in call.maybe_agent_clauses if one.start <= place < one.end]
        assert call.agent_clauses_at([place, place]) == each
    assert call.agent_clauses_at(range(len(call.text), -1, -1)) == list(call.maybe_agent_clauses)


def test_clauses_with_the_words_of_a_pattern_are_the_agents_alone():
    clauses = Clauses(patterns=("打开.{1,4}", "报一下"))
    wording = wording_of_clauses(clauses)
    turns = [
        Turn("agent", 0, 1, "好的，打开设置。您报一下，谢谢", 0.9),
        Turn("customer", 1, 2, "打开设置", 0.9),
        Turn("agent", 2, 3, "打开那个吧", 0.9),
    ]
    (call,) = call_texts([turns], Vocabulary([wording], ["agent"], [wording]), roles_known=[True])
    found = [call.text[one.start : one.end] for one in call.agent_clauses_with(wording)]
    assert found == ["打开设置", "您报一下", "打开那个吧"]
    alone = CallText(turns)
    assert alone.agent_clauses_with(wording) == alone.maybe_agent_clauses
