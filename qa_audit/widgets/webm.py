"""Opus packets from an Ogg file into WebM, the container that browsers take piece by piece.

libsndfile writes Opus into Ogg only, and a browser's MediaSource takes Opus in WebM only. Both are plain
containers, so the packets are moved as they are.

Sources: RFC 3533 (Ogg pages), RFC 6716 section 3.1 (length of a packet), RFC 7845 (Opus in Ogg), RFC 9559
(Matroska).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OPUS_RATE_HZ = 48_000
"""Opus counts in samples of this rate, whatever was encoded."""
CLUSTER_MS = 5_000
"""Times inside a cluster are 16 bits of milliseconds."""


@dataclass(frozen=True, slots=True)
class OpusStream:
    """What an Ogg Opus file holds."""

    head: bytes
    """The header `OpusHead`."""
    packets: tuple[bytes, ...]

    @property
    def channels(self) -> int:
        """1 or 2."""
        return self.head[9]

    @property
    def delay_s(self) -> float:
        """So much later than it went into the encoder, a sound comes out of the decoder."""
        return struct.unpack_from("<H", self.head, 10)[0] / OPUS_RATE_HZ


def read_ogg_opus(data: bytes) -> OpusStream:
    """The packets of an Ogg file with a single Opus stream, headers apart.

    Raises `ValueError` for anything else.
    """
    packets = list(_ogg_packets(data))
    if len(packets) < 2 or packets[0][:8] != b"OpusHead" or packets[1][:8] != b"OpusTags":
        raise ValueError("not an Ogg Opus file")
    return OpusStream(packets[0], tuple(packets[2:]))


def webm(stream: OpusStream) -> bytes:
    """A WebM file of the packets, the first at 0 ms; its times lag by `stream.delay_s`, untold."""
    head = stream.head[:10] + b"\0\0" + stream.head[12:]  # browsers differ in what they make of a delay
    info = _element(
        0x1549A966, _uint(0x2AD7B1, 1_000_000) + _text(0x4D80, "qa-audit") + _text(0x5741, "qa-audit")
    )
    sound = _element(0xE1, _element(0xB5, struct.pack(">d", OPUS_RATE_HZ)) + _uint(0x9F, stream.channels))
    entry = (
        _uint(0xD7, 1)
        + _uint(0x73C5, 1)
        + _uint(0x83, 2)
        + _text(0x86, "A_OPUS")
        + _element(0x63A2, head)
        + sound
    )
    tracks = _element(0x1654AE6B, _element(0xAE, entry))
    version = _uint(0x4286, 1) + _uint(0x42F7, 1) + _uint(0x42F2, 4) + _uint(0x42F3, 8)
    kind = _text(0x4282, "webm") + _uint(0x4287, 4) + _uint(0x4285, 2)
    segment = struct.pack(">I", 0x18538067) + b"\x01" + b"\xff" * 7  # of unknown length
    return (
        _element(0x1A45DFA3, version + kind) + segment + info + tracks + b"".join(_clusters(stream.packets))
    )


def packet_ms(packet: bytes) -> float:
    """Length of the sound in an Opus packet, in milliseconds.

    >>> packet_ms(bytes([0b01001_0_00]))  # SILK, wide band, 20 ms, one frame
    20.0
    """
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame_ms = (10.0, 20.0, 40.0, 60.0)[config & 3]
    elif config < 16:
        frame_ms = (10.0, 20.0)[config & 1]
    else:
        frame_ms = (2.5, 5.0, 10.0, 20.0)[config & 3]
    return frame_ms * (packet[1] & 0x3F if code == 3 else (1, 2, 2)[code])


def _ogg_packets(data: bytes) -> Iterator[bytes]:
    at, held = 0, b""
    while at < len(data):
        if data[at : at + 4] != b"OggS" or at + 27 > len(data):
            raise ValueError("not an Ogg file")
        count = data[at + 26]
        lacing = data[at + 27 : at + 27 + count]
        at += 27 + count
        for length in lacing:
            held += data[at : at + length]
            at += length
            if length < 255:
                yield held
                held = b""


def _clusters(packets: Iterable[bytes]) -> Iterator[bytes]:
    at_ms, start_ms, blocks = 0.0, 0, b""
    for packet in packets:
        if at_ms - start_ms >= CLUSTER_MS:
            yield _element(0x1F43B675, _uint(0xE7, start_ms) + blocks)
            start_ms, blocks = round(at_ms), b""
        blocks += _element(0xA3, b"\x81" + struct.pack(">hB", round(at_ms) - start_ms, 0x80) + packet)
        at_ms += packet_ms(packet)
    if blocks:
        yield _element(0x1F43B675, _uint(0xE7, start_ms) + blocks)


def _element(name: int, content: bytes) -> bytes:
    spelled = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return spelled + struct.pack(">Q", (1 << 56) | len(content)) + content


def _uint(name: int, value: int) -> bytes:
    return _element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _text(name: int, value: str) -> bytes:
    return _element(name, value.encode())
