"""A process that works on a workspace until it is killed, round and round.

`work`: import, transcribe, score, audit. `audit`: that alone. `score`: all calls scored anew. `close`: months
closed and reopened. `archive`: recordings moved to another folder and brought back. Every step is told before
it begins, what was kept after it was kept. What transcribes is the stand-in of the tests, all the rest is the
product.
"""

import hashlib
import os
import shutil
import uuid
from dataclasses import replace
from pathlib import Path

from qa_audit.audit.actions import GiveVerdict, WriteComment
from qa_audit.audit.events import append
from qa_audit.calls.query import calls_frame
from qa_audit.months.book import MonthBook  # noqa: F401 - imported once, before victims are forked
from qa_audit.pipeline import transcribe_jobs
from qa_audit.scoring.batch import FINDINGS, SCORES
from qa_audit.scoring.question_parts import QUESTIONS
from qa_audit.transcribe.jobs import transcribe_pending
from qa_audit.workspace import Workspace
from tests.transcribe.fake_transcribers import Fake

NEW_CALLS = 3
EVENTS = 12
MONTH = "2026-10"
FAR = "2099-01"
"""All recordings are older."""


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
    told("audit")
    for number in range(EVENTS):
        name = uuid.uuid4().hex
        action = WriteComment(name) if number % 2 else GiveVerdict(items[number % len(items)], "pass")
        append(workspace.database, f"c-{name}", "李敏", action, workspace.rubric, uuid=name)
        told(f"kept {name}")


def work(workspace, told):
    """One round of the daily work."""
    new_recordings(workspace.folder / "recordings", NEW_CALLS)
    for name in ("import", "transcribe", "score"):
        told(name)
        step(workspace, name)
    audit(workspace, told)


def score(workspace, told):
    """All calls scored anew: transcribing some more each time would take most of the time."""
    for kind in (FINDINGS, QUESTIONS, SCORES):
        shutil.rmtree(workspace.results / kind, ignore_errors=True)
    told("score")
    step(workspace, "score")


def close(workspace, told):
    """A month closed, and opened again."""
    book = workspace.month_book
    book.figures(MONTH)  # what is imported for it, not the closing, would take up most of the time
    if book.ledger.closed(MONTH) is not None:
        book.reopen(MONTH, "主管", "再听一遍")
    told("close")
    told(f"kept {book.close(MONTH, '主管', without_word='休假').version}")


def archive(workspace, told):
    """All recordings moved to the other folder, and brought back."""
    told("archive")
    workspace.housekeeping.move("主管", to=workspace.folder / "disk", before=FAR)
    told("kept away")
    workspace.housekeeping.restore("主管")
    told("kept back")


ROUNDS = {"work": work, "audit": audit, "score": score, "close": close, "archive": archive}


def main(folder, name, pipe):
    """Rounds of one kind until killed; `pipe` takes what is told."""
    os.setsid()  # what it starts is killed with it
    workspace = Workspace.open(Path(folder))
    while True:
        ROUNDS[name](workspace, pipe.send)
