import struct

import pytest

from qa_audit.messages import speaking
from qa_audit.transcribe.container import declared_data_bytes, looks_like, mended_wav, unsupported_codec


def wav(data_bytes, declared, extra=b""):
    head = b"fmt \x10\x00\x00\x00" + struct.pack("<HHIIHH", 1, 1, 8_000, 16_000, 2, 16) + extra
    body = head + b"data" + struct.pack("<I", declared) + bytes(data_bytes)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def test_promise_and_content(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(100, 400))
    assert declared_data_bytes(path) == (400, 100)


def test_kept_promise(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(400, 400))
    assert declared_data_bytes(path) is None


def test_chunks_before_the_samples_are_passed_over_even_of_odd_length(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(100, 400, b"LIST\x03\x00\x00\x00abc\x00"))
    assert declared_data_bytes(path) == (400, 100)


def test_other_files_promise_nothing(tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(b"ID3" + bytes(50))
    assert declared_data_bytes(path) is None


def test_unknown_bytes_look_like_nothing(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(bytes(range(128, 250)))
    assert looks_like(path) is None
    assert unsupported_codec(path) is None


def test_kind_is_said_in_the_reader_s_language(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(b"%PDF-1.4")
    with speaking("zh"):
        assert looks_like(path) == "PDF 文档"
    with speaking("en"):
        assert looks_like(path) == "a PDF document"


def test_a_known_format_tag_is_no_foreign_codec(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(0, 0))
    assert unsupported_codec(path) is None


SOUND = bytes(range(256)) * 125  # two seconds of the WAV above


@pytest.mark.parametrize("size", [0, 0x7FFFFFFF, 0x7FFFF000, 0x80000000, 0xFFFFFF00, 0xFFFFFFDB, 0xFFFFFFFF])
def test_sizes_that_mean_unknown_promise_nothing(tmp_path, size):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(400, size))
    assert declared_data_bytes(path) is None


def test_rf64_promises_in_a_chunk_of_its_own(tmp_path):
    path = tmp_path / "a.wav"
    sizes = b"ds64" + struct.pack("<IQQQI", 28, 0, 400, 200, 0)
    head = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 16_000, 2, 16)
    path.write_bytes(b"RF64\xff\xff\xff\xffWAVE" + sizes + head + b"data\xff\xff\xff\xff" + bytes(100))
    assert declared_data_bytes(path) == (400, 100)


def test_au_and_aiff_promise_as_well(tmp_path):
    path = tmp_path / "a.au"
    path.write_bytes(b".snd" + struct.pack(">IIIII", 24, 400, 1, 8_000, 1) + bytes(100))
    assert declared_data_bytes(path) == (400, 100)
    path.write_bytes(b".snd" + struct.pack(">IIIII", 24, 0xFFFFFFFF, 1, 8_000, 1) + bytes(100))
    assert declared_data_bytes(path) is None
    path.write_bytes(b"FORM" + struct.pack(">I", 420) + b"AIFFSSND" + struct.pack(">I", 408) + bytes(8 + 100))
    assert declared_data_bytes(path) == (400, 100)


def test_samples_behind_those_declared_are_found(tmp_path):
    path = tmp_path / "a.wav"
    data = wav(400, 400)
    path.write_bytes(data + SOUND)
    mended = mended_wav(path)
    assert mended is not None
    assert (
        bytes(mended)
        == b"RIFF" + struct.pack("<I", 32_436) + data[8:40] + struct.pack("<I", 32_400) + bytes(400) + SOUND
    )


@pytest.mark.parametrize(
    ("declared", "rest"),
    [
        (400, b""),
        (400, b"LIST" + struct.pack("<I", 32_000) + SOUND),
        (399, b"\0LIST" + struct.pack("<I", 32_000) + SOUND),
        (399, b"LIST" + struct.pack("<I", 32_000) + SOUND),
        (400, bytes(32_000)),
        (400, "<通话>".encode() * 4_000),
        (400, SOUND[:8_000]),
    ],
)
def test_what_else_may_lie_behind_the_samples_is_no_sound(tmp_path, declared, rest):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(declared, declared) + rest)
    assert mended_wav(path) is None


def test_raw_aac_is_told_by_two_frames(tmp_path):
    path = tmp_path / "a.aac"
    frame = bytes([0xFF, 0xF1, 0x60, 0x40, 0x01, 0x7F, 0xFC]) + bytes(4)  # 11 bytes long
    path.write_bytes(frame * 2)
    assert unsupported_codec(path) == "AAC"
    path.write_bytes(frame + bytes(20))
    assert unsupported_codec(path) is None
