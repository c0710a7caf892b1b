"""Whisper's encoder at the audio's own length, over openai-whisper's weights.

`whisper.model.AudioEncoder` insists on 30 s and on layers of its own; here the same arithmetic runs on as
many frames as there are, with linear layers of the caller's choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F  # noqa: N812  torch's own custom
from torch import Tensor, nn

from qa_audit.transcribe.linear import Linear, MakeLinear, plain

if TYPE_CHECKING:
    from torch.nn import Module
    from whisper.model import MultiHeadAttention, ResidualAttentionBlock, Whisper


@dataclass(frozen=True, slots=True)
class _Layer:
    norm: Module
    qkv: Linear
    out: Linear
    mlp_norm: Module
    up: Linear
    down: Linear


class OwnLengthEncoder:
    """Encoder of one Whisper model."""

    def __init__(self, model: Whisper, make: MakeLinear = plain) -> None:
        self._encoder = model.encoder
        self._heads = model.dims.n_audio_head
        places = model.encoder.positional_embedding
        assert isinstance(places, Tensor)
        self._places = places
        self._layers = [
            _Layer(
                block.attn_ln,
                make(*fused_qkv(block.attn)),
                make(block.attn.out.weight, block.attn.out.bias),
                block.mlp_ln,
                *mlp_layers(block, make),
            )
            for block in model.encoder.blocks
        ]

    @torch.inference_mode()
    def __call__(self, mels: Tensor) -> Tensor:
        """Audio features (batch, frames, state) of log-mel spectrograms (batch, n_mels, 2 * frames)."""
        x = F.gelu(self._encoder.conv1(mels))
        x = F.gelu(self._encoder.conv2(x)).permute(0, 2, 1)
        x = x + self._places[: x.shape[1]]
        batch, frames, state = x.shape
        for layer in self._layers:
            qkv = layer.qkv(layer.norm(x)).view(batch, frames, 3, self._heads, -1)
            query, key, value = qkv.permute(2, 0, 3, 1, 4)
            mixed = F.scaled_dot_product_attention(query, key, value)
            x = x + layer.out(mixed.transpose(1, 2).reshape(batch, frames, state))
            x = x + layer.down(F.gelu(layer.up(layer.mlp_norm(x))))
        return self._encoder.ln_post(x)


def mlp_layers(block: ResidualAttentionBlock, make: MakeLinear) -> tuple[Linear, Linear]:
    """The two linear layers of a block's feed-forward part."""
    up, down = block.mlp[0], block.mlp[2]
    assert isinstance(up, nn.Linear)
    assert isinstance(down, nn.Linear)
    return make(up.weight, up.bias), make(down.weight, down.bias)


def fused_qkv(attention: MultiHeadAttention) -> tuple[Tensor, Tensor]:
    """Weight and bias of query, key and value as one layer; Whisper's keys have no bias."""
    weight = torch.cat([attention.query.weight, attention.key.weight, attention.value.weight])
    assert attention.query.bias is not None
    bias = torch.cat([attention.query.bias, torch.zeros_like(attention.query.bias), attention.value.bias])
    return weight, bias
