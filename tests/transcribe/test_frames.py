import polars as pl
import pytest

from qa_audit.transcribe.frames import TURNS_SCHEMA, transcript_from, transcripts_from, turns_frame
from qa_audit.transcribe.turns import Note, Transcript, Turn

TURNS = (
    Turn("agent", 0.4, 3.2, "您好，请", 0.91, 0, "您好,請", char_start_ms=(400, 900, 1300, 2100)),
    Turn("customer", 3.0, 4.0, "喂", 0.5, 1, "喂"),
)
NOTES = (Note("audio.truncated", (("path", "a.wav"), ("expected_s", "9.0"), ("duration_s", "5.0"))),)


def transcript(turns=TURNS, notes=NOTES):
    return Transcript("ab" * 32, 5.0, 2, "openai-whisper", "base", "balanced", turns, 0.75, notes)


@pytest.mark.parametrize("turns", [TURNS, TURNS[:1], ()])
@pytest.mark.parametrize("notes", [NOTES, ()])
def test_there_and_back(turns, notes):
    one = transcript(turns, notes)
    assert transcript_from(turns_frame(one)) == one


def test_through_parquet_and_out_of_order(tmp_path):
    turns_frame(transcript()).reverse().write_parquet(tmp_path / "a.parquet")
    assert transcript_from(pl.read_parquet(tmp_path / "a.parquet")) == transcript()


def test_columns_and_values():
    frame = turns_frame(transcript())
    assert frame.schema == TURNS_SCHEMA
    assert frame.select("turn", "role", "channel", "text", "preset").rows() == [
        (0, "agent", 0, "您好，请", "balanced"),
        (1, "customer", 1, "喂", "balanced"),
    ]


def test_parts_of_many_recordings_can_be_joined():
    frame = pl.concat([turns_frame(transcript()), turns_frame(transcript(()))])
    assert frame["turn"].to_list() == [0, 1, None]


def test_notes_are_for_people():
    assert str(NOTES[0]).startswith("a.wav")


def test_many_transcripts_from_one_frame():
    many = [transcript(), transcript((), ()), transcript(TURNS[:1])]
    frames = [turns_frame(one) for one in many]
    heights = [frame.height for frame in frames]
    assert transcripts_from(pl.concat(frames), heights) == many
    assert transcripts_from(pl.DataFrame(schema=TURNS_SCHEMA), []) == []
