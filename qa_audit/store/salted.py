"""Words of a person kept apart from the row they belong to, which holds a salted digest of them for good."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from qa_audit.store.chain import row_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

ERASED = "…"
"""What stands where words were deleted; for the rubric it is no word."""


def new_salt() -> str:
    """128 random bits, as 32 hexadecimal digits: without them nobody can try out which words were there."""
    return secrets.token_hex(16)


def words_digest(salt: str, words: Mapping[str, Any]) -> str:
    """What the row keeps of its words for good."""
    return row_digest({"salt": salt, "words": dict(words)})
