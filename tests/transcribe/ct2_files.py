"""Writes Whisper models in CTranslate2's binary form, for tests: a tiny one with random weights."""

import struct

import numpy as np
import torch
from whisper.model import ModelDimensions, Whisper

TINY = {
    "n_mels": 80,
    "n_audio_ctx": 1500,
    "n_audio_state": 16,
    "n_audio_head": 2,
    "n_audio_layer": 2,
    "n_vocab": 51865,
    "n_text_ctx": 64,
    "n_text_state": 16,
    "n_text_head": 2,
    "n_text_layer": 2,
}
TYPES = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}


def tiny_whisper(seed=0):
    """A Whisper of a few thousand weights (but the full vocabulary), all of them exact in float16."""
    torch.manual_seed(seed)
    model = Whisper(ModelDimensions(**TINY)).eval().requires_grad_(False)
    for parameter in model.parameters():
        parameter.copy_((torch.randn_like(parameter) * 0.3).half().float())
    model.encoder.positional_embedding.copy_(model.encoder.positional_embedding.half().float())
    return model


def ct2_bytes(tensors, *, version=6, spec="WhisperSpec", aliases=()):
    """Serialise name → array as `ctranslate2.specs.model_spec` does."""
    out = [struct.pack("<I", version), _name(spec), struct.pack("<II", 3, len(tensors))]
    for name in sorted(tensors):
        array = np.asarray(tensors[name])
        out.append(_name(name) + struct.pack("<B", array.ndim) + struct.pack(f"<{array.ndim}I", *array.shape))
        out.append(struct.pack("<BI", TYPES[array.dtype.name], array.nbytes) + array.tobytes())
    out.append(struct.pack("<I", len(aliases)))
    out += [_name(alias) + _name(name) for alias, name in aliases]
    return b"".join(out)


def ct2_tensors(model):
    """The tensors of a Whisper model under CTranslate2's names, projections fused."""
    state = {name: tensor.half().numpy() for name, tensor in model.state_dict().items()}
    out = {
        "encoder/position_encodings/encodings": state["encoder.positional_embedding"],
        "decoder/position_encodings/encodings": state["decoder.positional_embedding"],
        "decoder/embeddings/weight": state["decoder.token_embedding.weight"],
        "encoder/num_heads": np.int16(model.dims.n_audio_head),
        "decoder/num_heads": np.int16(model.dims.n_text_head),
    }
    for conv in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            out[f"encoder/{conv}/{part}"] = state[f"encoder.{conv}.{part}"]

    def norm(target, source):
        out[f"{target}/gamma"], out[f"{target}/beta"] = state[f"{source}.weight"], state[f"{source}.bias"]

    def fuse(target, source, names):
        out[f"{target}/weight"] = np.concatenate([state[f"{source}.{name}.weight"] for name in names])
        zeros = np.zeros(model.dims.n_text_state, np.float16)
        out[f"{target}/bias"] = np.concatenate([state.get(f"{source}.{name}.bias", zeros) for name in names])

    for side, blocks in (("encoder", model.encoder.blocks), ("decoder", model.decoder.blocks)):
        norm(f"{side}/layer_norm", "encoder.ln_post" if side == "encoder" else "decoder.ln")
        for layer in range(len(blocks)):
            ours, theirs = f"{side}.blocks.{layer}", f"{side}/layer_{layer}"
            fuse(f"{theirs}/self_attention/linear_0", f"{ours}.attn", ("query", "key", "value"))
            fuse(f"{theirs}/self_attention/linear_1", f"{ours}.attn", ("out",))
            norm(f"{theirs}/self_attention/layer_norm", f"{ours}.attn_ln")
            if side == "decoder":
                fuse(f"{theirs}/attention/linear_0", f"{ours}.cross_attn", ("query",))
                fuse(f"{theirs}/attention/linear_1", f"{ours}.cross_attn", ("key", "value"))
                fuse(f"{theirs}/attention/linear_2", f"{ours}.cross_attn", ("out",))
                norm(f"{theirs}/attention/layer_norm", f"{ours}.cross_attn_ln")
            for position, linear in ((0, "linear_0"), (2, "linear_1")):
                for part in ("weight", "bias"):
                    out[f"{theirs}/ffn/{linear}/{part}"] = state[f"{ours}.mlp.{position}.{part}"]
            norm(f"{theirs}/ffn/layer_norm", f"{ours}.mlp_ln")
    return out


def _name(text):
    raw = text.encode()
    return struct.pack("<H", len(raw) + 1) + raw + b"\0"
