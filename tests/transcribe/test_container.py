import struct

from qa_audit.messages import speaking
from qa_audit.transcribe.container import declared_data_bytes, looks_like, unsupported_codec


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
