import numpy as np
import soundfile

from qa_audit.transcribe.job import Job
from qa_audit.transcribe.lengths import length_s
from qa_audit.transcribe.settings import RawFormat


def test_the_list_goes_before_the_header_and_the_header_before_the_size(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros((12_000, 2)), 8_000)
    assert length_s(Job("k", "s", path, "2026-10", 61.0)) == 61.0
    assert length_s(Job("k", "s", path, "2026-10")) == 1.5
    path.write_bytes(bytes(64_000))
    assert length_s(Job("k", "s", path, "2026-10")) == 4.0
    path.unlink()
    assert length_s(Job("k", "s", path, "2026-10")) == 0.0


def test_a_headerless_recording_is_measured_by_its_format(tmp_path):
    path = tmp_path / "a.alaw"
    path.write_bytes(bytes(16_000))
    raw = RawFormat(pattern="alaw", encoding="alaw", sample_rate_hz=8_000, channels=1)
    assert length_s(Job("k", "s", path, "2026-10"), raw) == 2.0
