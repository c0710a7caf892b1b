"""Parquet parts of what machines derive: `folder/kind/2026-10/<key>.parquet`.

A part can be made again from its sources, so a damaged one is set aside and made again instead of
stopping the month. The key names what the part was made from (a hash of audio, model, settings).

A part that may not be read is not damaged, and no month is figured without it: all that reads parts raises
`QaError` `store.part_unread` then, and leaves it where it is.
"""

from __future__ import annotations

import errno
import io
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from qa_audit.messages import QaError
from qa_audit.store.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

UNDATED = "undated"
"""The month folder of calls whose start is not known."""

_KIND = re.compile(r"[a-z][a-z0-9_]*")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])|" + UNDATED)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_ENDING = ".parquet"
_PATH = "path of the part"
_MAGIC = b"PAR1"
_LEAST_BYTES = 12  # both magic words and the footer's length
_NOT_ITS_FAULT = {errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
"""Why a whole part may not be read now: rights, or what the process has too little of."""
_SYSTEM_ERROR = re.compile(r"os error (\d+)")
"""How Polars tells the system's error."""


def part_path(folder: str | Path, kind: str, month: str, key: str) -> Path:
    """Where a part lies. `month` is "2026-10" or "undated"; names that could leave the folder are refused.

    >>> part_path("results", "turns", "2026-10", "ab12").as_posix()
    'results/turns/2026-10/ab12.parquet'

    Raises `QaError` `store.part_name`.
    """
    for name, pattern in ((kind, _KIND), (month, _MONTH), (key, _KEY)):
        if not pattern.fullmatch(name):
            raise QaError("store.part_name", name=name, allowed=pattern.pattern)
    return Path(folder) / kind / month / f"{key}.parquet"


def write_part(frame: pl.DataFrame, folder: str | Path, kind: str, month: str, key: str) -> Path:
    """Write `frame` as one part, whole or not at all, in place of an earlier one with the same key.

    Raises `QaError` `store.disk_full`, `store.not_writable`, `store.write_failed`.
    """
    path = part_path(folder, kind, month, key)
    # Encoded in memory first: Polars hides the system's error number, which tells a full disk.
    encoded = io.BytesIO()
    frame.write_parquet(encoded)
    write_bytes(path, encoded.getvalue())
    return path


def has_part(folder: str | Path, kind: str, month: str, key: str) -> bool:
    """Whether a part is there and whole at both ends; a torn one counts as missing and is made again."""
    return _looks_whole(part_path(folder, kind, month, key))


def read_part(folder: str | Path, kind: str, month: str, key: str) -> pl.DataFrame:
    """One part as a frame.

    Raises `QaError` `store.no_part` when there is none, and `store.damaged_part` when it cannot be
    read; the damaged file is then set aside as `.damaged`, so that the next run makes it again.
    """
    path = part_path(folder, kind, month, key)
    frame = _try_read(path)
    if frame is None:
        raise QaError("store.damaged_part" if _set_aside(path) else "store.no_part", path=path)
    return frame


class Parts(NamedTuple):
    """Many parts read at once."""

    frame: pl.DataFrame
    """Their rows, one part after another."""
    heights: list[int]
    """Rows of each part asked for; 0 where there is none, or only a damaged one."""


def read_parts(
    folder: str | Path, kind: str, places: Sequence[tuple[str, str]], schema: pl.Schema, *, same: str = ""
) -> Parts:
    """Many parts, each given by month and key and no two the same, in columns of `schema`.

    `same` may name a column that holds the same on every row of a part and mostly another in the next part:
    then the parts are told apart by it, which is quicker than by their paths.

    Reading small files together takes less than half the time. A part that cannot be read is set aside as
    `read_part` does it.
    """
    paths = [part_path(folder, kind, month, key) for month, key in places]
    try:
        if same:
            # Small files that Polars opens itself take a third longer.
            frame = _scan([path.read_bytes() for path in paths], schema).collect()
            heights = frame[same].rle().struct["len"].to_list()
            if len(heights) == len(paths):
                return Parts(frame, heights)
        frame = _scan(paths, schema, include_file_paths=_PATH).collect()
    except (pl.exceptions.PolarsError, OSError):
        return _read_one_by_one(paths, schema)
    runs = frame[_PATH].rle()
    heights = dict(zip(runs.struct["value"].to_list(), runs.struct["len"].to_list(), strict=True))
    return Parts(frame.drop(_PATH), [heights.get(str(path), 0) for path in paths])


def _read_one_by_one(paths: Sequence[Path], schema: pl.Schema) -> Parts:
    frames = []
    for path in paths:
        try:
            frames.append(_scan([path], schema).collect())
        except (pl.exceptions.PolarsError, OSError) as error:
            _refuse_unread(path, error)
            _set_aside(path)
            frames.append(pl.DataFrame(schema=schema))
    return Parts(pl.concat([pl.DataFrame(schema=schema), *frames]), [frame.height for frame in frames])


def scan_parts(
    folder: str | Path,
    kind: str,
    months: Iterable[str] | None = None,
    *,
    keys: Iterable[str] | None = None,
    schema: pl.Schema | None = None,
) -> pl.LazyFrame:
    """All parts of a kind, lazily, in order of month and key; `months` and `keys` limit which.

    Torn parts are left out (they have no readable end); `check_parts` finds damage inside. With a
    `schema`, columns a part lacks are null, columns it has besides are dropped, and no part at all
    gives an empty frame of that schema.
    """
    wanted = None if keys is None else set(keys)
    paths = [
        path
        for path in _paths(Path(folder), kind, months)
        if (wanted is None or path.stem in wanted) and _looks_whole(path)
    ]
    if not paths:
        return pl.LazyFrame(schema=schema)
    if schema is None:
        return pl.scan_parquet(paths, hive_partitioning=False)
    return _scan(paths, schema)


def _scan(
    sources: Sequence[Path] | Sequence[bytes], schema: pl.Schema, *, include_file_paths: str | None = None
) -> pl.LazyFrame:
    """Parts given by their paths, or by what the files hold."""
    return pl.scan_parquet(
        list[Any](sources),
        schema=schema,
        missing_columns="insert",
        extra_columns="ignore",
        hive_partitioning=False,
        include_file_paths=include_file_paths,
    )


def scan_part(folder: str | Path, kind: str, month: str, key: str) -> pl.LazyFrame:
    """One part, lazily: only what a query asks for is read.

    Raises `QaError` `store.no_part` when there is none, or only a torn one.
    """
    path = part_path(folder, kind, month, key)
    if not _looks_whole(path):
        raise QaError("store.no_part", path=path)
    return pl.scan_parquet(path, hive_partitioning=False)


def changed_ns(folder: str | Path, kind: str, month: str) -> int:
    """When a part of a kind and month last came or went, in ns since 1970; 0 where there never was one."""
    path = part_path(folder, kind, month, "any").parent
    try:
        return path.stat().st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return 0


def keep_only(folder: str | Path, kind: str, month: str, key: str) -> None:
    """Remove all other parts of a kind and month: for what is kept only to be quicker.

    Raises `QaError` `store.not_writable`.
    """
    kept = part_path(folder, kind, month, key)
    for _, other, path in list(_found(Path(folder), kind, [month])):
        if other != kept.stem:
            try:
                Path(path).unlink(missing_ok=True)
            except OSError as error:
                raise QaError("store.not_writable", path=path, reason=error.strerror or error) from error


def part_keys(folder: str | Path, kind: str, months: Iterable[str] | None = None) -> set[str]:
    """Keys of the whole parts of a kind: one walk instead of `has_part` for each."""
    return {key for _, key, path in _found(Path(folder), kind, months) if _looks_whole(path)}


def collect_parts(
    folder: str | Path,
    kind: str,
    months: Iterable[str] | None,
    schema: pl.Schema,
    *,
    where: pl.Expr | None = None,
) -> pl.DataFrame:
    """All parts of a kind as one frame, or the rows `where` something holds.

    Parts damaged inside are set aside first, to be made again.
    """
    rows = pl.lit(value=True) if where is None else where
    try:
        return scan_parts(folder, kind, months, schema=schema).filter(rows).collect()
    except (pl.exceptions.PolarsError, OSError):
        check_parts(folder, kind)
        return scan_parts(folder, kind, months, schema=schema).filter(rows).collect()


def part_months(folder: str | Path, kind: str) -> dict[str, str]:
    """Month folder of every whole part of a kind, by key (the latest month, if a key lies in several)."""
    return {key: month for month, key, path in _found(Path(folder), kind, None) if _looks_whole(path)}


def listed_keys(folder: str | Path, kind: str) -> set[str]:
    """Like `part_keys` by the files' names alone: no file is opened, so a torn part counts as there."""
    root = Path(folder) / kind
    months = [child for child in root.iterdir() if child.is_dir()] if root.is_dir() else []
    cut = len(_ENDING)
    return {
        name[:-cut]
        for month in months
        if _MONTH.fullmatch(month.name)
        for name in os.listdir(month)  # noqa: PTH208 - paths take ten times as long
        if name.endswith(_ENDING) and name[0] != "."
    }


def check_parts(folder: str | Path, kind: str) -> list[Path]:
    """Read every part of a kind to its end and set aside the damaged ones; their former paths."""
    return [path for path in _paths(Path(folder), kind, None) if _try_read(path) is None and _set_aside(path)]


def set_aside_incomplete(folder: str | Path, kind: str, needed: str, optional: str) -> int:
    """Set aside the parts of `kind` that lost what was written with them under the same key; how many.

    A part of `needed` is there with each of them, one of `optional` not always: it is lost where it is torn,
    or was set aside as damaged. What says that something is done must not outlive what was done.
    """
    count = 0
    for month, key, path in list(_found(Path(folder), kind, None)):
        always, maybe = (part_path(folder, one, month, key) for one in (needed, optional))
        damaged = _damaged_name(maybe)
        if _looks_whole(always) and (_looks_whole(maybe) or not (maybe.exists() or damaged.exists())):
            continue
        count += _set_aside(Path(path))
        _set_aside(always)
        with suppress(OSError):
            for gone in (maybe, damaged):
                gone.unlink(missing_ok=True)
    return count


class PartsSeen(NamedTuple):
    """Parts of all kinds, as `survey_parts` finds them."""

    number: int
    damaged: list[Path]
    """Those that can't be read to their end."""
    unread: list[QaError]
    """Why others, or folders of them, may not be read; it is not known how these are."""


def survey_parts(folder: str | Path) -> PartsSeen:
    """Read every part of all kinds; changes nothing."""
    paths, unread = _of_all_kinds(Path(folder))
    damaged = []
    for path in paths:
        try:
            if _try_read(path) is None:
                damaged.append(path)
        except QaError as error:
            unread.append(error)
    return PartsSeen(len(paths), damaged, unread)


def _of_all_kinds(root: Path) -> tuple[list[Path], list[QaError]]:
    """Parts of all kinds, and why those of some month may not be listed."""
    paths, faults = [], []
    kinds = sorted(one.name for one in root.iterdir() if one.is_dir()) if root.is_dir() else []
    for kind in filter(_KIND.fullmatch, kinds):
        try:
            for month in _months(root, kind):
                try:
                    paths += _paths(root, kind, [month])
                except QaError as error:
                    faults.append(error)
        except QaError as error:
            faults.append(error)
    return paths, faults


def _paths(folder: Path, kind: str, months: Iterable[str] | None) -> Iterator[Path]:
    return (Path(path) for _, _, path in _found(folder, kind, months))


def _found(folder: Path, kind: str, months: Iterable[str] | None) -> Iterator[tuple[str, str, str]]:
    """(month, key, path) of every part in order; there may be tens of thousands, so plain strings."""
    root = folder / kind
    for month in _months(folder, kind) if months is None else sorted(set(months)):
        try:
            names = sorted(os.listdir(root / month))  # noqa: PTH208 - paths take ten times as long
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            _refuse_unread(root / month, error)
            raise
        for name in names:
            if name.endswith(_ENDING) and not name.startswith("."):
                yield month, name.removesuffix(_ENDING), f"{root}/{month}/{name}"


def _months(folder: Path, kind: str) -> list[str]:
    """Months of which a kind has a folder, in order."""
    root = folder / kind
    try:
        found = [child.name for child in root.iterdir() if child.is_dir()] if root.is_dir() else []
    except OSError as error:
        _refuse_unread(root, error)
        raise
    return sorted(name for name in found if _MONTH.fullmatch(name))


def _looks_whole(path: str | Path) -> bool:
    try:
        file = os.open(path, os.O_RDONLY)
        try:
            size = os.fstat(file).st_size
            if size < _LEAST_BYTES or os.read(file, 4) != _MAGIC:
                return False
            tail = os.pread(file, 8, size - 8)
        finally:
            os.close(file)
    except OSError as error:
        _refuse_unread(path, error)
        return False
    return tail[4:] == _MAGIC and int.from_bytes(tail[:4], "little") <= size - _LEAST_BYTES


def _try_read(path: Path) -> pl.DataFrame | None:
    if not _looks_whole(path):
        return None
    try:
        return pl.read_parquet(path, hive_partitioning=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        _refuse_unread(path, error)
        return None


def _refuse_unread(path: str | Path, error: Exception) -> None:
    """Raise `QaError` `store.part_unread` for an error that says nothing of the part itself."""
    told = _SYSTEM_ERROR.search(str(error))
    number = getattr(error, "errno", None) or (int(told[1]) if told else None)
    if number in _NOT_ITS_FAULT:
        raise QaError("store.part_unread", path=path, reason=os.strerror(number)) from error


def _set_aside(path: Path) -> bool:
    if not path.exists():
        return False
    with suppress(OSError):
        path.replace(_damaged_name(path))
    return True


def _damaged_name(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")
