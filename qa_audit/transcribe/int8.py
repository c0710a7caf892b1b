"""Whisper's weights made ready for 8-bit arithmetic, so that rounding costs less.

Two things lose more than the 8 bits themselves. Activations are rounded by the largest value of a row, so
one loud column drowns the others; and on processors without VNNI instructions two products are added in 16
bits, which overflow when both weights are near the end of their range. Relative error of the encoder's
output, whisper-base, AVX2, ten chunks of telephone speech: 8.8 % as CTranslate2 rounds by itself, 6.7 % with
weights kept to ±96, 5.7 % with columns evened out as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = Mapping[str, NDArray[Any]]

WEIGHT_LIMIT = 96
"""Largest rounded weight; 127 overflows in 16 bits, 64 never does and rounds more coarsely."""
_BALANCE = 0.5  # how the spread is shared between activations and weights (SmoothQuant's alpha)
_NORMAL_PEAK = 3.0  # a normalised value rarely exceeds three standard deviations
_TINY = 1e-5


def smoothed(dims: Mapping[str, int], state: Tensors) -> dict[str, NDArray[np.float32]]:
    """The same model with the spread of its columns shared between activations and weights.

    What a layer norm gives is divided by a factor a column and the weights that read it are multiplied by
    it; likewise values and output of attention. In exact arithmetic nothing changes. The size of
    activations is judged from the norm's own weights, so no recordings are needed.

    Source: Xiao et al. 2023, SmoothQuant, equations 3 and 4.
    """
    out = {name: np.array(array, np.float32) for name, array in state.items()}
    for side, layers in (("encoder", dims["n_audio_layer"]), ("decoder", dims["n_text_layer"])):
        for layer in range(layers):
            block = f"{side}.blocks.{layer}"
            _norm(out, f"{block}.attn_ln", [f"{block}.attn.{part}" for part in ("query", "key", "value")])
            _norm(out, f"{block}.mlp_ln", [f"{block}.mlp.0"])
            _values(out, f"{block}.attn")
            if side == "decoder":
                _norm(out, f"{block}.cross_attn_ln", [f"{block}.cross_attn.query"])
                _values(out, f"{block}.cross_attn")
    return out


def quantised(tensors: Tensors) -> dict[str, NDArray[Any]]:
    """Matrices of a model in CTranslate2's names as int8 with a scale a row (`…_scale`), the rest as it is.

    >>> found = quantised({"a/weight": np.float32([[0.5, -1.0]]), "a/bias": np.float32([1.0])})
    >>> found["a/weight"].tolist(), found["a/weight_scale"].tolist(), found["a/bias"].tolist()
    ([[48, -96]], [96.0], [1.0])
    """
    out: dict[str, NDArray[Any]] = {}
    for name, array in tensors.items():
        if name.endswith("/weight") and array.ndim == 2:
            wide = array.astype(np.float32)
            scale = WEIGHT_LIMIT / np.maximum(np.abs(wide).max(axis=1), 1e-9)
            out[name] = np.rint(wide * scale[:, None]).astype(np.int8)
            out[f"{name}_scale"] = scale.astype(np.float32)
        else:
            out[name] = array
    return out


def _norm(state: dict[str, NDArray[np.float32]], norm: str, readers: Sequence[str]) -> None:
    gain, offset = state[f"{norm}.weight"], state[f"{norm}.bias"]
    weights = [f"{reader}.weight" for reader in readers]
    read = np.max([np.abs(state[name]).max(axis=0) for name in weights], axis=0)
    factor = _factor(_NORMAL_PEAK * np.abs(gain) + np.abs(offset), read)
    state[f"{norm}.weight"], state[f"{norm}.bias"] = gain / factor, offset / factor
    for name in weights:
        state[name] = state[name] * factor


def _values(state: dict[str, NDArray[np.float32]], attention: str) -> None:
    value, out = state[f"{attention}.value.weight"], state[f"{attention}.out.weight"]
    bias = state[f"{attention}.value.bias"]
    written = np.linalg.norm(value, axis=1).astype(np.float32) + np.abs(bias)
    factor = _factor(written, np.abs(out).max(axis=0))
    state[f"{attention}.value.weight"] = value / factor[:, None]
    state[f"{attention}.value.bias"] = bias / factor
    state[f"{attention}.out.weight"] = out * factor


def _factor(written: NDArray[Any], read: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much to divide each column; 1 on (geometric) average."""
    factor = np.maximum(written, _TINY) ** _BALANCE / np.maximum(read, _TINY) ** (1 - _BALANCE)
    return factor / np.exp(np.log(factor).mean())
