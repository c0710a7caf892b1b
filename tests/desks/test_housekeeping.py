"""Recordings go, the sound of faults stays: from marking to hearing again."""

import io
from pathlib import Path

import pytest
import soundfile

from qa_audit.messages import QaError
from tests.browser.made_workspace import CALLS, make_workspace
from tests.made_audits import HARSH, RUDE, hand_in

FAR = "2027-01"


@pytest.fixture
def own(tmp_path):
    """A workspace of three calls with recordings of its own."""
    return make_workspace(tmp_path / "ws", CALLS[2:])


def heard(workspace, call_id, start_s, end_s):
    return soundfile.info(io.BytesIO(workspace.clip(call_id, start_s, end_s))).duration


@pytest.mark.parametrize("way", ["move", "delete"])
def test_a_clip_plays_when_its_recording_is_gone(own, tmp_path, way):
    (tmp_path / "disk").mkdir()
    hand_in(own, RUDE, "李敏", faults=[("greeting", 3.0, 5.0)])
    recording = Path(own.recording(RUDE).path)
    if way == "move":
        done = own.housekeeping.move("主任", to=tmp_path / "disk", before=FAR)
    else:
        done = own.housekeeping.delete("主任", "保存期满", before=FAR)
    assert (done.failed, recording.is_file()) == (False, True), "the recording of a fault stays"
    assert done.done == 2, "the others went"
    moved = recording.with_suffix(".away")
    recording.rename(moved)  # as a recorder does that keeps a month only
    try:
        clip = Path(own.faults()["clip"][0])
        assert soundfile.info(clip).duration == pytest.approx(6.0, abs=0.2)
        assert heard(own, RUDE, 2.0, 6.0) == pytest.approx(4.0, abs=0.2)
        assert heard(own, RUDE, 4.0, 30.0) == pytest.approx(3.0, abs=0.2), "what there is of it"
        with pytest.raises(QaError) as error:
            own.clip(RUDE, 20.0, 22.0)
        assert error.value.code == "workspace.recording_gone"
    finally:
        moved.rename(recording)


def test_a_place_of_an_appeal_plays_when_its_recording_is_gone(own, tmp_path):
    (tmp_path / "disk").mkdir()
    hand_in(own, HARSH, "李敏", "greeting")
    own.appeals.file(HARSH, "greeting", text="说了您好", who="员工", at_s=1.0)
    own.housekeeping.move("主任", to=tmp_path / "disk", before=FAR)
    recording = Path(own.recording(HARSH).path)
    moved = recording.with_suffix(".away")
    recording.rename(moved)
    try:
        assert heard(own, HARSH, 1.0, 11.0) == pytest.approx(10.0, abs=0.2)
    finally:
        moved.rename(recording)


def test_a_fault_whose_recording_was_gone_before_does_not_stop_the_others(own, tmp_path):
    (tmp_path / "disk").mkdir()
    hand_in(own, RUDE, "李敏", faults=[("greeting", 3.0, 5.0)])
    recording = Path(own.recording(RUDE).path)
    moved = recording.with_suffix(".away")
    recording.rename(moved)
    try:
        assert own.housekeeping.move("主任", to=tmp_path / "disk", before=FAR).done == 2
        assert own.faults()["clip"].to_list() == [None]
    finally:
        moved.rename(recording)
