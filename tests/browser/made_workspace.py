"""A workspace with real recordings whose words are known, so that no recogniser has to run."""

import json
import shutil
from pathlib import Path

from qa_audit.calls.query import calls_frame, month_of
from qa_audit.pipeline import turns_key
from qa_audit.store.parts import write_part
from qa_audit.transcribe.audio import open_recording
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.turns import Transcript, Turn
from qa_audit.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "recordings_sample"
CALLS = ("20261009001", "20261010001", "20261013001", "20261021001", "20261028001")
"""Outbound, one channel, abusive, harsh, a rude one: 25 to 50 seconds each."""


def make_workspace(folder, call_ids=CALLS):
    """A workspace with copies of some sample calls, scored by what `labels.json` says was said."""
    recordings = Path(folder).parent / f"{Path(folder).name}-recordings"
    recordings.mkdir(parents=True)
    for call_id in call_ids:
        shutil.copy(SAMPLES / "calls" / f"{call_id}.wav", recordings)
    workspace = Workspace.create(
        folder,
        recordings=recordings,
        call_list=SAMPLES / "call_list.csv",
        roster=SAMPLES / "roster.csv",
        department="示例客服中心",
    )
    workspace.import_calls()
    said = {one["id"]: one["truth"] for one in json.loads((SAMPLES / "labels.json").read_text("utf-8"))}
    for call in calls_frame(workspace.database).iter_rows(named=True):
        if call["call_id"] in call_ids:
            write_turns(workspace, call, said[call["call_id"]])
    workspace.score()
    return workspace


def write_turns(workspace, call, said, notes=()):
    """Keep what was said in a call (`role`, `start_s`, `end_s`, `text` each) as its transcript."""
    recording = open_recording(call["recording"])
    turns = tuple(
        Turn(
            one["role"],
            one["start_s"],
            one["end_s"],
            one["text"],
            # One turn in seven is doubtful, so that the mark for it is seen.
            0.42 if number % 7 == 5 else 0.93,
            channel=int(one["role"] == "customer" and recording.channels == 2),
        )
        for number, one in enumerate(said)
    )
    transcript = Transcript(
        recording.sha256,
        recording.duration_s,
        recording.channels,
        "openai-whisper",
        "base",
        "balanced",
        turns,
        notes=notes,
    )
    key = turns_key(call, workspace.settings.transcribe, workspace.choices.digest)
    write_part(turns_frame(transcript), workspace.results, TURNS, month_of(call["start"]), key)
