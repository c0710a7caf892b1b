"""The sheets of a workbook as the reader gives them; run as a module, it reads one from standard input.

For the old format (XLS) the reader trusts sizes that the file states: a damaged one can make it ask for
more memory than there is and abort the whole process. So those are read in a process of their own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from contextlib import suppress

Grid = list[list[str | None]]

MEMORY_BYTES = 4 << 30
"""Address space of the process that reads an old workbook; a sheet has up to 65,536 × 256 cells."""

TIMEOUT_S = 120.0


def sheets_of(content: bytes) -> dict[str, Grid]:
    """Every visible sheet by its name, from A1 on; None for an empty cell, dates in ISO form.

    Raises `ValueError` with the reader's reason when the workbook cannot be read.
    """
    import fastexcel  # takes a while to load, and CSV does without it

    try:
        workbook = fastexcel.read_excel(content)
        grids: dict[str, Grid] = {}
        for name in workbook.sheet_names:
            sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            if sheet.visible == "visible" and sheet.width and sheet.height:
                grids[name] = [list(row) for row in sheet.to_polars().rows()]
    except Exception as error:
        raise ValueError(str(error).split("\n")[0]) from error
    except BaseException as error:
        # A panic inside the reader arrives as a BaseException that is no Ctrl-C.
        if type(error).__name__ != "PanicException":
            raise
        raise ValueError(str(error)) from error
    return grids


def sheets_apart(content: bytes) -> dict[str, Grid]:
    """`sheets_of` in a process of its own, memory and time bounded; any failure there is a `ValueError`."""
    try:
        reader = subprocess.run(
            [sys.executable, "-m", __name__],
            input=content,
            capture_output=True,
            timeout=TIMEOUT_S,
            env={**os.environ, "POLARS_MAX_THREADS": "1"},
            check=True,
        )
        answer = json.loads(reader.stdout)
    except subprocess.CalledProcessError as error:
        raise ValueError(f"exit {error.returncode}") from error  # negative: the signal that ended it
    except subprocess.TimeoutExpired as error:
        raise ValueError(f"> {TIMEOUT_S:.0f} s") from error
    except OSError as error:
        raise ValueError(str(error)) from error
    if isinstance(answer, str):
        raise ValueError(answer)
    return answer


def _main() -> None:
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: object = sheets_of(sys.stdin.buffer.read())
    except ValueError as error:
        answer = str(error)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    _main()
