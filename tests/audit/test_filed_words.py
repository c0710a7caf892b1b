import json

from qa_audit.audit.actions import Fault, GiveVerdict, WriteComment
from qa_audit.audit.events import append
from qa_audit.audit.filed_words import FILED_EVENTS, filed_events, filed_rulings, words_apart
from qa_audit.audit.rulings import rulings_of
from qa_audit.scoring import load_rubric
from qa_audit.store.salted import words_digest

RUBRIC = load_rubric()


def _said(database):
    for action in (
        WriteComment("语速偏快"),
        GiveVerdict("closing", "fail"),
        Fault("a" * 32, "closing", "minor", 1.0, 2.0, "感谢来电", ""),
    ):
        append(database, "c1", "李敏", action, RUBRIC)
    return filed_events(database, ["c1"])


def test_events_are_filed_with_digests_in_place_of_words(database):
    found = _said(database)
    assert found.schema == FILED_EVENTS
    payloads = [json.loads(one) for one in found["payload"]]
    assert (payloads[0]["text"], payloads[2]["should_say"], payloads[2]["comment"]) == (None, None, "")
    assert [one is None for one in found["words_sha256"]] == [False, True, False]
    assert "语速偏快" not in str(found.to_dicts())


def test_the_words_apart_are_those_of_the_digests(database):
    found = _said(database)
    rows = list(words_apart(database, found["uuid"].to_list(), []))
    assert [row["words"] for row in rows] == [{"text": "语速偏快"}, {"should_say": "感谢来电"}]
    digests = dict(zip(found["uuid"], found["words_sha256"], strict=True))
    assert all(words_digest(row["salt"], row["words"]) == digests[row["id"]] for row in rows)


def test_nothing_settled_gives_no_rulings(database):
    assert rulings_of(database, ["c1"]) == []
    assert filed_rulings(database, ["c1"]).is_empty()
