"""What people wrote in an event, kept apart from what they decided.

Comments, what should have been said and corrected words may have to be deleted one day; the verdicts and
faults they belong to stay, and so does the chain of events, which holds only a salted digest of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qa_audit.store.salted import ERASED

WORDS: Mapping[str, tuple[str, ...]] = {
    "comment": ("text",),
    "text": ("text",),
    "fault": ("should_say", "comment"),
}
"""Fields with words of a person, by the kind of the event."""


def parted(payload: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The payload with null in place of words, and the words.

    >>> parted({"kind": "comment", "text": "语速偏快"})
    ({'kind': 'comment', 'text': None}, {'text': '语速偏快'})
    >>> parted({"kind": "comment", "text": ""})
    ({'kind': 'comment', 'text': ''}, {})
    """
    words = {name: payload[name] for name in WORDS.get(payload["kind"], ()) if payload[name]}
    return {**payload, **dict.fromkeys(words)}, words


def joined(payload: Mapping[str, Any], words: Mapping[str, str] | None) -> dict[str, Any]:
    """The payload with its words again, or with `ERASED` in their place.

    >>> joined({"kind": "comment", "text": None}, None)
    {'kind': 'comment', 'text': '…'}
    """
    own = WORDS.get(payload["kind"], ())
    found = {name: (words or {}).get(name, ERASED) for name in own if payload[name] is None}
    return {**payload, **found}
