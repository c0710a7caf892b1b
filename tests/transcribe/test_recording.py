"""The whole way from a file to turns, with the real model: on real speech, and where no one speaks."""

import json
import re
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.sounds.exchange import line_noise, ring_back, silence
from benchmarks.sounds.no_speech import CASES
from qa_audit.calls.facts import CallFacts
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric, score_call
from qa_audit.text import find, normalise, readings
from qa_audit.transcribe.engine import Decoded, Piece, load_engine
from qa_audit.transcribe.frames import transcript_from, turns_frame
from qa_audit.transcribe.glossary import Glossary, Term
from qa_audit.transcribe.invented import passages_in
from qa_audit.transcribe.recording import transcribe_recording
from qa_audit.transcribe.settings import RawFormat, TranscribeSettings

SAMPLES = Path(__file__).parents[2] / "recordings_sample"
SETTINGS = TranscribeSettings(preset="draft")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engine():
    return load_engine(SETTINGS)


@pytest.fixture(scope="module")
def labels():
    rows = json.loads((SAMPLES / "labels.json").read_text(encoding="utf-8"))
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def good_call(labels):
    """A two-channel call with a full greeting, samples of shape (n, 2) at 8 kHz, and its truth."""
    row = labels["20260902001"]
    samples, rate = soundfile.read(SAMPLES / row["file"], dtype="float32", always_2d=True)
    assert (rate, samples.shape[1]) == (8_000, 2)
    return samples, row["truth"]


class Deaf:
    """An engine that must not be asked."""

    name, model, digest = "openai-whisper", "base", "0" * 64

    def decode(self, chunks, *, beam, no_repeat=0):
        assert not chunks, "nothing here is speech"
        return []

    def score(self, samples, texts):
        raise AssertionError


def write(path, *channels):
    soundfile.write(path, np.stack(channels, axis=1), 8_000, subtype="ULAW")
    return path


def text_of(transcript, role=None):
    return "".join(turn.text for turn in transcript.turns if role in (None, turn.role))


def errors(truth, heard):
    """Edit distance of normalised texts."""
    truth, heard = normalise(truth).text, normalise(heard).text
    row = list(range(len(heard) + 1))
    for place, char in enumerate(truth, 1):
        before, row[0] = row[0], place
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (char != other))
    return row[-1] / len(truth)


def right_share(transcript, truth):
    """Of the truth's seconds inside turns, those with the right role."""
    right = total = 0.0
    for line in truth:
        for turn in transcript.turns:
            inside = max(0.0, min(turn.end_s, line["end_s"]) - max(turn.start_s, line["start_s"]))
            total += inside
            right += inside * (turn.role == line["role"])
    return right / total


def test_a_call_is_heard_with_its_roles_times_and_words(engine, good_call, tmp_path):
    samples, truth = good_call
    transcript = transcribe_recording(write(tmp_path / "a.wav", *samples.T), engine, SETTINGS)
    assert (transcript.engine, transcript.model, transcript.preset) == ("openai-whisper", "base", "draft")
    assert (transcript.channels, transcript.role_confidence, transcript.notes) == (2, 1.0, ())
    assert transcript.duration_s == pytest.approx(len(samples) / 8_000, abs=0.01)
    for role in ("agent", "customer"):
        said = "".join(turn["text"] for turn in truth if turn["role"] == role)
        assert errors(said, text_of(transcript, role)) < 0.35
    first = transcript.turns[0]
    assert (first.role, first.channel) == ("agent", 0)
    assert first.start_s == pytest.approx(truth[0]["start_s"], abs=0.3)
    assert find("为您服务", first.text)
    assert all(0 < turn.confidence <= 1 and turn.start_s < turn.end_s for turn in transcript.turns)
    starts = [turn.start_s for turn in transcript.turns]
    assert starts == sorted(starts)
    assert transcript_from(turns_frame(transcript)) == transcript


