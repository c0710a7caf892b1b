import numpy as np
import pytest
import soundfile
from sqlalchemy import select

from qa_audit.messages import QaError
from qa_audit.store.listening_schema import plays
from qa_audit.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "录音").mkdir()
    return Workspace.create(tmp_path / "中心", recordings=tmp_path / "录音")


def test_recordings_come_largest_first_where_no_list_tells_their_length(workspace, tmp_path):
    for name, seconds in (("a", 1), ("b", 3), ("c", 2)):
        soundfile.write(tmp_path / "录音" / f"{name}.wav", np.full(8_000 * seconds, 0.1), 8_000)
    workspace.import_calls()
    assert [path.name for path in workspace.recordings_by_length()] == ["b.wav", "c.wav", "a.wav"]
    (tmp_path / "录音" / "b.wav").unlink()
    assert [path.name for path in workspace.recordings_by_length()] == ["c.wav", "a.wav"]


def test_the_recording_of_a_call_with_the_hash_it_was_imported_with(workspace, tmp_path):
    soundfile.write(tmp_path / "录音" / "a.wav", np.full(16_000, 0.1), 8_000)
    workspace.import_calls()
    (call_id,) = workspace.calls()["call_id"]
    recording = workspace.recording(call_id)
    assert (recording.duration_s, recording.sha256) == (2.0, workspace.calls()["sha256"][0])
    (tmp_path / "录音" / "a.wav").unlink()
    for ask in (workspace.recording, lambda one: workspace.clip(one, 0.0, 1.0)):
        with pytest.raises(QaError) as error:
            ask(call_id)
        assert error.value.code == "workspace.recording_gone"
    with pytest.raises(QaError) as error:
        workspace.recording("nobody")
    assert error.value.code == "workspace.unknown_call"


def test_what_is_cut_out_of_a_recording_is_noted(workspace, tmp_path):
    soundfile.write(tmp_path / "录音" / "a.wav", np.full(16_000, 0.1), 8_000)
    workspace.import_calls()
    (call_id,) = workspace.calls()["call_id"]
    made = workspace.clip(call_id, -1.0, 1.5)
    assert made[:2] == b"\xff\xf3" or made[:3] == b"ID3"
    workspace.plays.flush()
    with workspace.database.connect() as connection:
        rows = connection.execute(select(plays.c.call_id, plays.c.start_s, plays.c.end_s, plays.c.place))
        assert [tuple(row) for row in rows] == [(call_id, 0.0, 1.5, "panel")]
