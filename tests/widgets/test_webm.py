import io
import struct

import numpy as np
import pytest
import soundfile

from qa_audit.widgets.webm import packet_ms, read_ogg_opus, webm


@pytest.fixture(scope="module")
def ogg():
    """Seven seconds, two channels."""
    sound = np.random.default_rng(0).normal(0, 0.1, (7 * 16_000, 2)).astype(np.float32)
    file = io.BytesIO()
    soundfile.write(file, sound, 16_000, format="OGG", subtype="OPUS", compression_level=0.9)
    return file.getvalue()


def elements(data, at=0):
    """(id, content) of the elements of an EBML file; a segment of unknown length is opened."""
    while at < len(data):
        first = data[at]
        width = next(n for n in range(1, 5) if first >> (8 - n))
        name = int.from_bytes(data[at : at + width], "big")
        at += width
        length = struct.unpack_from(">Q", data, at)[0] & ((1 << 56) - 1)
        at += 8
        if name == 0x18538067:
            yield name, b""
            continue
        yield name, data[at : at + length]
        at += length


def test_packets_of_an_ogg_file(ogg):
    stream = read_ogg_opus(ogg)
    assert stream.channels == 2
    assert 0.0 < stream.delay_s < 0.03
    total_ms = sum(map(packet_ms, stream.packets))
    assert 7_000 <= total_ms < 7_100


def test_every_packet_is_a_block_at_its_time(ogg):
    stream = read_ogg_opus(ogg)
    file = list(elements(webm(stream)))
    assert [name for name, _ in file[:4]] == [0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B]
    blocks = []
    for name, content in file[4:]:
        assert name == 0x1F43B675
        (_, start), *inside = elements(content)
        for block_name, block in inside:
            assert block_name == 0xA3
            assert (block[0], block[3]) == (0x81, 0x80)
            blocks.append((int.from_bytes(start, "big") + struct.unpack_from(">h", block, 1)[0], block[4:]))
    assert [packet for _, packet in blocks] == list(stream.packets)
    assert [at for at, _ in blocks[:4]] == [0, 20, 40, 60]
    assert blocks[-1][0] == 20 * (len(blocks) - 1)
    assert len(file) - 4 == 2  # five seconds a cluster


def test_the_header_tells_no_delay(ogg):
    track = dict(elements(dict(elements(webm(read_ogg_opus(ogg))))[0x1654AE6B]))[0xAE]
    head = dict(elements(track))[0x63A2]
    assert head[:8] == b"OpusHead"
    assert head[10:12] == b"\0\0"
    assert dict(elements(track))[0x86] == b"A_OPUS"


@pytest.mark.parametrize("data", [b"", b"RIFF....", b"OggS" + b"\0" * 10, b"OggS" + b"\0" * 22 + b"\1\4abcd"])
def test_what_is_no_ogg_opus_file_is_refused(data):
    with pytest.raises(ValueError, match="Ogg"):
        read_ogg_opus(data)


@pytest.mark.parametrize(
    ("config", "code", "ms"),
    [(0, 0, 10.0), (3, 0, 60.0), (12, 0, 10.0), (13, 1, 40.0), (16, 0, 2.5), (31, 2, 40.0)],
)
def test_length_of_a_packet_by_its_first_byte(config, code, ms):
    assert packet_ms(bytes([config << 3 | code])) == ms


def test_a_packet_may_say_how_many_frames_it_has():
    assert packet_ms(bytes([31 << 3 | 3, 3])) == 60.0