def test_the_same_file_gives_the_same_turns(engine, good_call, tmp_path):
    samples, _ = good_call
    path = write(tmp_path / "a.wav", *samples[: 20 * 8_000].T)
    assert transcribe_recording(path, engine, SETTINGS) == transcribe_recording(path, engine, SETTINGS)


def test_the_agent_s_channel_is_found_by_what_is_said(engine, good_call, tmp_path):
    samples, _ = good_call
    path = write(tmp_path / "a.wav", samples[:, 1], samples[:, 0])
    transcript = transcribe_recording(path, engine, SETTINGS.model_copy(update={"agent_channel": "auto"}))
    assert transcript.role_confidence > 0.9
    assert find("为您服务", text_of(transcript, "agent"))
    assert {turn.channel for turn in transcript.turns if turn.role == "agent"} == {1}


def test_without_a_greeting_none_is_written(engine, good_call, tmp_path):
    """Neither prompt nor model may put a scripted phrase where none was said."""
    samples, truth = good_call
    after = next(turn["start_s"] for turn in truth[1:] if turn["role"] == "agent")
    cut = samples[round((after - 0.3) * 8_000) : round((truth[-2]["end_s"] + 0.2) * 8_000)]
    transcript = transcribe_recording(write(tmp_path / "a.wav", *cut.T), engine, SETTINGS)
    # The glossary lists the very names that the greeting would have held.
    listed = Glossary(tuple(map(Term, ("云岭宽带客服中心", "云岭宽带", "零二幺七"))))
    named = transcribe_recording(tmp_path / "a.wav", engine, SETTINGS.with_glossary(listed))
    assert named == transcript
    agent = text_of(transcript, "agent")
    assert len(agent) > 20
    for phrase in ("为您服务", "请问有什么可以帮您", "客服中心", "普通话的句子", "云岭宽带", "零二幺七"):
        assert not find(phrase, agent)
    rubric = load_rubric()
    greeting = score_call(named, CallFacts(), rubric).items[0]
    assert (greeting.id, greeting.verdict, greeting.points) == ("greeting", "fail", 0.0)


def test_a_name_is_put_right_by_its_sound(engine, good_call, tmp_path):
    """Whatever was heard: a term with other characters of the same sound takes its place."""
    samples, _ = good_call
    path = write(tmp_path / "a.wav", *samples[: 7 * 8_000].T)
    plain = transcribe_recording(path, engine, SETTINGS)
    heard = re.findall(r"[\u4e00-\u9fa5]{4}", plain.turns[0].text)[0]
    other = next(
        char
        for char in map(chr, range(0x4E00, 0x9FA6))
        if char != heard[1] and readings(char) == readings(heard[1])
    )
    term = heard[0] + other + heard[2:]
    named = transcribe_recording(path, engine, SETTINGS.with_glossary(Glossary((Term(term),))))
    assert term in named.turns[0].text
    assert heard not in named.turns[0].text
    assert [turn.raw_text for turn in named.turns] == [turn.raw_text for turn in plain.turns]
    (note,) = named.notes
    assert dict(note.values)["shown"] == f"{heard}→{term}"


def test_crosstalk_is_not_transcribed_twice(engine, good_call, tmp_path):
    samples, _ = good_call
    agent = samples[: 8 * 8_000, 0]
    leak = (0.05 * np.roll(agent, 40)).astype(np.float32)
    transcript = transcribe_recording(write(tmp_path / "a.wav", agent, leak), engine, SETTINGS)
    assert {turn.role for turn in transcript.turns} == {"agent"}


def test_one_signal_on_two_channels_is_treated_as_mono(engine, good_call, tmp_path):
    samples, truth = good_call
    both = samples.sum(axis=1)
    transcript = transcribe_recording(write(tmp_path / "a.wav", both, both), engine, SETTINGS)
    assert [note.code for note in transcript.notes] == ["audio.same_channels"]
    assert {turn.channel for turn in transcript.turns} == {0}
    assert transcript.role_confidence > 0.75
    assert right_share(transcript, truth) > 0.85


