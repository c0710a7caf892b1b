"""Both ends of a call heard once more: what is looked at, what is taken, and what is not."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from benchmarks.edges import edges_of, fainter
from benchmarks.sounds.no_speech import CASES
from benchmarks.sounds.synthesis import RATE_HZ as SOUND_HZ
from qa_audit.transcribe import edges
from qa_audit.transcribe.edges import heard_again, stretches, sure_clips, sureness
from qa_audit.transcribe.engine import Decoded, Piece, load_engine
from qa_audit.transcribe.packing import Clip
from qa_audit.transcribe.presets import preset
from qa_audit.transcribe.recording import hear
from qa_audit.transcribe.settings import SpeechSettings, TranscribeSettings
from qa_audit.transcribe.speech import Region
from qa_audit.transcribe.survey import Survey
from qa_audit.transcribe.vad import FRAME_S

SAMPLES = Path(__file__).parents[2] / "recordings_sample"
RATE = 16_000
SPEECH = SpeechSettings()


def surveyed(*loud, seconds=40.0, channels=1):
    """A survey with -60 dB of noise and louder stretches (channel, start_s, end_s, level_db)."""
    level = np.full((channels, round(seconds / FRAME_S)), -60, np.float32)
    for channel, start_s, end_s, level_db in loud:
        level[channel, round(start_s / FRAME_S) : round(end_s / FRAME_S)] = level_db
    return Survey(seconds, np.zeros_like(level), level, 0.0)


def looked_at(found, *regions, channels=1):
    return [
        (one.channel, round(one.start_s, 1), round(one.end_s, 1))
        for one in stretches(found, regions, channels, 0.2)
    ]


REGION = Region(0, 16.0, 24.0)


@pytest.mark.parametrize(
    ("sound", "seen"),
    [
        ((5.0, 5.5, -40), True),  # before the first region
        ((26.0, 26.5, -40), True),  # after the last one
        ((2.0, 2.5, -40), False),  # long before
        ((39.2, 39.7, -40), False),  # long after
        ((5.0, 5.2, -40), False),  # too short for a phrase
        ((5.0, 9.5, -40), False),  # too long for one
        ((5.0, 5.5, -54), False),  # hardly above the noise
        ((15.5, 16.0, -40), True),  # as far as the region's padding does not hold it
        ((15.7, 16.0, -40), False),  # all but in the padding
        ((19.0, 19.5, -40), False),  # inside
    ],
)
def test_what_stands_out_near_an_end_is_looked_at(sound, seen):
    found = looked_at(surveyed((0, *sound)), REGION)
    assert len(found) == seen
    if seen:
        assert found[0][1] == pytest.approx(sound[0], abs=0.1)


def test_a_dip_does_not_end_a_stretch():
    found = surveyed((0, 5.0, 5.2, -40), (0, 5.3, 5.5, -40))
    assert looked_at(found, REGION) == [(0, 5.0, 5.5)]


@pytest.mark.parametrize(("first_s", "seen"), [(0.4, 1), (0.8, 0)])
def test_after_a_short_first_region_the_opening_goes_on(first_s, seen):
    first = Region(0, 8.0, 8.0 + first_s)
    assert len(looked_at(surveyed((0, 12.0, 12.5, -40)), first, REGION)) == seen


def test_a_channel_without_speech_is_not_looked_at():
    assert looked_at(surveyed((1, 5.0, 5.5, -40), channels=2), REGION, channels=2) == []


@pytest.mark.parametrize(
    ("other", "seen"),
    [((4.9, 5.6, -20), 0), ((4.0, 5.1, -20), 0), ((3.0, 4.5, -20), 1), ((4.9, 5.6, -55), 1)],
)
def test_the_other_party_through_the_wire_is_not_looked_at(other, seen):
    found = surveyed((0, 5.0, 5.5, -40), (1, *other), channels=2)
    assert len([one for one in looked_at(found, REGION, channels=2) if one[0] == 0]) == seen


def test_digital_silence_with_a_step_of_dither_is_not_looked_at():
    level = np.full((1, 1_250), -100, np.float32)
    level[0, 150:170] = -78
    assert looked_at(Survey(40.0, np.zeros_like(level), level, 0.0), REGION) == []


@pytest.fixture
def sure_of(monkeypatch):
    """Lets a detector be sure of sounds whose samples reach 0.5, and nearly sure of others."""
    monkeypatch.setattr(edges, "sureness", lambda samples: 0.96 if samples.max() >= 0.5 else 0.94)


def sure(*again, regions=(REGION,), longest_s=20.0):
    samples = np.zeros((1, 40 * RATE), np.float32)
    for start_s, level in again:
        samples[0, round(start_s * RATE) : round((start_s + 0.4) * RATE)] = level
    looked = [Region(0, start_s, start_s + 0.4) for start_s, _ in again]
    pairs = sure_clips(looked, regions, iter([samples]), longest_s)
    return [(clip.region.start_s, other.region.start_s) for clip, other in pairs]


@pytest.mark.usefixtures("sure_of")
def test_only_what_surely_is_speech_is_decoded_beside_the_nearest_region():
    two = (Region(0, 10.0, 12.0), REGION, Region(1, 29.0, 30.0))
    assert sure((5.0, 0.6), (8.0, 0.4), (30.0, 0.6), regions=two[:2]) == [(5.0, 10.0), (30.0, 16.0)]


@pytest.mark.usefixtures("sure_of")
def test_no_chunk_gets_too_long():
    assert sure((15.0, 0.6), longest_s=8.3) == []
    assert sure((15.0, 0.6), longest_s=8.5) == [(15.0, 16.0)]


class Says:
    """An engine that hears the given text in the stretch, which comes first, and 请讲 in the region."""

    name, model, digest = "openai-whisper", "base", "0" * 64

    def __init__(self, text, mean=-0.3, no_speech=0.1):
        self.text, self.mean, self.no_speech = text, mean, no_speech

    def decode(self, chunks, *, beam, no_repeat=0):
        pieces = [Piece(char, 0.05 * at, 0.05 * at + 0.05, -0.1) for at, char in enumerate(self.text)]
        pieces += [Piece("请", 2.0, 2.1, -0.1), Piece("讲", 2.1, 2.2, -0.1)]
        heard = "".join(one.text for one in pieces)
        return [Decoded(heard, tuple(pieces), self.mean, self.no_speech, 1.0) for _ in chunks]

    def score(self, samples, texts):
        raise AssertionError


@pytest.mark.parametrize(
    ("engine", "kept"),
    [
        (Says("您好，"), ["您好，"]),
        (Says("您好", mean=-0.75), []),  # usual speech may be as unsure as -1.0
        (Says("您好", no_speech=0.55), []),
        (Says("嗯"), []),
        (Says("普通话"), []),  # a part of the prompt
        (Says("您好请您讲话"), []),  # six characters in half a second
        (Says(""), []),
        (Says("您好您好您好您好"), []),  # a loop
    ],
)
def test_only_what_the_model_is_sure_of_is_kept(engine, kept):
    clip = Clip(Region(0, 5.0, 5.5), np.ones(RATE // 2, np.float32), 5.0)
    other = Clip(Region(0, 6.0, 8.0), np.ones(2 * RATE, np.float32), 6.0)
    found = heard_again([(clip, other)], engine, preset("draft"))
    assert [segment.raw_text for _, segment in found] == kept
    assert all((one is clip, segment.start_s, segment.end_s) == (True, 5.0, 5.5) for one, segment in found)


@pytest.fixture(scope="module")
def call():
    """The agent's channel of a short call (16 kHz) and its truth: it ends with 再见 by itself."""
    rows = json.loads((SAMPLES / "labels.json").read_text(encoding="utf-8"))
    row = next(row for row in rows if row["id"] == "20261021001")
    samples, rate = soundfile.read(SAMPLES / row["file"], dtype="float32", always_2d=True)
    return np.ascontiguousarray(soxr.resample(samples, rate, RATE).T, np.float32), row["truth"]


