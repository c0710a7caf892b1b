"""A transcriber without a model, for runs of several processes; the recording's text says what happens to it.

`bad` cannot be used, `odd` fails unforeseen, `die` kills its process, anything else gives one turn. A pipe
`NAME.started` beside the recording is told the process id and stays open until that process ends; a pipe
`NAME.gate` holds the work up until the other end is opened and closed. Every attempt is a line of `log`.
"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert

from qa_audit.messages import QaError
from qa_audit.store.database import open_database, writing
from qa_audit.store.schema import imports, recordings
from qa_audit.transcribe.job import Job
from qa_audit.transcribe.jobs import transcribe_pending
from qa_audit.transcribe.settings import TranscribeSettings
from qa_audit.transcribe.turns import Transcript, Turn

SETTINGS = TranscribeSettings()


class Fake:
    digest = "d"

    def __call__(self, path):
        with (path.parent / "log").open("a") as log:
            log.write(f"{path.stem}\n")
        if path.with_suffix(".started").exists():
            told = os.open(path.with_suffix(".started"), os.O_WRONLY)
            os.write(told, f"{os.getpid()}\n".encode())
        if path.with_suffix(".gate").exists():
            path.with_suffix(".gate").read_bytes()
        said = path.read_text()
        if said == "bad":
            raise QaError("audio.channels", path=path, channels=3)
        if said == "odd":
            raise ValueError("odd")
        if said == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        turn = Turn("agent", 0.5, 1.5, f"您好，{said}", 0.9)
        return Transcript(path.stem, 12.5, 2, "openai-whisper", "base", "balanced", (turn,))


def load(_settings):
    return Fake()


def read(path, _settings):
    """The first half for Ray: `die reading` kills the process, everything else is left to the fake."""
    if path.read_text() == "die reading":
        with (path.parent / "log").open("a") as log:
            log.write(f"{path.stem}\n")
        os.kill(os.getpid(), signal.SIGKILL)
    return path


def load_another_model(_settings):
    fake = Fake()
    fake.digest = "another"
    return fake


def load_nothing(_settings):
    raise QaError("transcribe.model_missing", model="base", looked="nowhere")


def load_and_die(_settings):
    os._exit(7)


def make_jobs(folder, said, listed_s=None):
    """Recordings of these names and texts, and the database that knows them: (jobs, database, results)."""
    database = open_database(folder / "qa.db")
    with writing(database) as connection:
        values = {"imported_at": datetime(2026, 10, 1), "who": "test", "counts": {}}
        made = connection.execute(insert(imports).values(**values)).inserted_primary_key[0]
        connection.execute(
            insert(recordings), [{"sha256": name, "size_bytes": 1, "added_in": made} for name in said]
        )
    for name, text in said.items():
        (folder / f"{name}.wav").write_text(text)
    return jobs_of(folder, said, listed_s), database, folder / "results"


def jobs_of(folder, names, listed_s=None):
    return [Job(f"k-{name}", name, folder / f"{name}.wav", "2026-10", listed_s) for name in names]


def run_from_outside(folder, workers, names):
    """What a `qa-audit transcribe` does, for the fakes; prints done, kept and failed."""
    database = open_database(folder / "qa.db")
    outcome = transcribe_pending(
        jobs_of(folder, names), database, folder / "results", SETTINGS, "d", workers=workers, load=load
    )
    print(outcome.done, outcome.kept, len(outcome.failures), outcome.elsewhere)


if __name__ == "__main__":
    # Under its own name, so that a worker finds `load`.
    from tests.transcribe import fake_transcribers

    fake_transcribers.run_from_outside(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
