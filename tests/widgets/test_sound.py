import io

import numpy as np
import pytest
import soundfile

from qa_audit.transcribe.audio import native_blocks, open_recording
from qa_audit.transcribe.settings import RawFormat
from qa_audit.widgets.sound import LEAD_S, PieceMaker
from qa_audit.widgets.webm import packet_ms, read_ogg_opus


@pytest.fixture
def recording(tmp_path):
    """Forty seconds, A-law: left a tone of 440 Hz from second 10 to 11, right silence."""
    sound = np.zeros((320_000, 2), np.float32)
    sound[80_000:88_000, 0] = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8_000) / 8_000)
    soundfile.write(tmp_path / "a.wav", sound, 8_000, subtype="ALAW")
    return open_recording(tmp_path / "a.wav")


def heard(monkeypatch, recording, start_s, end_s):
    """A piece, and its sound as a decoder gives it: the Ogg file is looked at on its way."""
    files = []

    def spy(data):
        files.append(data)
        return read_ogg_opus(data)

    monkeypatch.setattr("qa_audit.widgets.sound.read_ogg_opus", spy)
    piece = PieceMaker(recording).piece(start_s, end_s)
    sound, rate = soundfile.read(io.BytesIO(files[0]), always_2d=True)
    return piece, sound, rate


def test_a_tone_lies_where_the_piece_says(monkeypatch, recording):
    piece, sound, rate = heard(monkeypatch, recording, 9.0, 12.0)
    assert (piece.start_s, piece.end_s) == (9.0, 12.0)
    # libsndfile takes the decoder's delay off, the browser does not: hence the offset.
    assert piece.offset_s == pytest.approx(9.0 - LEAD_S - 0.0065, abs=0.001)
    loud = np.flatnonzero(np.abs(sound[:, 0]) > 0.2) / rate + 9.0 - LEAD_S
    assert loud[0] == pytest.approx(10.0, abs=0.01)
    assert loud[-1] == pytest.approx(11.0, abs=0.01)
    assert np.abs(sound[:, 1]).max() < 0.02


def test_a_piece_covers_what_it_promises(recording):
    piece = PieceMaker(recording).piece(0.0, 2.5)
    assert piece.offset_s == pytest.approx(-0.0065, abs=0.001)
    assert len(piece.data) < 40_000


def test_the_last_piece_reaches_to_the_end(monkeypatch, recording):
    files = []
    monkeypatch.setattr(
        "qa_audit.widgets.sound.read_ogg_opus", lambda data: files.append(read_ogg_opus(data)) or files[0]
    )
    piece = PieceMaker(recording).piece(36.0, 99.0)
    assert piece.end_s == 40.0
    length_s = sum(map(packet_ms, files[0].packets)) / 1000
    assert piece.offset_s + length_s >= 40.0


def test_a_piece_is_never_long(recording):
    assert PieceMaker(recording).piece(1.0, 40.0).end_s == 31.0


def test_beyond_the_end_there_is_nothing(recording):
    piece = PieceMaker(recording).piece(50.0, 60.0)
    assert (piece.start_s, piece.end_s, piece.data) == (40.0, 40.0, b"")


def test_pieces_read_on_and_back_as_one_alone_would(recording, monkeypatch):
    opened = []

    def counted(*args):
        opened.append(args[-1])
        return native_blocks(*args)

    monkeypatch.setattr("qa_audit.widgets.sound.native_blocks", counted)
    maker = PieceMaker(recording)
    stretches = [(0.0, 2.5), (2.5, 8.5), (8.5, 12.0), (20.0, 22.0), (9.5, 11.0)]
    made = [maker.piece(*one).data for one in stretches]
    assert opened == [0.0, 9.4]  # only the way back begins anew
    assert made == [PieceMaker(recording).piece(*one).data for one in stretches]


@pytest.mark.parametrize("encoding", ["vox_adpcm", "ima_adpcm"])
def test_codecs_that_cannot_be_sought_give_pieces_anywhere(tmp_path, encoding):
    (tmp_path / "a.vox").write_bytes(np.random.default_rng(1).bytes(40_000))
    recording = open_recording(tmp_path / "a.vox", RawFormat(pattern="*.vox", encoding=encoding))
    maker = PieceMaker(recording)
    for start_s in (0.0, 6.0, 1.0, 8.0):
        alone = PieceMaker(recording).piece(start_s, start_s + 1.0).data
        assert maker.piece(start_s, start_s + 1.0).data == alone != b""
