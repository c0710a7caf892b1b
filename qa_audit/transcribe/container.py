"""What a file is by its first bytes, for messages that name it, and what its WAV header promises."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

from qa_audit.messages import say

_HEAD_BYTES = 4096

# First bytes → the last part of a message key `transcribe.kind.…`.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"7z\xbc\xaf\x27\x1c", "seven_zip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"SQLite format 3", "database"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)
_ZIP_ENCRYPTED_FLAG = 0x1

# Codecs that recorders use and libsndfile lacks, by WAVE format tag (mmreg.h).
_WAVE_TAGS = {
    0x0010: "OKI ADPCM",
    0x0017: "Dialogic OKI ADPCM",
    0x0022: "TrueSpeech",
    0x0042: "Microsoft G.723.1",
    0x0083: "G.729A",
    0x0111: "G.723.1",
    0x0160: "WMA 1",
    0x0161: "WMA 2",
    0x00FF: "AAC",
    0xA100: "G.723.1 (Comverse)",
}
# Readable by libsndfile; a file with one of these and still refused is damaged, not foreign.
_KNOWN_TAGS = frozenset({0x0001, 0x0002, 0x0003, 0x0006, 0x0007, 0x0011, 0x0031, 0x0055, 0xFFFE})
_SIZE_NOT_WRITTEN = frozenset({0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF})


def looks_like(path: Path) -> str | None:
    """What a file that is no audio seems to be, in words for people; None when its bytes say nothing."""
    head = _head(path)
    if head.startswith(b"PK\x03\x04"):
        encrypted = len(head) > 7 and struct.unpack_from("<H", head, 6)[0] & _ZIP_ENCRYPTED_FLAG
        return say(f"transcribe.kind.{'zip_encrypted' if encrypted else 'zip'}")
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return say(f"transcribe.kind.{kind}")
    if head.startswith(b"RIFF"):
        return say("transcribe.kind.broken_wav")
    return say("transcribe.kind.text") if _is_text(head) else None


def unsupported_codec(path: Path) -> str | None:
    """Name of the codec when the file is audio or video that libsndfile cannot decode."""
    head = _head(path)
    if head.startswith((b"#!AMR", b"#!EVRC", b"#!SILK")):
        return head[2:8].split(b"\n")[0].decode("ascii", "replace").strip()
    if head[4:8] == b"ftyp":
        return "MP4/AAC"
    if head.startswith(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"):
        return "WMA/ASF"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "WebM/Matroska"
    if (
        head[:4] == b"RIFF"
        and head[8:12] == b"WAVE"
        and (at := head.find(b"fmt ")) >= 0
        and len(head) >= at + 10
    ):
        (tag,) = struct.unpack_from("<H", head, at + 8)
        if tag not in _KNOWN_TAGS:
            return _WAVE_TAGS.get(tag, f"WAVE 0x{tag:04X}")
    return None


def declared_data_bytes(path: Path) -> tuple[int, int] | None:
    """(bytes of samples that a WAV header promises, bytes that are there) when fewer are there; else None.

    Recorders that stream write no size, or the largest number: that is no promise.
    """
    found = _data_chunk(path)
    if found is None:
        return None
    start, declared = found
    there = path.stat().st_size - start
    return (declared, there) if declared not in _SIZE_NOT_WRITTEN and declared > there else None


def unclosed_wav(path: Path) -> mmap.mmap | None:
    """A WAV file that its recorder never closed (size of the samples still 0), with the size filled in.

    The file itself is not touched. None for every other file.
    """
    found = _data_chunk(path)
    size = path.stat().st_size
    if found is None or found[1] != 0 or found[0] >= size:
        return None
    with path.open("rb") as file:
        mended = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    struct.pack_into("<I", mended, 4, min(size - 8, 0xFFFFFFFF))
    struct.pack_into("<I", mended, found[0] - 4, min(size - found[0], 0xFFFFFFFF))
    return mended


def _data_chunk(path: Path) -> tuple[int, int] | None:
    """(where the samples of a WAV file start, how many bytes of them the header declares)."""
    with path.open("rb") as file:
        if file.read(4) != b"RIFF" or len(file.read(4)) < 4 or file.read(4) != b"WAVE":
            return None
        while len(header := file.read(8)) == 8:
            name, length = header[:4], struct.unpack("<I", header[4:])[0]
            if name == b"data":
                return file.tell(), length
            file.seek(length + length % 2, 1)
    return None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _is_text(head: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = head[: len(head) - len(head) % 4].decode(
                encoding, "strict" if encoding == "utf-8" else "ignore"
            )
        except UnicodeDecodeError:
            continue
        return bool(text) and all(char.isprintable() or char in "\r\n\t\ufeff" for char in text)
    return False
