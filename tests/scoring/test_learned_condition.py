"""A detector beside the lists: what it adds, what it leaves alone."""

import numpy as np
import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.call_text import Match, Said
from qa_audit.scoring.conditions.learned import Learned
from qa_audit.scoring.learned.corpus import ITEMS
from qa_audit.scoring.learned.model import Weighed
from qa_audit.transcribe.turns import Turn


class Stub:
    """Calls sentences with 红 a fault, with 黄 uncertain, of blame-shifting only."""

    sha256 = "0" * 64
    items = ITEMS

    def answers(self, sentences, turns=()):
        found = np.full((len(sentences), len(ITEMS)), -1, np.int8)
        found[:, 0] = [1 if "红" in one else 0 if "黄" in one else -1 for one in sentences]
        return found

    def why(self, sentence, item):
        place = max(sentence.find("红"), sentence.find("黄"))
        return [Weighed(place, place + 1, 1.0)]


RUBRIC = load_rubric().with_detector(Stub())


def judged(text, role="agent", confidence=1.0, rubric=RUBRIC):
    turns = [
        Turn("customer", 0.0, 2.0, "我想问一下。", 1.0, 1),
        Turn(role, 2.0, 12.0, text, confidence, int(role == "customer")),
    ]
    return {one.id: one for one in score_call(turns, CallFacts(), rubric).items}["no_blame_shifting"]


def test_a_fault_is_one_with_the_sentence_and_the_words_that_weighed():
    finding = judged("好的。今天红了。再见。")
    assert finding.verdict == "fail"
    assert [(one.turn, one.quote, one.tier) for one in finding.evidence] == [
        (1, "今天红了", "similar"),
        (1, "红", "similar"),
    ]
    assert [(one.start_s, one.end_s) for one in finding.evidence] == [(4.727, 8.364), (6.545, 7.455)]


def test_an_uncertain_sentence_leaves_the_item_to_a_person():
    assert judged("今天黄了。").verdict == "uncertain"


def test_nothing_found_passes():
    assert judged("好的。").verdict == "pass"


@pytest.mark.parametrize("text", ["这不归我们管。今天黄了。", "这不归我们管。"])
def test_a_fault_of_the_lists_stays(text):
    finding = judged(text)
    assert finding.verdict == "fail"
    assert finding.evidence[0].quote == "不归我们管"


def test_what_was_heard_poorly_or_by_an_unknown_speaker_is_uncertain():
    assert judged("今天红了。", confidence=0.1).verdict == "uncertain"
    assert judged("今天红了。", role="unknown").verdict == "uncertain"


def test_the_customers_words_do_not_count():
    assert judged("今天红了。", role="customer").verdict == "not_applicable"


def test_a_rubric_without_detector_asks_none():
    items = tuple(
        item.model_copy(update={"check": item.check.model_copy(update={"detector": ""})})
        if item.check.kind == "banned"
        else item
        for item in RUBRIC.items
    )
    plain = RUBRIC.model_copy(update={"items": items})
    assert judged("今天红了。", rubric=plain).verdict == "pass"
    assert plain.key == plain.with_detector(Stub()).key != RUBRIC.key


def test_a_sentence_that_only_sounds_like_a_banned_phrase_is_a_person_s():
    said, other = Said(0, 0, 5), Said(1, 6, 9)
    found = Learned("no_blame_shifting", None, faults=(said, other), unclear=())
    doubted = found.doubting([Match(0, 2, 5, "pinyin")])
    assert (doubted.faults, doubted.unclear) == ((other,), (said,))
    assert found.doubting([Match(1, 9, 12, "pinyin")]) is found
