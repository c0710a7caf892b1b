import hashlib

import polars as pl
import pytest

from qa_audit.audit.clips import clip_path, keep_clips, with_clips
from qa_audit.messages import QaError

FAULTS = pl.DataFrame(
    [("a" * 32, "c1", 1.0, 4.0), ("b" * 32, "c1", 30.0, 31.0), ("c" * 32, "c2", 5.0, 6.0)],
    {"fault": pl.String, "call_id": pl.String, "start_s": pl.Float64, "end_s": pl.Float64},
    orient="row",
)


class Recorder:
    """Gives each stretch as bytes that name it, and remembers what it was asked for."""

    def __init__(self, *missing):
        self.asked = []
        self.missing = missing

    def __call__(self, call_id, start_s, end_s):
        self.asked.append((call_id, start_s, end_s))
        if call_id in self.missing:
            raise QaError("workspace.recording_gone", call_id=call_id, path="/a.wav")
        return f"{call_id} {start_s} {end_s}".encode()


def test_clips_lie_in_the_workspace_by_their_hash_with_a_margin(database, tmp_path):
    recorder = Recorder()
    done = keep_clips(database, tmp_path, FAULTS, recorder)
    assert (done.kept, done.there, dict(done.failed)) == (3, 0, {})
    assert recorder.asked == [("c1", 0.0, 6.0), ("c1", 28.0, 33.0), ("c2", 3.0, 8.0)]
    paths = with_clips(database, tmp_path, FAULTS)["clip"].to_list()
    first = hashlib.sha256(b"c1 0.0 6.0").hexdigest()
    assert paths[0] == str(tmp_path / "clips" / first[:2] / f"{first}.mp3")
    assert clip_path(tmp_path, first).read_bytes() == b"c1 0.0 6.0"


def test_keeping_them_again_does_nothing(database, tmp_path):
    keep_clips(database, tmp_path, FAULTS, Recorder())
    again = Recorder()
    done = keep_clips(database, tmp_path, FAULTS, again)
    assert (done.kept, done.there, again.asked) == (0, 3, [])


def test_they_stay_when_the_recording_is_gone(database, tmp_path):
    keep_clips(database, tmp_path, FAULTS, Recorder())
    assert keep_clips(database, tmp_path, FAULTS, Recorder("c1", "c2")).failed == {}
    assert with_clips(database, tmp_path, FAULTS)["clip"].null_count() == 0


def test_a_moved_fault_and_a_lost_file_are_kept_anew(database, tmp_path):
    keep_clips(database, tmp_path, FAULTS, Recorder())
    moved = FAULTS.with_columns(end_s=pl.when(pl.col("call_id") == "c2").then(9.0).otherwise("end_s"))
    (tmp_path / "clips").rename(tmp_path / "elsewhere")
    done = keep_clips(database, tmp_path, moved, Recorder())
    assert done.kept == 3
    assert with_clips(database, tmp_path, moved)["clip"][2].endswith(
        hashlib.sha256(b"c2 3.0 11.0").hexdigest() + ".mp3"
    )


def test_one_missing_recording_stops_no_other(database, tmp_path):
    done = keep_clips(database, tmp_path, FAULTS, Recorder("c1"))
    assert (done.kept, list(done.failed)) == (1, ["c1"])
    assert with_clips(database, tmp_path, FAULTS)["clip"].is_null().to_list() == [True, True, False]


def test_a_disk_that_fails_leaves_no_row_without_its_file(database, tmp_path):
    (tmp_path / "clips").write_text("in the way", encoding="utf-8")
    with pytest.raises(QaError):
        keep_clips(database, tmp_path, FAULTS, Recorder())
    assert with_clips(database, tmp_path, FAULTS)["clip"].null_count() == 3
