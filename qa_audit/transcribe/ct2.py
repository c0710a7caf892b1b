"""Whisper weights in CTranslate2's binary form, converted without loss to openai-whisper's names.

The layout is that of `ctranslate2/specs/model_spec.py` (binary version 6): every tensor with its name,
shape, type and bytes; then aliases. Query, key and value are fused (`linear_0`; for cross-attention key and
value in `linear_1`), and Whisper's key projection has no bias, so its share of the fused bias is zero.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_audit.messages import QaError

Tensors = Mapping[str, NDArray[Any]]

BINARY_VERSION = 6
# Type codes of the binary form (`ctranslate2/types.h`: DataType).
_DTYPES: dict[int, str] = {0: "<f4", 1: "|i1", 2: "<i2", 3: "<i4", 4: "<f2"}
_LAYER_NORM = {"gamma": "weight", "beta": "bias"}


class _Cursor:
    """Reads little-endian numbers and names off a buffer."""

    def __init__(self, data: bytes | bytearray, shown: str) -> None:
        self.data, self.at, self.shown = data, 0, shown

    def number(self, code: str) -> int:
        size = struct.calcsize(code)
        if self.at + size > len(self.data):
            raise QaError("transcribe.weights_broken", path=self.shown, reason="EOF")
        (value,) = struct.unpack_from(f"<{code}", self.data, self.at)
        self.at += size
        return value

    def name(self) -> str:
        length = self.number("H")
        raw = bytes(self.data[self.at : self.at + length])
        self.at += length
        return raw.rstrip(b"\0").decode("utf-8", "replace")


def read_ct2(data: bytes | bytearray, shown: str) -> dict[str, NDArray[Any]]:
    """Tensors of a CTranslate2 `model.bin` by name, as views of `data`; aliases resolved.

    `shown` names the file in errors. Raises `QaError("transcribe.weights_broken")` when it is no such file,
    breaks off, or holds types that this version does not know.
    """
    cursor = _Cursor(data, shown)
    version = cursor.number("I")
    if version != BINARY_VERSION:
        raise QaError("transcribe.weights_broken", path=shown, reason=f"binary version {version}")
    spec = cursor.name()
    if spec != "WhisperSpec":
        raise QaError("transcribe.weights_broken", path=shown, reason=f"spec {spec[:40]!r}")
    cursor.number("I")  # revision of the specification
    tensors: dict[str, NDArray[Any]] = {}
    for _ in range(cursor.number("I")):
        name = cursor.name()
        shape = tuple(cursor.number("I") for _ in range(cursor.number("B")))
        code, size = cursor.number("B"), cursor.number("I")
        if code not in _DTYPES or cursor.at + size > len(data):
            raise QaError("transcribe.weights_broken", path=shown, reason=name)
        dtype = np.dtype(_DTYPES[code])
        tensors[name] = np.frombuffer(data, dtype, size // dtype.itemsize, cursor.at).reshape(shape)
        cursor.at += size
    for _ in range(cursor.number("I")):
        alias, name = cursor.name(), cursor.name()
        tensors[alias] = tensors[name]
    return tensors


def to_openai(tensors: Tensors, shown: str) -> tuple[dict[str, int], dict[str, NDArray[Any]]]:
    """(dims, state dict) as `whisper.model.Whisper` wants them, from a CTranslate2 Whisper model.

    Weights must be float16 or float32; a quantised file cannot be converted without loss and is refused
    with `QaError("transcribe.weights_quantised")`.
    """
    if any(
        array.dtype.kind == "i" and array.ndim == 2 and name.endswith("/weight")
        for name, array in tensors.items()
    ):
        raise QaError("transcribe.weights_quantised", path=shown)
    try:
        state = _state(tensors)
        dims = _dims(tensors, state)
    except KeyError as error:
        raise QaError("transcribe.weights_broken", path=shown, reason=str(error)) from None
    return dims, state


def _state(tensors: Tensors) -> dict[str, NDArray[Any]]:
    state = {
        "encoder.positional_embedding": tensors["encoder/position_encodings/encodings"],
        "decoder.positional_embedding": tensors["decoder/position_encodings/encodings"],
        "decoder.token_embedding.weight": tensors["decoder/embeddings/weight"],
    }
    for conv in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            state[f"encoder.{conv}.{part}"] = tensors[f"encoder/{conv}/{part}"]
    for side, norm in (("encoder", "ln_post"), ("decoder", "ln")):
        _norm(state, f"{side}.{norm}", tensors, f"{side}/layer_norm")
        for layer in range(_layers(tensors, side)):
            block, source = f"{side}.blocks.{layer}", f"{side}/layer_{layer}"
            _self_attention(state, f"{block}.attn", tensors, f"{source}/self_attention")
            _norm(state, f"{block}.attn_ln", tensors, f"{source}/self_attention/layer_norm")
            if side == "decoder":
                _cross_attention(state, f"{block}.cross_attn", tensors, f"{source}/attention")
                _norm(state, f"{block}.cross_attn_ln", tensors, f"{source}/attention/layer_norm")
            for position, linear in ((0, "linear_0"), (2, "linear_1")):
                for part in ("weight", "bias"):
                    state[f"{block}.mlp.{position}.{part}"] = tensors[f"{source}/ffn/{linear}/{part}"]
            _norm(state, f"{block}.mlp_ln", tensors, f"{source}/ffn/layer_norm")
    return state


def _norm(state: dict[str, NDArray[Any]], target: str, tensors: Tensors, source: str) -> None:
    for theirs, ours in _LAYER_NORM.items():
        state[f"{target}.{ours}"] = tensors[f"{source}/{theirs}"]


def _self_attention(state: dict[str, NDArray[Any]], target: str, tensors: Tensors, source: str) -> None:
    _split(state, target, tensors, f"{source}/linear_0", ("query", "key", "value"))
    _split(state, target, tensors, f"{source}/linear_1", ("out",))


def _cross_attention(state: dict[str, NDArray[Any]], target: str, tensors: Tensors, source: str) -> None:
    _split(state, target, tensors, f"{source}/linear_0", ("query",))
    _split(state, target, tensors, f"{source}/linear_1", ("key", "value"))
    _split(state, target, tensors, f"{source}/linear_2", ("out",))


def _split(
    state: dict[str, NDArray[Any]], target: str, tensors: Tensors, source: str, names: tuple[str, ...]
) -> None:
    weights = np.split(tensors[f"{source}/weight"], len(names))
    biases = np.split(tensors[f"{source}/bias"], len(names))
    for name, weight, bias in zip(names, weights, biases, strict=True):
        state[f"{target}.{name}.weight"] = weight
        if name != "key":
            state[f"{target}.{name}.bias"] = bias
        elif bias.any():
            raise KeyError(f"{source}/bias: key bias")


def _layers(tensors: Tensors, side: str) -> int:
    return sum(name.startswith(f"{side}/layer_") and name.endswith("ffn/linear_0/weight") for name in tensors)


def _dims(tensors: Tensors, state: Tensors) -> dict[str, int]:
    n_audio_ctx, n_audio_state = state["encoder.positional_embedding"].shape
    n_text_ctx, n_text_state = state["decoder.positional_embedding"].shape
    return {
        "n_mels": state["encoder.conv1.weight"].shape[1],
        "n_audio_ctx": n_audio_ctx,
        "n_audio_state": n_audio_state,
        "n_audio_head": int(tensors["encoder/num_heads"]),
        "n_audio_layer": _layers(tensors, "encoder"),
        "n_vocab": state["decoder.token_embedding.weight"].shape[0],
        "n_text_ctx": n_text_ctx,
        "n_text_state": n_text_state,
        "n_text_head": int(tensors["decoder/num_heads"]),
        "n_text_layer": _layers(tensors, "decoder"),
    }
