"""IMA ADPCM without a header, as some recorders write it; libsndfile knows it only inside WAV and AIFF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# IMA Digital Audio Focus and Technical Working Groups, Recommended Practices, 1992, tables 1 and 2.
_INDEX_STEPS = (-1, -1, -1, -1, 2, 4, 6, 8)
_STEP_COUNT = 89


def _step_sizes() -> tuple[int, ...]:
    return (
        *(
            7,
            8,
            9,
            10,
            11,
            12,
            13,
            14,
            16,
            17,
            19,
            21,
            23,
            25,
            28,
            31,
            34,
            37,
            41,
            45,
            50,
            55,
            60,
            66,
            73,
            80,
            88,
        ),
        *(
            97,
            107,
            118,
            130,
            143,
            157,
            173,
            190,
            209,
            230,
            253,
            279,
            307,
            337,
            371,
            408,
            449,
            494,
            544,
            598,
            658,
        ),
        *(
            724,
            796,
            876,
            963,
            1060,
            1166,
            1282,
            1411,
            1552,
            1707,
            1878,
            2066,
            2272,
            2499,
            2749,
            3024,
            3327,
            3660,
        ),
        *(
            4026,
            4428,
            4871,
            5358,
            5894,
            6484,
            7132,
            7845,
            8630,
            9493,
            10442,
            11487,
            12635,
            13899,
            15289,
            16818,
        ),
        *(18500, 20350, 22385, 24623, 27086, 29794, 32767),
    )


def _tables() -> tuple[list[list[int]], list[list[int]]]:
    """Difference and next index for every (step index, 4-bit code)."""
    differences, following = [], []
    for index, step in enumerate(_step_sizes()):
        row, after = [], []
        for code in range(16):
            size = (step >> 3) + sum(step >> shift for bit, shift in ((4, 0), (2, 1), (1, 2)) if code & bit)
            row.append(-size if code & 8 else size)
            after.append(min(max(index + _INDEX_STEPS[code & 7], 0), _STEP_COUNT - 1))
        differences.append(row)
        following.append(after)
    return differences, following


_DIFFERENCES, _FOLLOWING = _tables()


def decode_ima(path: Path, block_samples: int) -> Iterator[NDArray[np.float32]]:
    """Yield float32 samples (±1, mono) of a headerless IMA ADPCM file, low nibble first."""
    value = index = 0
    with path.open("rb") as file:
        while data := file.read(max(block_samples // 2, 1)):
            out = np.empty(2 * len(data), np.float32)
            at = 0
            for byte in data:
                for code in (byte & 15, byte >> 4):
                    value = min(max(value + _DIFFERENCES[index][code], -32768), 32767)
                    index = _FOLLOWING[index][code]
                    out[at] = value
                    at += 1
            yield out / np.float32(32768.0)
