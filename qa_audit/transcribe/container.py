"""What a file is by its first bytes, for messages that name it, and what its WAV header promises."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path
from typing import BinaryIO, Literal

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
# Containers that libsndfile lacks: where their mark stands, the mark, the name.
_CONTAINERS = (
    (4, b"ftyp", "MP4/AAC"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMA/ASF"),
    (0, b"\x1a\x45\xdf\xa3", "WebM/Matroska"),
)
# Readable by libsndfile; a file with one of these and still refused is damaged, not foreign.
_KNOWN_TAGS = frozenset({0x0001, 0x0002, 0x0003, 0x0006, 0x0007, 0x0011, 0x0031, 0x0055, 0xFFFE})
# Who streams writes 0 or a number near the largest for a size not known yet (SoX 0x7FFFF000).
_LARGEST = 1 << 31
_NEAR_LARGEST = 8192
_FORGOTTEN_S = 1.0  # less than this behind the samples is taken for some program's mark

ByteOrder = Literal["little", "big"]


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
    if _is_adts(head):
        return "AAC"
    for at, magic, name in _CONTAINERS:
        if head.startswith(magic, at):
            return name
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
    """(bytes of samples that the header promises, bytes that are there) when fewer are there; else None.

    Of WAV (RF64, too), AIFF and AU. Recorders that stream write no size, or the largest number: that is no
    promise.
    """
    with path.open("rb") as file:
        found = _data_chunk(file) or _big_endian_data(file)
    if found is None:
        return None
    start, declared = found
    there = path.stat().st_size - start
    return (declared, there) if _is_size(declared) and declared > there else None


def mended_wav(path: Path) -> mmap.mmap | None:
    """A WAV file whose recorder never closed it, with the size of the samples filled in; else None.

    The size is still 0, or that of an earlier moment, and samples follow where other chunks should. The file
    itself is not touched.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        found = _data_chunk(file)
        if found is None or found[0] >= size or not (found[1] == 0 or _is_followed_by_samples(file, *found)):
            return None
        file.seek(0)
        if file.read(4) != b"RIFF":
            return None
        mended = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    struct.pack_into("<I", mended, 4, min(size - 8, 0xFFFFFFFF))
    struct.pack_into("<I", mended, found[0] - 4, min(size - found[0], 0xFFFFFFFF))
    return mended


def _is_size(declared: int) -> bool:
    return -declared % _LARGEST > _NEAR_LARGEST


def _is_followed_by_samples(file: BinaryIO, start: int, declared: int) -> bool:
    """Whether what lies behind the declared samples is sound: neither chunks nor padding nor text."""
    size = file.seek(0, 2)
    rest = size - start - declared
    if rest < _FORGOTTEN_S * _bytes_a_second(file):
        return False
    # Not every program pads samples of an odd length.
    if any(_is_chunk(file, at, size) for at in {start + declared, start + declared + declared % 2}):
        return False
    file.seek(start + declared)
    head = file.read(_HEAD_BYTES)
    return len(set(head)) > 1 and not _is_text(head)


def _bytes_a_second(file: BinaryIO) -> int:
    found = _chunk(file, b"fmt ")
    if found is None:
        return 1
    file.seek(found[0] + 8)
    return max(1, int.from_bytes(file.read(4), "little"))


def _is_chunk(file: BinaryIO, at: int, size: int) -> bool:
    file.seek(at)
    header = file.read(8)
    length = int.from_bytes(header[4:], "little")
    return header[:4].isascii() and header[:4].decode().isprintable() and at + 8 + length <= size + 1


def _data_chunk(file: BinaryIO) -> tuple[int, int] | None:
    """(where the samples of a WAV file start, how many bytes of them the header declares)."""
    found = _chunk(file, b"data")
    if found is None or found[1] != 0xFFFFFFFF or (sizes := _chunk(file, b"ds64")) is None:
        return found
    file.seek(sizes[0] + 8)
    return found[0], int.from_bytes(file.read(8), "little")


def _chunk(file: BinaryIO, wanted: bytes) -> tuple[int, int] | None:
    """(start, length) of the first chunk of a name in a WAV file."""
    file.seek(0)
    head = file.read(12)
    if head[:4] not in (b"RIFF", b"RF64", b"BW64") or head[8:] != b"WAVE":
        return None
    return _next_chunk(file, wanted, "little")


def _next_chunk(file: BinaryIO, wanted: bytes, order: ByteOrder) -> tuple[int, int] | None:
    """(start, length) of the first chunk of a name from here on."""
    while len(header := file.read(8)) == 8:
        length = int.from_bytes(header[4:], order)
        if header[:4] == wanted:
            return file.tell(), length
        file.seek(length + length % 2, 1)
    return None


def _big_endian_data(file: BinaryIO) -> tuple[int, int] | None:
    """As `_data_chunk`, of an AU or AIFF file."""
    file.seek(0)
    head = file.read(12)
    if head[:4] == b".snd":
        return int.from_bytes(head[4:8], "big"), int.from_bytes(head[8:12], "big")
    if head[:4] != b"FORM" or head[8:] not in (b"AIFF", b"AIFC"):
        return None
    found = _next_chunk(file, b"SSND", "big")
    if found is None:
        return None
    start, length = found
    return start + 8, max(0, length - 8)  # eight bytes of offset and block size come first


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _is_adts(head: bytes) -> bool:
    """Whether a frame of AAC stands at the beginning and another where the first says that it ends."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return False
    next_at = (head[3] & 0x3) << 11 | head[4] << 3 | head[5] >> 5
    return head[next_at : next_at + 2] == head[:2]


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
