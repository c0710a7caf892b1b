"""The quick search against a plain one: every phrase and pattern over the whole call, without any index."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.scoring import load_rubric
from qa_audit.scoring.call_text import CallText, Match, call_texts
from qa_audit.scoring.ready import make_ready
from qa_audit.scoring.rubric_test import example_turns, examples_of
from qa_audit.scoring.said import Wording
from qa_audit.scoring.vocabulary import Vocabulary, vocabulary_of, wordings_of
from qa_audit.scoring.wording import SURE_TIERS, find_all, find_first, find_in_tiers
from qa_audit.text.phrases import phrase, phrase_forms
from qa_audit.text.pinyin import readings
from qa_audit.text.search import spans
from qa_audit.transcribe.turns import Turn

ROOT = Path(__file__).parents[2]
RUBRIC = load_rubric()
WORDINGS = [one for one in wordings_of(RUBRIC) if not one.empty]


def plain_find_all(wording, call, turns):
    ready = make_ready(wording)
    found = []
    hits = [
        span
        for one in wording.phrases
        for form in phrase_forms(one)
        for span in spans(form, call.plain, call.spelt, wording.tolerance)
    ]

    def matches(patterns, text, tier):
        for quick in patterns:
            for match in quick.pattern.finditer(text):
                if match.end() > match.start():
                    yield match.start(), match.end(), tier

    places = [
        *(span for span in hits if span.tier == "exact"),
        *matches(ready.patterns, call.plain, "regex"),
        *(span for span in hits if span.tier == "pinyin"),
        *matches(ready.by_sound, call.spelt, "pinyin"),
        *(span for span in hits if span.tier == "near"),
        *(
            (start, end, "near")
            for one in wording.misheard
            for start, end, _ in spans(phrase(one), call.plain, call.spelt, "exact")
        ),
        *matches(ready.folded, call.folded.text, "near"),
    ]
    for start, end, tier in places:
        turn = call.turn_at(start)
        if any(start < one.end and one.start < end for one in found) or call.turn_at(end - 1) != turn:
            continue
        match = Match(turn, start, end, tier)
        forms = [(ready.unless, call.plain)]
        if tier not in SURE_TIERS:
            forms += [(ready.unless_by_sound, call.spelt), (ready.unlike, call.plain)]
        if turn in turns and not any(
            taken(quick.pattern, text, call, match) for patterns, text in forms for quick in patterns
        ):
            found.append(match)
    return found


def taken(pattern, text, call, match):
    first, last = call.bounds(match.turn)
    place, line = 0, text[first:last]
    while place <= len(line) and (other := pattern.search(line, place)):
        if other.start() < match.end - first and match.start - first < other.end():
            return True
        place = other.start() + 1
    return False


def misheard(text, chance, homophones):
    characters = list(text)
    for _ in range(chance.choice((0, 0, 1, 2))):
        if characters:
            place = chance.randrange(len(characters))
            alike = homophones.get(readings(characters[place])[:1], "嗯")
            characters[place] = chance.choice(("", chance.choice(alike), chance.choice(alike), "100%"))
    return "".join(characters)


def composed_calls(count):
    """Calls of the labelled words, the rubric's examples and its phrases, some misheard."""
    rows = [
        row
        for folder in ("recordings_sample", "benchmarks/calls")
        for row in json.loads((ROOT / folder / "labels.json").read_text("utf-8"))
    ]
    texts = [turn["text"] for row in rows for turn in row["truth"]]
    texts += [turn.text for *_, one in examples_of(RUBRIC) for turn in example_turns(one.turns)]
    texts += [one for wording in WORDINGS for one in (*wording.phrases, *wording.misheard)]
    homophones = {}
    for character in sorted(set("".join(texts))):
        homophones.setdefault(readings(character)[:1], []).append(character)
    chance = random.Random(4)
    roles = ("agent", "customer", "agent", "customer", "system", "unknown")
    for _ in range(count):
        said = [misheard(text, chance, homophones) for text in chance.sample(texts, 30)]
        yield [Turn(chance.choice(roles), 2.0 * i, 2.0 * i + 1.9, text, 0.9) for i, text in enumerate(said)]


def test_every_wording_of_the_rubric_finds_what_a_plain_search_finds():
    calls = list(composed_calls(25))
    texts = call_texts(calls, vocabulary_of(RUBRIC), roles_known=[True] * len(calls))
    places = 0
    for call in texts:
        for turns in (call.maybe_agent, call.customer):
            for wording in WORDINGS:
                plain = plain_find_all(wording, call, set(turns))
                assert find_all(wording, call, turns) == plain, wording
                assert find_first(wording, call, turns) == (plain[0] if plain else None)
                sure = [match for match in plain if match.tier in SURE_TIERS]
                assert find_in_tiers(wording, call, turns, SURE_TIERS) == sure
                places += len(plain)
    assert places > 500


PIECES = st.text("您你好再见谢在建号一二三", min_size=1, max_size=5) | st.sampled_from(
    ["24小时内回复", "请二十四小时", "10分钟", "两天", "1-3个", "10086"]
)
PATTERNS = st.one_of(
    PIECES.map(re.escape),
    st.builds(lambda a, b: f"{a}.{{0,2}}({b}|好)", PIECES, PIECES),
    st.builds(lambda a, b: f"({a}|{b})[^好]", PIECES, PIECES),
    st.sampled_from(["^.{0,1}好", "[一二]{2,}", "(.)\\1", "好$", "(?<!再)见", "再?见?", "你\\s?", "(?i)a"]),
)
ANY_WORDING = st.builds(
    Wording,
    phrases=st.lists(PIECES, max_size=3).map(tuple),
    patterns=st.lists(PATTERNS, max_size=3).map(tuple),
    misheard=st.lists(PIECES, max_size=2).map(tuple),
    unless=st.lists(PATTERNS, max_size=2).map(tuple),
    unlike=st.lists(PATTERNS, max_size=2).map(tuple),
    tolerance=st.sampled_from(["exact", "pinyin", "near"]),
    patterns_by_sound=st.booleans(),
    folded=st.booleans(),
)
SAID = st.sampled_from(
    [
        "24小时",
        "内回复",
        "请25小时内回复",
        "二十四小时",
        "百",
        "零",
        "十分钟",
        "2天",
        "一到三个",
        "1008610086",
    ]
)
TEXTS = st.lists(
    st.text("您你好再见谢在建号一二三，%1呃", max_size=12) | st.lists(SAID, max_size=4).map("".join),
    max_size=5,
)


@settings(deadline=None)
@given(st.lists(ANY_WORDING, min_size=1, max_size=3), TEXTS, st.data())
def test_any_wording_finds_what_a_plain_search_finds(wordings, texts, data):
    turns = [Turn("agent", 2.0 * i, 2.0 * i + 1, text, 0.9) for i, text in enumerate(texts)]
    allowed = set(data.draw(st.lists(st.integers(0, 4), max_size=5)))
    other = [Turn("agent", 0, 1, "再见，你好", 0.9)]
    calls = call_texts([other, turns, [], turns], Vocabulary(wordings), roles_known=[True] * 4)
    for wording in wordings:
        plain = plain_find_all(wording, calls[1], allowed)
        assert find_all(wording, calls[1], allowed) == plain
        assert find_all(wording, calls[3], allowed) == plain
        assert find_all(wording, CallText(turns), allowed) == plain


@pytest.mark.parametrize("wording", [Wording(), Wording(phrases=("再见",), patterns=(".*",))])
def test_a_call_without_turns_holds_nothing(wording):
    assert find_all(wording, CallText([]), {0}) == []
