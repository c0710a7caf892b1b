"""A workspace with real recordings whose words are known, so that no recogniser has to run."""

import json
from pathlib import Path

from qa_audit.pipeline import turns_key
from qa_audit.store.parts import write_part
from qa_audit.calls.query import calls_frame, month_of
from qa_audit.transcribe.audio import open_recording
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.turns import Transcript, Turn
from qa_audit.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "recordings_sample"


def make_workspace(folder, month="2026-10"):
    """All sample calls imported, those of a month with the words of `labels.json`, scored."""
    workspace = Workspace.create(
        folder,
        recordings=SAMPLES,
        call_list=SAMPLES / "call_list.csv",
        roster=SAMPLES / "roster.csv",
        department="示例客服中心",
    )
    workspace.import_calls()
    truth = {one["id"]: one["truth"] for one in json.loads((SAMPLES / "labels.json").read_text("utf-8"))}
    for call in calls_frame(workspace.database, month).iter_rows(named=True):
        if call["recording"] is None or call["call_id"] not in truth:
            continue
        key = turns_key(call, workspace.settings.transcribe, workspace.choices.digest)
        write_part(turns_frame(_transcript(call, truth[call["call_id"]])), workspace.results, TURNS, month_of(call["start"]), key)
    workspace.score(month=month)
    return workspace


def _transcript(call, said):
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
    return Transcript(
        recording.sha256, recording.duration_s, recording.channels, "openai-whisper", "base", "balanced", turns
    )
