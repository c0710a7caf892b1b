"""Tickets: a number for each call that follows from a seed, and the seed that nobody could choose.

A call's ticket is a hash of seed and call id, so it depends neither on the order of a file nor on a
generator's state, and anyone can compute it again with `sha256sum`. What is hashed is written with the
length in bytes before each text (`3:abc`), so that no two lists of texts run together into the same bytes.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Iterable

MIN_NONCE_LENGTH = 12
"""Shorter words could be found from their hash by trying."""


@dataclass(frozen=True, slots=True)
class Nonce:
    """Words that one person contributed to a seed."""

    who: str
    words: str


def packed(*texts: str) -> bytes:
    """Texts as bytes that can be read in one way only: each as UTF-8 after its length and a colon.

    >>> packed("ab", "王").decode()
    '2:ab3:王'
    """
    encoded = [text.encode("utf-8") for text in texts]
    return b"".join(b"%d:%b" % (len(text), text) for text in encoded)


def digest(*texts: str) -> str:
    """SHA-256 of `packed(*texts)`: 64 hexadecimal digits.

    >>> digest("a") == hashlib.sha256(b"1:a").hexdigest()
    True
    """
    return hashlib.sha256(packed(*texts)).hexdigest()


def ticket(seed: str, call_id: str) -> str:
    """The ticket of a call, 64 hexadecimal digits: u = ticket / 2^256 is uniform on [0, 1).

    Tickets of the same length compare as the numbers do, so they are kept and sorted as text.
    """
    return digest(seed, call_id)


def commitment(month: str, who: str, words: str) -> str:
    """What a person shows before the frame is frozen: a hash of month, name and words.

    Raises `QaError` `sampling.short_nonce`.
    """
    if len(words.strip()) < MIN_NONCE_LENGTH:
        raise QaError("sampling.short_nonce", who=who, got=len(words.strip()), least=MIN_NONCE_LENGTH)
    return digest(month, who, words)


def seed_of(frame_sha256: str, nonces: Iterable[Nonce]) -> str:
    """The seed: hash of the frozen frame's hash and of everyone's words, in order of the names.

    >>> seed_of("f00d", [Nonce("王", "late"), Nonce("李", "early")]) == digest("f00d", "early", "late")
    True
    """
    ordered = sorted(nonces, key=lambda nonce: nonce.who)
    return digest(frame_sha256, *(nonce.words for nonce in ordered))


def new_words() -> str:
    """Words that nobody can guess: 32 hexadecimal digits from the system's source of randomness."""
    return secrets.token_hex(16)
