"""A process that works on a workspace until it is killed: import, transcribe, score, audit, round and round.

Every step is announced on standard output before it begins; an event is announced after it was kept. What
transcribes is the stand-in of the tests, all the rest is the product.
"""

import hashlib
import sys
import uuid
from dataclasses import replace
from pathlib import Path

from qa_audit.audit.actions import GiveVerdict, WriteComment
from qa_audit.audit.events import append
from qa_audit.calls.query import calls_frame
from qa_audit.pipeline import transcribe_jobs
from qa_audit.transcribe.jobs import transcribe_pending
from qa_audit.workspace import Workspace
from tests.transcribe.fake_transcribers import Fake

NEW_CALLS = 3
EVENTS = 12


class Hearer(Fake):
    """The stand-in, with the hash that the recording has."""

    def __call__(self, path):
        return replace(super().__call__(path), sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def new_recordings(folder, count):
    """Files that differ in name and content."""
    for _ in range(count):
        name = uuid.uuid4().hex
        (folder / f"20261003_091500_8001_{name}.wav").write_text(f"请问有什么可以帮您？{name}")


def step(workspace, name):
    """One step as `qa-audit run` does it."""
    if name == "import":
        workspace.import_calls()
    elif name == "transcribe":
        digest = workspace.choices.digest

        def load(_settings):
            hearer = Hearer()
            hearer.digest = digest
            return hearer

        settings = workspace.settings.transcribe
        jobs = transcribe_jobs(calls_frame(workspace.database), settings, digest)
        transcribe_pending(
            jobs, workspace.database, workspace.results, settings, digest, workers=1, load=load
        )
    elif name == "score":
        workspace.score()


def audit(workspace, told):
    """Verdicts and comments, each told when it is kept."""
    items = [item.id for item in workspace.rubric.items]
    for number in range(EVENTS):
        name = uuid.uuid4().hex
        action = WriteComment(name) if number % 2 else GiveVerdict(items[number % len(items)], "pass")
        append(workspace.database, f"c-{name}", "李敏", action, workspace.rubric, uuid=name)
        told(f"kept {name}")


def main(folder):
    """Work until killed."""

    def told(line):
        print(line, flush=True)

    workspace = Workspace.open(folder)
    while True:
        new_recordings(folder / "recordings", NEW_CALLS)
        for name in ("import", "transcribe", "score"):
            told(name)
            step(workspace, name)
        told("audit")
        audit(workspace, told)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
