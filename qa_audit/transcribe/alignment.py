"""When each token was said, from where the decoder looked in the audio while writing it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def token_spans(attention: Floats, frame_s: float) -> list[tuple[float, float]]:
    """Start and end of every token but the last (the end of text), in seconds.

    `attention`: shape (heads, tokens, frames), rows sum to 1. Weights are standardised over the tokens,
    averaged over the heads, and the tokens are laid over the frames in order, each frame given to one
    token, so that the sum of the weights is greatest (as `whisper.timing.find_alignment`, where the path
    is found by dynamic time warping).

    >>> weights = np.float32([[[.9, .1, 0, 0], [0, .1, .9, 0], [0, 0, 0, 1]]])
    >>> token_spans(weights, 0.02)
    [(0.0, 0.02), (0.02, 0.06)]
    """
    mean = attention.mean(axis=1, keepdims=True)
    deviation = attention.std(axis=1, keepdims=True)
    matrix = ((attention - mean) / np.maximum(deviation, 1e-6)).mean(axis=0)
    tokens, frames = matrix.shape
    total = np.full(tokens, -np.inf)
    total[0] = 0.0
    stepped = np.zeros((frames, tokens), bool)
    for frame in range(frames):
        moved = np.concatenate(([-np.inf], total[:-1])) if frame else np.full(tokens, -np.inf)
        stepped[frame] = moved > total
        total = np.maximum(total, moved) + matrix[:, frame]
    ends = np.zeros(tokens, int)
    token = tokens - 1 if np.isfinite(total[-1]) else int(np.flatnonzero(np.isfinite(total))[-1])
    ends[token:] = frames
    for frame in range(frames - 1, 0, -1):
        if stepped[frame, token] and token:
            token -= 1
            ends[token] = frame
    starts = np.concatenate(([0], ends[:-1]))
    return [
        (float(round(a * frame_s, 3)), float(round(b * frame_s, 3)))
        for a, b in zip(starts[:-1], ends[:-1], strict=True)
    ]
