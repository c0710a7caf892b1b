"""Whisper weights with openai-whisper's names into CTranslate2's binary form, without loss.

The inverse of `qa_audit.transcribe.ct2`. Rows of the vocabulary that are never written can be left out:
the last layer of the decoder, over half of its arithmetic in whisper-base, shrinks with them.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_audit.transcribe.ct2 import BINARY_VERSION

Tensors = Mapping[str, NDArray[Any]]

SPEC = "WhisperSpec"
SPEC_REVISION = 3
_TYPE_CODES = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}
_GELU = 3  # ctranslate2/ops/activation.h: ActivationType
_EMBEDDINGS = "decoder/embeddings/weight"


def from_openai(
    dims: Mapping[str, int], state: Tensors, rows: Sequence[int] | None = None
) -> dict[str, NDArray[Any]]:
    """Tensors under CTranslate2's names, as `ctranslate2/specs/whisper_spec.py` lays them out.

    `dims` and `state` as `whisper.model.Whisper` has them; `rows` are the ids of the vocabulary to keep, in
    their new order (None keeps all).
    """
    words = state["decoder.token_embedding.weight"]
    tensors: dict[str, NDArray[Any]] = {
        "encoder/position_encodings/encodings": state["encoder.positional_embedding"],
        "decoder/position_encodings/encodings": state["decoder.positional_embedding"],
        _EMBEDDINGS: words if rows is None else words[np.asarray(rows)],
        "encoder/num_heads": np.array(dims["n_audio_head"], np.int16),
        "decoder/num_heads": np.array(dims["n_text_head"], np.int16),
        "decoder/activation": np.array(_GELU, np.int8),
        "decoder/pre_norm": np.array(1, np.int8),
        "decoder/alignment_heads": np.array(1, np.int16),
        "decoder/alignment_layer": np.array(-1, np.int16),
    }
    for flag in ("alibi", "alibi_use_positive_positions", "scale_alibi", "scale_embeddings"):
        tensors[f"decoder/{flag}"] = np.array(0, np.int8)
    tensors["decoder/start_from_zero_embedding"] = np.array(0, np.int8)
    for conv in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            tensors[f"encoder/{conv}/{part}"] = state[f"encoder.{conv}.{part}"]
    for side, norm, layers in (
        ("encoder", "ln_post", dims["n_audio_layer"]),
        ("decoder", "ln", dims["n_text_layer"]),
    ):
        _norm(tensors, f"{side}/layer_norm", state, f"{side}.{norm}")
        for layer in range(layers):
            _block(tensors, f"{side}/layer_{layer}", state, f"{side}.blocks.{layer}", cross=side == "decoder")
    return tensors


def write_ct2(tensors: Tensors) -> bytes:
    """The bytes of a `model.bin` (binary version 6); the output projection shares the embeddings.

    >>> from qa_audit.transcribe.ct2 import read_ct2
    >>> data = write_ct2({"decoder/embeddings/weight": np.zeros((2, 1), np.float16)})
    >>> sorted(read_ct2(data, "here"))
    ['decoder/embeddings/weight', 'decoder/projection/weight']
    """
    out = [struct.pack("<I", BINARY_VERSION), _name(SPEC), struct.pack("<II", SPEC_REVISION, len(tensors))]
    for name in sorted(tensors):
        array = np.ascontiguousarray(tensors[name])
        shape = tensors[name].shape
        out.append(_name(name) + struct.pack(f"<B{len(shape)}I", len(shape), *shape))
        out += [struct.pack("<BI", _TYPE_CODES[array.dtype.name], array.nbytes), array.tobytes()]
    shared = [name for name in (_EMBEDDINGS, f"{_EMBEDDINGS}_scale") if name in tensors]
    out.append(struct.pack("<I", len(shared)))
    out += [_name(name.replace("embeddings", "projection")) + _name(name) for name in shared]
    return b"".join(out)


def _block(
    tensors: dict[str, NDArray[Any]], target: str, state: Tensors, source: str, *, cross: bool
) -> None:
    own = f"{target}/self_attention"
    _fuse(tensors, f"{own}/linear_0", state, f"{source}.attn", ("query", "key", "value"))
    _fuse(tensors, f"{own}/linear_1", state, f"{source}.attn", ("out",))
    _norm(tensors, f"{own}/layer_norm", state, f"{source}.attn_ln")
    if cross:
        other = f"{target}/attention"
        _fuse(tensors, f"{other}/linear_0", state, f"{source}.cross_attn", ("query",))
        _fuse(tensors, f"{other}/linear_1", state, f"{source}.cross_attn", ("key", "value"))
        _fuse(tensors, f"{other}/linear_2", state, f"{source}.cross_attn", ("out",))
        _norm(tensors, f"{other}/layer_norm", state, f"{source}.cross_attn_ln")
    for position, linear in ((0, "linear_0"), (2, "linear_1")):
        for part in ("weight", "bias"):
            tensors[f"{target}/ffn/{linear}/{part}"] = state[f"{source}.mlp.{position}.{part}"]
    _norm(tensors, f"{target}/ffn/layer_norm", state, f"{source}.mlp_ln")


def _norm(tensors: dict[str, NDArray[Any]], target: str, state: Tensors, source: str) -> None:
    tensors[f"{target}/gamma"] = state[f"{source}.weight"]
    tensors[f"{target}/beta"] = state[f"{source}.bias"]


def _fuse(
    tensors: dict[str, NDArray[Any]], target: str, state: Tensors, source: str, names: tuple[str, ...]
) -> None:
    weights = [state[f"{source}.{name}.weight"] for name in names]
    zeros = np.zeros(weights[0].shape[0], weights[0].dtype)  # Whisper's keys have no bias
    tensors[f"{target}/weight"] = np.concatenate(weights)
    tensors[f"{target}/bias"] = np.concatenate([state.get(f"{source}.{name}.bias", zeros) for name in names])


def _name(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<H", len(raw) + 1) + raw + b"\0"
