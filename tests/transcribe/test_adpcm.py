import struct

import numpy as np
import pytest
import soundfile

from qa_audit.transcribe.adpcm import decode_ima

FIRST_BLOCK_HEADER = 4  # predictor, step index, a zero byte


def test_decodes_as_libsndfile_does_inside_a_wav(tmp_path):
    # One block of a WAV file whose header says predictor 0, index 0 holds the same nibbles as a bare file.
    wave = tmp_path / "a.wav"
    tone = (np.sin(np.arange(4_000) / 9) * 0.6).astype(np.float32)
    soundfile.write(wave, tone, 8_000, subtype="IMA_ADPCM")
    raw = wave.read_bytes()
    at = raw.index(b"data") + 8
    (block_bytes,) = struct.unpack_from("<H", raw, raw.index(b"fmt ") + 8 + 12)
    assert struct.unpack_from("<hB", raw, at) == (0, 0)
    bare = tmp_path / "a.ima"
    bare.write_bytes(raw[at + FIRST_BLOCK_HEADER : at + block_bytes])

    ours = np.concatenate(list(decode_ima(bare, 1_000)))

    theirs, _ = soundfile.read(wave, dtype="float32")
    assert len(ours) == 2 * (block_bytes - FIRST_BLOCK_HEADER)
    np.testing.assert_array_equal(ours, theirs[1 : 1 + len(ours)])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x07", [11, 13]),  # code 7 at step 7: 0 + 7 + 3 + 1; then step 16, code 0: 16 >> 3
        (b"\x0f", [-11, -9]),  # the sign bit
        (b"\x80", [0, 0]),  # the smallest steps, one of each sign: 7 >> 3
        (b"\x77", [11, 41]),  # code 7 at step 16: 2 + 16 + 8 + 4
    ],
)
def test_first_steps_by_hand(tmp_path, data, expected):
    file = tmp_path / "a.ima"
    file.write_bytes(data)
    (block,) = decode_ima(file, 100)
    assert (block * 32768).round().astype(int).tolist() == expected


def test_block_borders_do_not_matter(tmp_path):
    file = tmp_path / "a.ima"
    file.write_bytes(bytes(np.random.default_rng(0).integers(0, 256, 501, dtype=np.uint8)))
    whole = np.concatenate(list(decode_ima(file, 10_000)))
    parts = np.concatenate(list(decode_ima(file, 64)))
    np.testing.assert_array_equal(whole, parts)
