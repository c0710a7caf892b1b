"""Which chunks are encoded and decoded together, and what the model sees of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

HOP_SAMPLES = 160  # of a mel frame; the encoder halves the rate: 20 ms a position
FRAME_SAMPLES = 2 * HOP_SAMPLES
FRAME_S = FRAME_SAMPLES / 16_000

Floats = NDArray[np.float32]


def batches(lengths: Sequence[int], longest_s: float, most: int) -> list[list[int]]:
    """Places of chunks that go together, longest first, so that little is padded.

    `lengths` in samples; a batch holds at most `most` chunks and `longest_s` of audio, padding counted.

    >>> batches([16_000, 48_000, 32_000], longest_s=6.0, most=8)
    [[1, 2], [0]]
    """
    order = sorted(range(len(lengths)), key=lambda place: (-lengths[place], place))
    found: list[list[int]] = []
    for place in order:
        batch = found[-1] if found else []
        longest = lengths[batch[0]] if batch else 0
        if not batch or len(batch) >= most or longest * (len(batch) + 1) > longest_s * 16_000:
            found.append([place])
        else:
            batch.append(place)
    return found


def mel_features(chunks: Sequence[Floats], n_mels: int) -> Floats:
    """Whisper's log-mel spectrograms, shape (batch, n_mels, frames), all at the length of the longest chunk.

    Chunks are mono, 16 kHz. The length is that of the audio, not the 30 s that `whisper.transcribe` pads to.
    """
    import whisper

    longest = -(-max(map(len, chunks)) // FRAME_SAMPLES) * FRAME_SAMPLES
    rows = [whisper.log_mel_spectrogram(np.pad(one, (0, longest - len(one))), n_mels) for one in chunks]
    return np.stack([row.numpy() for row in rows])
