import json

from hypothesis import given

from qa_audit.audit.actions import from_payload, to_json
from qa_audit.audit.words import joined, parted
from qa_audit.store.salted import words_digest
from tests.audit.made_actions import ACTIONS

FAULT = {"kind": "fault", "fault": "a" * 32, "item": "closing", "should_say": "感谢来电", "comment": ""}


@given(ACTIONS)
def test_what_was_parted_is_joined_again(action):
    payload, words = parted(to_json(action))
    assert all(words.values())
    assert from_payload(joined(json.loads(json.dumps(payload)), words or None)) == action


def test_only_words_lie_apart():
    payload, words = parted(FAULT)
    assert payload == {**FAULT, "should_say": None}
    assert words == {"should_say": "感谢来电"}
    assert joined(payload, None) == {**FAULT, "should_say": "…"}


def test_the_digest_needs_the_salt():
    digests = {words_digest(salt, {"text": "是"}) for salt in ("00" * 16, "01" * 16)}
    assert len(digests) == 2
    assert {len(digest) for digest in digests} == {64}
