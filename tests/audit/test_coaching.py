from datetime import UTC, datetime

import pytest

from qa_audit.audit.coaching import coachings_of, note_coaching, praise_call, praises_of
from qa_audit.messages import QaError

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
WHEN = datetime(2026, 11, 26, 9)
KNOWN = ("closing", "greeting")


def test_coaching_is_kept_with_whom_what_when_and_by_whom(database):
    noted = note_coaching(
        database, "person:P1", ["greeting", "closing", "greeting"], text=" 练开头语 ", who="班长",
        coached_at=WHEN, known_items=KNOWN, now=NOON,
    )  # fmt: skip
    assert (noted.items, noted.text) == (("greeting", "closing"), "练开头语")
    assert coachings_of(database) == coachings_of(database, "person:P1") == [noted]
    assert coachings_of(database, "person:P2") == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"items": []}, "coaching.no_items"),
        ({"items": ["weather"]}, "audit.unknown_item"),
        ({"text": " "}, "audit.bad_text"),
        ({"who": "\n"}, "audit.no_name"),
    ],
)
def test_what_says_too_little_is_refused(database, change, code):
    given = {"items": ["greeting"], "text": "练", "who": "班长", "coached_at": WHEN, "known_items": KNOWN}
    with pytest.raises(QaError) as error:
        note_coaching(database, "person:P1", **given | change)
    assert error.value.code == code
    assert coachings_of(database) == []


def test_praise_is_kept(database):
    given = praise_call(database, "c1", at_s=20.0, text="安抚得体", who="王芳", now=NOON)
    praise_call(database, "c2", at_s=None, text="耐心", who="王芳", now=NOON)
    assert praises_of(database, ["c1"]) == [given]
    assert [one.call_id for one in praises_of(database)] == ["c1", "c2"]
    with pytest.raises(QaError) as error:
        praise_call(database, "c1", at_s=None, text="", who="王芳")
    assert error.value.code == "audit.bad_text"
