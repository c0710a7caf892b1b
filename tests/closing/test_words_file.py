import json

import pytest

from qa_audit.closing.folder import check_seal, sealed
from qa_audit.closing.words_file import (
    ERASED_FILE,
    WORDS_FILE,
    check_words,
    erased_bytes,
    without_own_words,
    words_bytes,
)
from qa_audit.messages import QaError
from qa_audit.store.salted import words_digest

WORDS, SALT = {"text": "语速偏快"}, "ab" * 16


def _event(uuid, text, digest=None):
    payload = json.dumps({"kind": "comment", "text": text}, ensure_ascii=False)
    return json.dumps({"uuid": uuid, "payload": payload, "words_sha256": digest}, ensure_ascii=False)


APART = {"events.jsonl": _event("e1", None, words_digest(SALT, WORDS)).encode()}
OWN = {
    "events.jsonl": "\n".join((_event("e1", "语速偏快"), _event("e2", "语气好"), _event("e3", "…"))).encode(),
    "rulings.jsonl": '{"ruling_id": 1, "reason": "说了"}\n'.encode(),
}
ROW = {"of": "event", "id": "e1", "salt": SALT, "words": WORDS}


def test_words_beside_the_sealed_files_are_those_of_the_digests():
    check_seal(sealed(APART) | {WORDS_FILE: words_bytes([ROW])})
    for wrong in (ROW | {"words": {"text": "好"}}, ROW | {"id": "e9"}, ROW | {"of": "ruling"}):
        with pytest.raises(QaError) as error:
            check_words(APART | {WORDS_FILE: words_bytes([wrong])})
        assert (error.value.code, error.value.values["file"]) == ("closing.file_changed", WORDS_FILE)
    with pytest.raises(QaError) as error:
        check_words(APART | {WORDS_FILE: b"{"})
    assert error.value.code == "closing.bad_file"


def test_masked_words_have_no_salt():
    masked = words_bytes([ROW], lambda text: "*" * len(text))
    assert json.loads(masked) == {"of": "event", "id": "e1", "words": {"text": "****"}}
    check_words(APART | {WORDS_FILE: masked})


def test_a_version_that_holds_words_is_written_anew_without_those_wanted():
    changed, told = without_own_words(OWN, {"e1"}, set())
    assert told["events.jsonl"]["words"] == 1
    assert (b"\xe8\xaf\xad\xe9\x80\x9f" in changed["events.jsonl"], "rulings.jsonl" in changed) == (
        False,
        False,
    )
    changed, told = without_own_words(OWN)
    assert {name: one["words"] for name, one in told.items()} == {"events.jsonl": 2, "rulings.jsonl": 1}
    assert without_own_words(OWN | changed) == ({}, {})
    assert without_own_words(APART) == ({}, {})


def test_what_was_written_anew_is_accepted_where_it_says_so_and_nothing_else_is():
    whole = sealed(OWN)
    changed, told = without_own_words(OWN)
    erased = erased_bytes(told)
    check_seal(whole | changed | {ERASED_FILE: erased})
    for forged in ({**whole, **changed}, {**whole, "events.jsonl": b"", ERASED_FILE: erased}):
        with pytest.raises(QaError) as error:
            check_seal(forged)
        assert error.value.code == "closing.file_changed"
    with pytest.raises(QaError) as error:
        check_seal({**whole, ERASED_FILE: b"[]"})
    assert error.value.code == "closing.bad_file"