@pytest.fixture(scope="module")
def faint_farewell():
    """The last seconds of a call, 再见 20 dB fainter over the line's noise; and when it is said."""
    found = (one for one in edges_of(SAMPLES) if (one.call_id, one.which) == ("20260916001", "close"))
    edge = fainter(next(found), 20.0)
    return edge.samples, edge.start_s


class Table:
    """An engine that hears a character in every 0.4 s that is not silent."""

    name, model, digest = "openai-whisper", "base", "0" * 64

    def decode(self, chunks, *, beam, no_repeat=0):
        heard = []
        for chunk in chunks:
            pieces = [
                Piece("好的呢您请讲"[at % 6], 0.4 * at, 0.4 * at + 0.4, -0.1)
                for at in range(len(chunk) * 5 // RATE // 2)
                if chunk[at * RATE * 2 // 5 : (at + 1) * RATE * 2 // 5].any()
            ]
            text = "".join(one.text for one in pieces)
            heard.append(Decoded(text, tuple(pieces), -0.1, 0.0, 1.0))
        return heard

    def score(self, samples, texts):
        raise AssertionError


def heard_starts(samples, look_again):
    chosen = preset("draft")
    found = hear(lambda: iter([samples]), 2, Table(), SPEECH, chosen, look_again=look_again)
    return [one.start_s for one in found.segments if one.channel == 0]


def test_a_faint_farewell_is_decoded_only_after_the_second_look(faint_farewell):
    samples, start_s = faint_farewell
    assert not any(abs(one - start_s) < 0.2 for one in heard_starts(samples, look_again=False))
    assert any(abs(one - start_s) < 0.2 for one in heard_starts(samples, look_again=True))


@pytest.mark.slow
def test_a_faint_farewell_is_read(faint_farewell):
    samples, start_s = faint_farewell
    engine = load_engine(TranscribeSettings(preset="draft"))
    found = hear(lambda: iter([samples]), 2, engine, SPEECH, preset("draft"))
    (last,) = [one for one in found.segments if one.channel == 0 and abs(one.start_s - start_s) < 0.2]
    assert last.raw_text.strip("。, ") in ("再见", "再見")


def test_sureness_knows_a_word_however_quiet(call):
    samples, truth = call
    last = max(truth, key=lambda turn: turn["start_s"])
    word = samples[0, round((last["start_s"] - 0.2) * RATE) : round((last["end_s"] + 0.2) * RATE)]
    assert sureness(word) > edges.SURE
    assert sureness(0.001 * word + 0.1) == pytest.approx(sureness(word), abs=0.01)


def without_speech():
    return [case for case in CASES if case.name in ("ring-back tone", "busy tone", "dog", "coughs")]


@pytest.mark.parametrize("case", without_speech(), ids=lambda case: case.name)
def test_no_sound_beside_speech_is_taken_for_it(call, case):
    samples, _ = call
    sound = soxr.resample(case.samples(10.0), SOUND_HZ, RATE).astype(np.float32)
    sound = np.stack([sound, np.zeros_like(sound)])
    whole = np.concatenate([sound, samples[:, : 6 * RATE], sound], axis=1)
    assert heard_starts(whole, look_again=True) == heard_starts(whole, look_again=False)


def test_crosstalk_alone_is_not_taken_for_speech(call):
    """The customer's words on the agent's channel, 25 dB fainter and a little late."""
    samples, truth = call
    agent_last = max(turn["end_s"] for turn in truth if turn["role"] == "agent")
    own = samples[:, : round((agent_last + 0.3) * RATE)]
    says = samples[1, : 8 * RATE]
    leak = np.stack([0.056 * np.roll(says, round(0.12 * RATE)), says]).astype(np.float32)
    whole = np.concatenate([leak, own, leak], axis=1)
    assert heard_starts(whole, look_again=True) == heard_starts(whole, look_again=False)
