import numpy as np
import pytest
import soundfile

from qa_audit.messages import QaError
from qa_audit.transcribe import trial_call as module
from qa_audit.transcribe.packing import Clip
from qa_audit.transcribe.settings import SpeechSettings
from qa_audit.transcribe.speech import Region
from qa_audit.transcribe.trial_call import laid_out, trial_call

RATE = 16_000


def clip(start_s, end_s, value=1.0):
    samples = np.full(round((end_s - start_s) * RATE), value, np.float32)
    return Clip(Region(0, start_s, end_s), samples, start_s)


def test_speech_takes_its_share_of_two_channels_in_turn():
    made = laid_out([clip(0, 5, 0.1), clip(6, 11, 0.2), clip(12, 17, 0.3), clip(18, 23, 0.4)], "a.wav", 0.0)
    assert (made.speech_s, made.source, made.duration_s) == (20.0, "a.wav", 25.0)
    spoken = made.samples != 0
    assert spoken.mean(axis=1).tolist() == [0.4, 0.4]
    assert not (spoken[0] & spoken[1]).any()
    assert sorted(set(made.samples[0].tolist())) == pytest.approx([0.0, 0.1, 0.3])


def test_what_is_too_long_is_cut():
    made = laid_out([clip(0, 15, 0.1), clip(16, 46, 0.2), clip(50, 60, 0.3)], "a.wav", 0.0)
    assert (made.speech_s, made.duration_s) == (20.0, 25.0)
    assert ((made.samples == 0).sum(), (made.samples == np.float32(0.2)).sum()) == (30 * RATE, 5 * RATE)


def test_the_first_recording_with_enough_is_taken_else_the_one_with_most(monkeypatch):
    seconds = {"a": 4, "b": 12, "c": 30, "d": 25}
    monkeypatch.setattr(module, "_clips", lambda path, _raw, _speech: [clip(0, seconds[path])])
    speech = SpeechSettings(pad_ms=0)
    assert trial_call(["a", "b", "c", "d"], speech).source == "c"
    assert trial_call(["a", "b"], speech).source == "b"
    with pytest.raises(QaError) as short:
        trial_call(["a"], speech)
    assert short.value.code == "recommend.too_little_speech"
    assert short.value.values == {"path": "a", "got_s": "4.0", "wanted_s": "10"}


def test_recordings_that_cannot_be_read_are_passed_over(monkeypatch, tmp_path):
    (tmp_path / "bad.wav").write_bytes(b"")
    with pytest.raises(QaError) as bad:
        trial_call([tmp_path / "bad.wav"], SpeechSettings())
    assert bad.value.code == "audio.empty"
    with pytest.raises(QaError) as none:
        trial_call([], SpeechSettings())
    assert none.value.code == "recommend.no_recording"
    real = module._clips
    monkeypatch.setattr(
        module, "_clips", lambda path, *rest: [clip(0, 20)] if path == "good" else real(path, *rest)
    )
    assert trial_call([tmp_path / "bad.wav", "good"], SpeechSettings(pad_ms=0)).source == "good"


def test_silence_has_no_speech(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros((8_000 * 30, 2), np.float32), 8_000)
    with pytest.raises(QaError) as silent:
        trial_call([tmp_path / "a.wav"], SpeechSettings())
    assert silent.value.values["got_s"] == "0.0"