def test_one_signal_with_opposite_signs_is_treated_as_mono(good_call, tmp_path):
    both = good_call[0][: 12 * 8_000].sum(axis=1)
    transcript = transcribe_recording(write(tmp_path / "a.wav", both, -both), Chatty(), SETTINGS)
    assert "audio.same_channels" in [note.code for note in transcript.notes]
    assert {turn.channel for turn in transcript.turns} == {0}


def test_both_parties_in_one_of_two_channels_are_not_surely_the_agent(engine, good_call, tmp_path):
    both = good_call[0][: 20 * 8_000].sum(axis=1)
    path = write(tmp_path / "a.wav", both, line_noise(20))
    transcript = transcribe_recording(path, engine, SETTINGS)
    assert transcript.role_confidence == 0.5
    channels = {note.code: dict(note.values).get("channel") for note in transcript.notes}
    assert channels["audio.maybe_shared_channel"] == "1"


def test_a_silent_customer_on_a_channel_of_their_own_leaves_the_agent_sure(engine, labels, tmp_path):
    row = labels["20260922001"]
    transcript = transcribe_recording(SAMPLES / row["file"], engine, SETTINGS)
    assert (transcript.channels, transcript.role_confidence, transcript.notes) == (2, 1.0, ())
    assert {turn.role for turn in transcript.turns} == {"agent"}


@pytest.mark.parametrize(
    ("call", "phrase", "least"),
    [("20260903001", "为您服务", 0.95), ("20261026001", "请问有什么可以帮您", 0.95)],
)
def test_roles_on_one_channel(engine, labels, call, phrase, least):
    """A woman and a man; a woman and an older man. Synthetic voices, whole recordings as they are.

    With the default preset: a greedy decoder leaves out a line now and then, and with it a change of speaker.
    """
    settings = TranscribeSettings()
    transcript = transcribe_recording(SAMPLES / labels[call]["file"], engine, settings)
    assert transcript.channels == 1
    assert transcript.role_confidence > 0.9
    assert right_share(transcript, labels[call]["truth"]) > least
    assert find(phrase, text_of(transcript, "agent"))
    assert not find(phrase, text_of(transcript, "customer"))


def test_a_silent_customer_makes_no_second_speaker(engine, labels, tmp_path):
    row = labels["20260922001"]
    samples, _ = soundfile.read(SAMPLES / row["file"], dtype="float32", always_2d=True)
    path = write(tmp_path / "a.wav", samples.mean(axis=1))
    transcript = transcribe_recording(path, engine, SETTINGS)
    assert {turn.role for turn in transcript.turns} == {"agent"}


def test_a_quiet_recording_is_heard(engine, good_call, tmp_path):
    samples, truth = good_call
    quiet = 0.01 * samples[: 12 * 8_000] + 0.02  # -40 dB, and an offset
    path = tmp_path / "a.wav"
    soundfile.write(path, quiet, 8_000, subtype="PCM_16")
    transcript = transcribe_recording(path, engine, SETTINGS)
    assert errors(truth[0]["text"], transcript.turns[0].text) < 0.5


def test_a_headerless_recording_is_heard(engine, good_call, tmp_path):
    samples, truth = good_call
    path = tmp_path / "1001.v3"
    soundfile.write(path, samples[: 7 * 8_000, 0], 8_000, format="RAW", subtype="ALAW", endian="FILE")
    raw = SETTINGS.model_copy(update={"raw_formats": (RawFormat(pattern="v3", encoding="alaw"),)})
    transcript = transcribe_recording(path, engine, raw)
    assert errors(truth[0]["text"], text_of(transcript)) < 0.5


def test_a_cut_off_recording_is_transcribed_as_far_as_it_goes(engine, good_call, tmp_path):
    samples, _ = good_call
    path = write(tmp_path / "a.wav", *samples.T)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 4])
    transcript = transcribe_recording(path, engine, SETTINGS)
    (note,) = transcript.notes
    assert note.code == "audio.truncated"
    assert dict(note.values)["duration_s"] == f"{transcript.duration_s:.1f}"
    assert transcript.turns


