"""Scoring in several processes: each takes a chunk of calls, reads their turns and writes their part.

Workers are plain programs, as those that transcribe are (`qa_audit.transcribe.pool`): a script needs no
`__main__` guard, and Ctrl-C is for the run alone. A chunk whose worker died is scored here.
"""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from qa_audit.messages import QaError
from qa_audit.transcribe.pool import started, stop

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from qa_audit.scoring.batch import ScoreJob
    from qa_audit.scoring.rubric import Rubric

    Chunk = Sequence[ScoreJob]

# Polars would start as many threads in each process as there are cores.
_PROGRAM = (
    "import os; os.environ['POLARS_MAX_THREADS'] = '1'; from qa_audit.scoring.workers import main; main()"
)


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker process is told first."""

    results: Path
    rubric: Rubric


def score_chunks(
    chunks: Sequence[Chunk], results: Path, rubric: Rubric, workers: int
) -> Iterator[tuple[Chunk, int]]:
    """Score chunks and write their parts; each with how many of its calls had turns, in the order they end.

    With one worker it is done here. Raises `QaError` as `score_chunk` does, wherever that ran.
    """
    from qa_audit.scoring.batch import score_chunk

    left = list(reversed(chunks))
    if workers > 1 and len(chunks) > 1:
        failed: list[Chunk] = []
        yield from _side_by_side(left, failed, Order(results, rubric), min(workers, len(chunks)))
        left += failed
    while left:
        chunk = left.pop()
        yield chunk, score_chunk(chunk, results, rubric)


def _side_by_side(
    left: list[Chunk], failed: list[Chunk], order: Order, workers: int
) -> Iterator[tuple[Chunk, int]]:
    """Give what is left to workers until nothing is, or no worker; `failed` takes what a dead one had."""
    crew: list[tuple[subprocess.Popen[bytes], Connection]] = []
    try:
        crew.extend(started(_PROGRAM, 1) for _ in range(workers))
        doing: dict[Connection, Chunk] = {}
        for _, connection in crew:
            with suppress(OSError):  # dead already; found out below
                connection.send(order)
            _give(connection, left, doing)
        while doing:
            told = set(wait(list(doing)))
            for connection in [one for one in doing if one in told]:
                chunk = doing.pop(connection)
                try:
                    said = connection.recv()
                except (EOFError, OSError):
                    failed.append(chunk)
                    continue
                if isinstance(said, QaError):
                    raise said
                yield chunk, said
                _give(connection, left, doing)
    finally:
        stop(crew)


def _give(connection: Connection, left: list[Chunk], doing: dict[Connection, Chunk]) -> None:
    if left:
        chunk = left.pop()
        doing[connection] = chunk
        with suppress(OSError):  # dead already; found out when it is listened to
            connection.send(chunk)


def main() -> None:
    """A worker process; its one argument is the descriptor of the socket that the run gave it.

    It ends after its chunk when the run is gone.
    """
    from qa_audit.scoring.batch import score_chunk

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = Connection(int(sys.argv[1]))
    with suppress(EOFError, OSError):
        order: Order = connection.recv()
        while True:
            chunk = connection.recv()
            try:
                said = score_chunk(chunk, order.results, order.rubric)
            except QaError as error:
                said = error
            connection.send(said)
