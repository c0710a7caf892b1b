"""The words that belong to a closed month, in a file beside the sealed ones, and what was deleted of them.

| file, not sealed | what |
|---|---|
| `words.jsonl` | words of events and rulings while they are there, with the salts of their digests |
| `erased.json` | files of a version closed before words lay apart that were written anew without some |
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import TYPE_CHECKING, Any

from qa_audit.audit.filed_words import without_words
from qa_audit.messages import QaError
from qa_audit.store.salted import ERASED, words_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

WORDS_FILE, ERASED_FILE = "words.jsonl", "erased.json"
UNSEALED = frozenset({WORDS_FILE, ERASED_FILE})
EVENTS_FILE, RULINGS_FILE = "events.jsonl", "rulings.jsonl"


def words_bytes(rows: Iterable[Mapping[str, Any]], mask: Callable[[str], str] | None = None) -> bytes:
    """`WORDS_FILE` of rows of `audit.filed_words.words_apart`; masked ones prove nothing and have no salt."""
    kept = rows if mask is None else (_masked(row, mask) for row in rows)
    written = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in kept)
    return "".join(f"{line}\n" for line in written).encode()


def check_words(files: Mapping[str, bytes]) -> None:
    """Refuse words that are not those whose digests were sealed.

    Raises `QaError` `closing.file_changed`, `closing.bad_file`, each naming the file.
    """
    if WORDS_FILE not in files:
        return
    try:
        sealed = {("event", row["uuid"]): row.get("words_sha256") for row in _rows(files, EVENTS_FILE)}
        sealed |= {
            ("ruling", row["ruling_id"]): row.get("words_sha256") for row in _rows(files, RULINGS_FILE)
        }
        right = all(
            (row["of"], row["id"]) in sealed
            and (
                row.get("salt") is None
                or words_digest(row["salt"], row["words"]) == sealed[row["of"], row["id"]]
            )
            for row in _rows(files, WORDS_FILE)
        )
    except (ValueError, KeyError, TypeError) as error:
        raise QaError("closing.bad_file", file=WORDS_FILE, reason=error) from error
    if not right:
        raise QaError("closing.file_changed", file=WORDS_FILE)


def replaced_hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of the files that were written anew, by name. Raises `QaError` `closing.bad_file`."""
    if ERASED_FILE not in files:
        return {}
    try:
        return {name: told["sha256"] for name, told in json.loads(files[ERASED_FILE])["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QaError("closing.bad_file", file=ERASED_FILE, reason=error) from error


def erased_bytes(told: Mapping[str, Mapping[str, Any]], **why: Any) -> bytes:
    """`ERASED_FILE`; `told` is `sha256` and how many `words` went, by name of the file."""
    return json.dumps({"files": told, **why}, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def without_own_words(
    files: Mapping[str, bytes],
    uuids: Collection[str] | None = None,
    ruling_ids: Collection[int] | None = None,
) -> tuple[dict[str, bytes], dict[str, dict[str, Any]]]:
    """Events and rulings without the words that they hold themselves (of these only, unless None).

    The files that are others then, and `sha256` and number of `words` of each. A version that holds no words
    gives none.
    """
    changed, told = {}, {}
    for name, emptied in (
        (EVENTS_FILE, partial(_event_emptied, wanted=uuids)),
        (RULINGS_FILE, partial(_ruling_emptied, wanted=ruling_ids)),
    ):
        count, lines = 0, []
        for line in files.get(name, b"").splitlines(keepends=True):
            left = emptied(json.loads(line))
            count += left is not None
            lines.append(line if left is None else _line(left))
        if count:
            changed[name] = b"".join(lines)
            told[name] = {"sha256": hashlib.sha256(changed[name]).hexdigest(), "words": count}
    return changed, told


def _event_emptied(row: dict[str, Any], wanted: Collection[str] | None) -> dict[str, Any] | None:
    if wanted is not None and row["uuid"] not in wanted:
        return None
    payload, had = without_words(row["payload"])
    return {**row, "payload": payload} if had else None


def _ruling_emptied(row: dict[str, Any], wanted: Collection[int] | None) -> dict[str, Any] | None:
    if row["reason"] in ("", ERASED) or (wanted is not None and row["ruling_id"] not in wanted):
        return None
    return {**row, "reason": ""}


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _masked(row: Mapping[str, Any], mask: Callable[[str], str]) -> dict[str, Any]:
    words = {name: mask(text) for name, text in row["words"].items()}
    return {"of": row["of"], "id": row["id"], "words": words}


def _rows(files: Mapping[str, bytes], name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files.get(name, b"").splitlines()]