@pytest.mark.parametrize(
    "case", [case for case in CASES if "murmur" not in case.name], ids=lambda case: case.name
)
def test_nothing_is_invented_where_no_one_speaks(engine, case, tmp_path):
    samples = case.samples(12.0)
    path = write(tmp_path / "a.wav", samples, line_noise(len(samples) / 8_000))
    transcript = transcribe_recording(path, engine, SETTINGS)
    assert text_of(transcript) == ""
    assert turns_frame(transcript).height == 1


def test_of_a_voice_without_words_hardly_anything_is_left_and_nothing_sure(engine, tmp_path):
    """The detector takes it for speech, and so does the model; the rubric relies on no turn below 0.4."""
    case = next(case for case in CASES if case.name == "murmur -20 dB")
    path = write(tmp_path / "a.wav", case.samples(24.0), line_noise(24))
    transcript = transcribe_recording(path, engine, SETTINGS)
    removed = passages_in(transcript.notes)
    assert sum(len(one.text) for one in removed) > 3 * len(text_of(transcript))
    assert all(turn.confidence < 0.4 for turn in transcript.turns)


class Chatty(Deaf):
    """An engine that hears boilerplate after speech, and loops in every second chunk."""

    def decode(self, chunks, *, beam, no_repeat=0):
        heard = []
        for place in range(len(chunks)):
            text = "嗯嗯嗯嗯嗯嗯嗯嗯" if place % 2 else "請稍等。謝謝觀看。"
            pieces = tuple(Piece(char, 0.1, 0.2, -0.1) for char in text)
            heard.append(Decoded(text, pieces, -0.1, 0.0, 1.0))
        return heard


def test_what_is_invented_is_removed_counted_and_kept(good_call, tmp_path):
    samples, _ = good_call
    path = write(tmp_path / "a.wav", *samples[: 12 * 8_000].T)
    transcript = transcribe_recording(path, Chatty(), SETTINGS)
    assert {turn.text for turn in transcript.turns} == {"请稍等。"}
    assert all("謝謝觀看" in turn.raw_text for turn in transcript.turns)
    (note,) = transcript.notes
    removed = passages_in([note])
    assert {one.text for one in removed} == {"谢谢观看。", "嗯嗯嗯嗯嗯嗯嗯嗯"}
    assert dict(note.values)["count"] == str(len(removed))
    assert [one.start_s for one in removed] == sorted(one.start_s for one in removed)


def test_a_dead_channel_is_said(tmp_path):
    path = write(tmp_path / "a.wav", line_noise(3), silence(3))
    transcript = transcribe_recording(path, Deaf(), SETTINGS)
    assert [dict(note.values)["channel"] for note in transcript.notes] == ["2"]


def test_a_long_recording_needs_little_memory(tmp_path):
    path = tmp_path / "a.wav"
    with soundfile.SoundFile(path, "w", 8_000, 2, "ULAW") as file:
        minute = np.stack([ring_back(60), line_noise(60)], axis=1)
        for _ in range(25):
            file.write(minute)
    tracemalloc.start()
    transcript = transcribe_recording(path, Deaf(), SETTINGS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert transcript.duration_s == 1_500
    assert peak < 60e6  # the samples at 16 kHz would be 192 MB


def test_bad_files_raise_their_own_errors(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(b"")
    with pytest.raises(QaError, match=re.escape(str(path))):
        transcribe_recording(path, Deaf(), SETTINGS)


def test_given_words_are_scored_against_the_audio(engine, good_call):
    samples, truth = good_call
    span = slice(round(truth[0]["start_s"] * 8_000), round(truth[0]["end_s"] * 8_000))
    greeting = np.repeat(samples[span, 0], 2)  # 16 kHz, roughly
    right, wrong = engine.score(greeting, [truth[0]["text"], "感谢您的来电，祝您生活愉快，再见。"])
    assert right > wrong + 10
