"""What was said in deleted calls, taken out of everything that machines made of them.

Turns go whole; the index of words, what the audio answered and the first look at a month lose the rows of
these calls; verdicts stay, without the words that showed them. A call whose turns are gone counts in no open
month any more: months are closed before their recordings are deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.messages import QaError
from qa_audit.scoring.batch import FINDINGS
from qa_audit.scoring.reading_parts import READINGS
from qa_audit.store.parts import part_months, part_path, read_part, scan_part, write_part
from qa_audit.transcribe.answer_parts import ANSWERS
from qa_audit.transcribe.job import TURNS
from qa_audit.transcribe.word_search import SPOKEN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

_QUICK = "glance"
"""Kinds of parts that begin so are made again from the others whenever they are missing."""


def forget_words(results: Path, recordings: Collection[str], call_ids: Collection[str]) -> int:
    """Take the words of these recordings (by SHA-256) and calls out of the results; how many had turns.

    May be done again after it was killed: turns go last. Raises `QaError` of `store.parts`.
    """
    turns = _turns_of(results, recordings)
    months = {month for _, month in turns}
    keys = [key for key, _ in turns]
    _without_rows(results, SPOKEN, "key", keys)
    _without_rows(results, ANSWERS, "turns_key", keys)
    _without_evidence(results, call_ids)
    for kind in sorted(one.name for one in results.iterdir() if one.is_dir()) if results.is_dir() else []:
        if kind.startswith(_QUICK):
            _remove(path for month in months for path in (results / kind / month).glob("*.parquet"))
    # Digests of sentences: who guesses one could see that somebody said it. They are made again when scoring.
    _remove((results / READINGS).glob("*/*.parquet") if turns or call_ids else ())
    # Parts set aside as damaged may hold the words, too.
    _remove(path for month in months for path in results.glob(f"*/{month}/*.damaged"))
    _remove(part_path(results, TURNS, month, key) for key, month in turns)
    return len(turns)


def _turns_of(results: Path, recordings: Collection[str]) -> list[tuple[str, str]]:
    """Key and month of the turns of these recordings, by whichever model."""
    wanted, found = set(recordings), []
    if not wanted:
        return found
    for key, month in sorted(part_months(results, TURNS).items()):
        own = scan_part(results, TURNS, month, key).select("sha256").head(1).collect()["sha256"]
        if own.len() and own[0] in wanted:
            found.append((key, month))
    return found


def _without_rows(results: Path, kind: str, column: str, values: Collection[str]) -> None:
    gone = pl.col(column).is_in(list(values))
    for key, month in part_months(results, kind).items() if values else ():
        if not scan_part(results, kind, month, key).filter(gone).head(1).collect().is_empty():
            write_part(read_part(results, kind, month, key).filter(~gone), results, kind, month, key)


def _without_evidence(results: Path, call_ids: Collection[str]) -> None:
    own = pl.col("call_id").is_in(list(call_ids))
    told = own & (pl.col("evidence").list.len() > 0)
    for key, month in part_months(results, FINDINGS).items() if call_ids else ():
        if not scan_part(results, FINDINGS, month, key).filter(told).head(1).collect().is_empty():
            frame = read_part(results, FINDINGS, month, key)
            emptied = pl.when(own).then(pl.lit([], frame.schema["evidence"])).otherwise("evidence")
            write_part(frame.with_columns(evidence=emptied), results, FINDINGS, month, key)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise QaError("store.not_writable", path=path, reason=error.strerror or error) from error
