import struct

import numpy as np
import pytest

from qa_audit.messages import QaError
from qa_audit.transcribe.audio import open_recording, read_all

av = pytest.importorskip("av", reason="the extra [codecs]")


@pytest.fixture
def aac(tmp_path):
    """Two seconds of stereo AAC, 440 Hz left and 880 Hz right."""
    path = tmp_path / "call.m4a"
    time = np.arange(2 * 16_000) / 16_000
    both = np.stack([np.sin(2 * np.pi * 440 * time), np.sin(2 * np.pi * 880 * time)]).astype(np.float32) * 0.5
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(both, format="fltp", layout="stereo")
        frame.sample_rate = 16_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


def test_channels_stay_apart(aac):
    recording = open_recording(aac)
    assert (recording.decoder, recording.channels, recording.sample_rate_hz) == ("av", 2, 16_000)
    assert recording.duration_s == pytest.approx(2.0, abs=0.2)
    samples = read_all(recording)
    assert samples.shape[1] == pytest.approx(32_000, abs=3_000)
    for channel, expected in enumerate((440, 880)):
        spectrum = np.abs(np.fft.rfft(samples[channel, 8_000:24_000]))
        assert int(np.argmax(spectrum)) == expected


def test_a_damaged_file_is_refused(aac):
    aac.write_bytes(aac.read_bytes()[:40] + bytes(500))
    with pytest.raises(QaError) as caught:
        open_recording(aac)
    assert caught.value.code == "audio.damaged"


def test_a_form_that_nobody_knows_is_refused(tmp_path):
    """A WAV whose head names a form that does not exist: FFmpeg opens it and has no decoder."""
    path = tmp_path / "odd.wav"
    form = struct.pack("<HHIIHH", 0x5A5A, 1, 8_000, 8_000, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", 800) + bytes(800)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    with pytest.raises(QaError) as error:
        open_recording(path)
    assert (error.value.code, error.value.values["reason"]) == ("audio.damaged", "no decoder")


def test_a_form_without_a_length_is_counted(tmp_path):
    """Raw AAC says no length; FFmpeg guesses one by the bit rate, which silence falls short of."""
    path = tmp_path / "call.aac"
    sound = np.zeros((1, 160_000), np.float32)
    sound[0, :16_000] = np.random.default_rng(0).normal(0, 0.3, 16_000)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(sound, format="fltp", layout="mono")
        frame.sample_rate = 16_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    recording = open_recording(path)
    assert (recording.decoder, recording.missing_s) == ("av", 0.0)
    assert recording.duration_s == pytest.approx(read_all(recording).shape[1] / 16_000, abs=0.1)
