"""A name for a file out of what people typed, that every system takes and nobody misreads."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = re.compile(r'[\\/:*?"<>|]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever their ending
(https://learn.microsoft.com/windows/win32/fileio/naming-a-file)."""
MOST_BYTES = 150
"""File systems take 255 bytes, ending and mark of a temporary file included."""


def file_stem(text: str) -> str:
    """`text` as the name of a file without its ending; never empty, `_` for what may not be in one.

    >>> [file_stem(one) for one in ("8001", "../../x", "CON", "a/b:c", "  ", "exe.gpj\\u202e")]
    ['8001', '_.._x', 'CON_', 'a_b_c', '_', 'exe.gpj_']
    """
    # Controls, and signs that turn the direction of writing so that a name looks like another.
    shown = "".join("_" if unicodedata.category(sign) in ("Cc", "Cf", "Cs") else sign for sign in text)
    stem = _UNSAFE.sub("_", shown).encode()[:MOST_BYTES].decode(errors="ignore").strip(". ")
    return f"{stem}_" if _RESERVED.fullmatch(stem) else stem or "_"
