import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from benchmarks.invented import Invented, counted, letters, main, measure, shown, write_case
from benchmarks.sounds.no_speech import CASES
from qa_audit.transcribe.engine import Decoded, Piece
from qa_audit.transcribe.invented import Passage, note_of
from qa_audit.transcribe.settings import SpeechSettings, TranscribeSettings
from qa_audit.transcribe.turns import Transcript, Turn


def transcript(turns=(), passages=()):
    notes = (note_of("a.wav", passages),) if passages else ()
    return Transcript("ab", 60.0, 2, "openai-whisper", "base", "draft", tuple(turns), notes=notes)


def turn(text, raw_text):
    return Turn("agent", 0.0, 1.0, text, 0.9, 0, raw_text)


def test_letters_are_counted_and_signs_are_not():
    assert letters("您好，8012 号。OK!") == 9
    assert letters("。。。") == 0


def test_what_was_removed_counts_before_and_not_after():
    passages = [Passage(0, 1.0, "谢谢观看"), Passage(0, 9.0, "我说了,")]
    assert counted("x", transcript((), passages)) == Invented("x", 1.0, 7, 0, 2, "谢谢观看、我说了,")
    left = counted("x", transcript([turn("好的", "好的。谢谢观看")], passages))
    assert (left.raw, left.text, left.passages, left.shown) == (9, 2, 2, "好的")


def test_nothing_written_is_nothing_counted():
    assert counted("x", transcript()) == Invented("x", 1.0, 0, 0, 0, "")


def test_a_sound_lies_on_the_left_channel_and_noise_on_the_right(tmp_path):
    case = next(case for case in CASES if case.name == "busy tone")
    write_case(tmp_path / "a.wav", case, 3.0)
    samples, rate = soundfile.read(tmp_path / "a.wav")
    assert (samples.shape, rate) == ((24_000, 2), 8_000)
    left, right = 20 * np.log10(samples.std(axis=0))
    assert left == pytest.approx(-17, abs=1)
    assert right == pytest.approx(-50, abs=1)


def test_the_table_gives_characters_a_minute_and_their_sum():
    table = shown([Invented("a", 1.0, 6, 0, 1, "谢谢观看"), Invented("b", 0.5, 3, 3, 0, "好的吧")])
    assert table.splitlines()[2:] == [
        "a                 6.0       0.0        1  谢谢观看",
        "b                 6.0       6.0        0  好的吧",
        "all, 1.5 min     6.00      2.00        1",
    ]


class Chatty:
    """An engine that hears the same sentence in everything."""

    name, model, digest = "openai-whisper", "base", "0" * 64

    def decode(self, chunks, *, beam, no_repeat=0):
        pieces = tuple(Piece(char, 0.1, 0.2, -0.1) for char in "谢谢观看")
        return [Decoded("谢谢观看", pieces, -0.1, 0.0, 0.8) for _ in chunks]


def test_measured_the_whole_way():
    settings = TranscribeSettings(preset="draft", speech=SpeechSettings(threshold=0.005, min_speech_ms=0))
    murmur = [case for case in CASES if case.name == "murmur -20 dB"]
    (found,) = measure(Chatty(), settings, murmur, 4.0)
    assert (found.text, found.raw % 4, found.passages * 4) == (0, 0, found.raw)
    assert found.raw > 0
    (quiet,) = measure(Chatty(), TranscribeSettings(), CASES[:1], 2.0)
    assert (quiet.raw, quiet.text) == (0, 0)


def test_the_command_names_its_options():
    told = CliRunner().invoke(main, ["--help"]).output
    assert "--engine" in told
    assert "--preset" in told
