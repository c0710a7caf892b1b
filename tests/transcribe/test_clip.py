import io

import numpy as np
import pytest
import soundfile

from qa_audit.messages import QaError
from qa_audit.transcribe.clip import clip_mp3


@pytest.fixture
def recording(tmp_path):
    """Ten seconds, a tone on the left from the fourth to the fifth."""
    sound = np.zeros((80_000, 2), np.float32)
    sound[32_000:40_000, 0] = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8_000) / 8_000)
    soundfile.write(tmp_path / "a.wav", sound, 8_000, subtype="ULAW")
    return tmp_path / "a.wav"


def _heard(mp3):
    return soundfile.read(io.BytesIO(mp3), always_2d=True)


def test_the_stretch_asked_for_with_both_channels(recording):
    sound, rate = _heard(clip_mp3(recording, 3.0, 6.0))
    assert (rate, sound.shape[1]) == (16_000, 2)
    assert abs(len(sound) / rate - 3.0) < 0.1
    assert np.abs(sound[:, 0]).max() > 0.3
    assert np.abs(sound[: rate // 2]).max() < 0.05
    assert np.abs(sound[:, 1]).max() < 0.05


def test_times_outside_are_brought_back_to_the_edges(recording):
    sound, rate = _heard(clip_mp3(recording, -4.0, 1.0))
    assert abs(len(sound) / rate - 1.0) < 0.1
    sound, rate = _heard(clip_mp3(recording, 9.0, 99.0))
    assert abs(len(sound) / rate - 1.0) < 0.1


def test_a_stretch_beyond_the_end_is_told(recording):
    with pytest.raises(QaError) as error:
        clip_mp3(recording, 20.0, 25.0)
    assert error.value.text("en").endswith("20.0 to 25.0 s lies outside the recording (10.0 s).")


def test_a_tone_sounds_in_place_of_what_is_masked_and_the_other_channel_goes_on(tmp_path):
    spoken = 0.5 * np.sin(2 * np.pi * 440 * np.arange(80_000) / 8_000)
    soundfile.write(tmp_path / "b.wav", np.stack([spoken, spoken], axis=1), 8_000, subtype="PCM_16")
    beeps = [(1, 4.0, 4.5), (7, 0.0, 9.0), (0, 20.0, 21.0)]
    sound, rate = _heard(clip_mp3(tmp_path / "b.wav", 3.0, 6.0, beeps=beeps))

    def level(channel, hz, from_s, to_s):
        piece = sound[round(from_s * rate) : round(to_s * rate), channel]
        wave = np.exp(-2j * np.pi * hz * np.arange(len(piece)) / rate)
        return 2 * abs(np.mean(piece * wave))

    assert level(1, 440, 1.0, 1.5) < 0.005
    assert 0.08 < level(1, 1000, 1.0, 1.5) < 0.12
    assert level(1, 440, 0.2, 0.7) > 0.4
    assert level(1, 440, 1.8, 2.8) > 0.4
    assert level(0, 440, 0.2, 2.8) > 0.4
