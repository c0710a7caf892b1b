"""Batched incremental decoding over openai-whisper's decoder: static caches, cross-attention shared by beams.

Whisper's own `DecodingTask` decodes one window at a time with beams, walks over them in Python, and grows
its caches by copying. Here many chunks go together, the keys and values of the audio are computed once per
chunk, and only the tokens that Mandarin can need are scored. The arithmetic is that of `whisper.model`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812  torch's own custom
from torch import Tensor

from qa_audit.transcribe.linear import Linear, MakeLinear, plain
from qa_audit.transcribe.whisper_encoder import fused_qkv, mlp_layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch.nn import Module
    from whisper.model import ResidualAttentionBlock, Whisper


@dataclass(frozen=True, slots=True)
class _Layer:
    """A decoder block: its norms, and its linear layers, query, key and value fused."""

    norm: Module
    qkv: Linear
    out: Linear
    cross_norm: Module
    cross_query: Linear
    cross_key_value: Linear
    cross_out: Linear
    mlp_norm: Module
    up: Linear
    down: Linear


class Forced(NamedTuple):
    """What the decoder says of tokens that were given; n of them are scored."""

    logprobs: Tensor
    """(batch, n)."""
    attention: Tensor | None
    """(batch, heads, all tokens, frames), softmaxed over the frames; None where no heads were asked for."""
    odds: Tensor | None
    """(batch, n): natural logarithm of the odds of one group of tokens over another, where asked for."""


@dataclass(slots=True)
class Hypothesis:
    """A finished beam: its tokens without the end of text, and the sum of their log-probabilities."""

    tokens: list[int]
    logprob: float

    @property
    def mean(self) -> float:
        """Per token, the end of text counted."""
        return self.logprob / (len(self.tokens) + 1)


class _Search:
    """Beams of one chunk."""

    def __init__(self, beam: int, max_tokens: int) -> None:
        self.beam, self.max_tokens = beam, max_tokens
        self.written: list[list[int]] = [[] for _ in range(beam)]
        self.scores = [0.0] + [-math.inf] * (beam - 1)
        self.finished: list[Hypothesis] = []

    @property
    def done(self) -> bool:
        return len(self.finished) >= self.beam or len(self.written[0]) >= self.max_tokens

    def advance(
        self, values: list[float], places: list[tuple[int, int]], vocabulary: BatchedDecoder
    ) -> list[int]:
        """Take the best continuations: score, (beam, place of the token); returns the beams continued."""
        parents, written, scores = [], [], []
        for value, (parent, place) in zip(values, places, strict=True):
            if place == vocabulary._eot:
                if len(self.finished) < self.beam:
                    self.finished.append(Hypothesis(self.written[parent], value))
                continue
            parents.append(parent)
            written.append([*self.written[parent], vocabulary._allowed_ids[place]])
            scores.append(value)
            if len(parents) == self.beam:
                break
        self.written, self.scores = written, scores
        return parents

    def best(self) -> Hypothesis:
        """The finished hypothesis with the best mean; an unfinished one only when none has finished."""
        rows = self.finished or [Hypothesis(self.written[0], self.scores[0])]
        return max(rows, key=lambda row: row.mean)


class BatchedDecoder:
    """Decoder of one Whisper model.

    `allowed`: ids that may be written, ascending, the end of text among them.
    """

    def __init__(self, model: Whisper, allowed: Sequence[int], eot: int, make: MakeLinear = plain) -> None:
        self._decoder = model.decoder
        self._heads = model.dims.n_text_head
        self._width = model.dims.n_text_state
        self._allowed_ids = list(allowed)
        self._place = {token: place for place, token in enumerate(allowed)}
        self._eot = self._place[eot]
        words = self._decoder.token_embedding.weight
        self._device = words.device
        self._dtype = words.dtype
        self._logits = make(words[self._ids(self._allowed_ids)].contiguous(), None)
        self._layers = [self._layer(block, make) for block in self._decoder.blocks]

    def _layer(self, block: ResidualAttentionBlock, make: MakeLinear) -> _Layer:
        cross, norm = block.cross_attn, block.cross_attn_ln
        assert cross is not None  # every block of a decoder has it
        assert norm is not None
        both = torch.cat([cross.key.weight, cross.value.weight])
        bias = torch.cat([torch.zeros_like(cross.value.bias), cross.value.bias])
        return _Layer(
            block.attn_ln,
            make(*fused_qkv(block.attn)),
            make(block.attn.out.weight, block.attn.out.bias),
            norm,
            make(cross.query.weight, cross.query.bias),
            make(both, bias),
            make(cross.out.weight, cross.out.bias),
            block.mlp_ln,
            *mlp_layers(block, make),
        )

    def _ids(self, tokens: Sequence[int] | Sequence[Sequence[int]]) -> Tensor:
        return torch.tensor(tokens, device=self._device)

    def _cache(self, *size: int) -> Tensor:
        return torch.empty(size, device=self._device, dtype=self._dtype)

    @torch.inference_mode()
    def search(
        self, audio: Tensor, start: Sequence[int], *, beam: int, max_tokens: Sequence[int], no_repeat: int = 0
    ) -> tuple[list[Hypothesis], Tensor]:
        """(best hypothesis of every row of `audio`, hidden states after each token of `start`).

        `audio`: (batch, frames, state); `max_tokens`: a limit for each row; `no_repeat` > 0 forbids
        that a run of so many tokens occurs twice. The hidden states have the shape (batch, len(start),
        state); `probability` reads the probability of silence from them.
        """
        batch = audio.shape[0]
        cross = self._cross(audio)
        size = (2, batch, self._heads, len(start) + max(max_tokens) + 1, self._width // self._heads)
        caches = [self._cache(*size) for _ in self._layers]
        prompt, _ = self._forward(self._ids(start).expand(batch, -1), 0, caches, cross, beam=1)
        logits = self._logits(prompt[:, -1]).float()
        logits[:, self._eot] = -torch.inf  # something is said in every chunk (Whisper's suppress_blank)
        logprobs = F.log_softmax(logits, -1).repeat_interleave(beam, dim=0)
        caches = [cache.repeat_interleave(beam, dim=1) for cache in caches]
        searches = [_Search(beam, limit) for limit in max_tokens]
        active = searches
        position = len(start)
        while True:
            if no_repeat:
                self._forbid_repeats(logprobs, [row for one in active for row in one.written], no_repeat)
            scores = torch.tensor([score for one in active for score in one.scores], device=self._device)
            best, where = (scores[:, None] + logprobs).reshape(len(active), -1).topk(2 * beam, dim=-1)
            sources: list[int] = []
            rows = zip(active, best.tolist(), where.tolist(), strict=True)
            for place, (one, values, places) in enumerate(rows):
                parents = one.advance(values, [divmod(at, len(self._allowed_ids)) for at in places], self)
                sources += [place * beam + parent for parent in parents]
            still = [place for place, one in enumerate(active) if not one.done]
            if not still:
                break
            if len(still) < len(active):
                keep = self._ids(still)
                cross = [(key[keep], value[keep]) for key, value in cross]
                sources = [sources[place * beam + row] for place in still for row in range(beam)]
                active = [active[place] for place in still]
            if sources != list(range(caches[0].shape[1])):
                caches = [self._reordered(cache, self._ids(sources), position) for cache in caches]
            step = self._ids([[row[-1]] for one in active for row in one.written])
            hidden, _ = self._forward(step, position, caches, cross, beam=beam)
            position += 1
            logprobs = F.log_softmax(self._logits(hidden[:, -1]).float(), -1)
        return [one.best() for one in searches], prompt

    @torch.inference_mode()
    def force(
        self,
        audio: Tensor,
        tokens: Tensor,
        begin: int,
        *,
        heads: Sequence[tuple[int, int]] = (),
        sides: tuple[Sequence[int], Sequence[int]] | None = None,
    ) -> Forced:
        """Run given tokens through.

        `audio`: (batch, frames, state); `tokens`: (batch, n), of which those from `begin` on are scored.
        Probabilities are among the allowed tokens, as in `search`, and only those may be given. `sides` are
        two groups of tokens whose odds are wanted at every place.
        """
        cross = self._cross(audio)
        size = (2, tokens.shape[0], self._heads, tokens.shape[1], self._width // self._heads)
        caches = [self._cache(*size) for _ in self._layers]
        hidden, attention = self._forward(tokens, 0, caches, cross, beam=1, heads=heads)
        hidden, wanted = hidden[:, begin - 1 : -1], tokens[:, begin:]
        wanted = self._ids([[self._place[token] for token in row] for row in wanted.tolist()])
        logits = self._logits(hidden)
        logprobs = F.log_softmax(logits.float(), -1)
        odds = None
        if sides is not None:
            one, other = (self._ids([self._place[token] for token in side]) for side in sides)
            odds = logprobs[..., one].logsumexp(-1) - logprobs[..., other].logsumexp(-1)
        return Forced(logprobs.gather(-1, wanted[..., None])[..., 0], attention, odds)

    @torch.inference_mode()
    def probability(self, hidden: Tensor, token: int) -> list[float]:
        """Probability of a token, among all, after hidden states of shape (batch, state)."""
        logits = F.linear(hidden, self._decoder.token_embedding.weight)
        return logits.float().softmax(-1)[:, token].tolist()

    def _forbid_repeats(self, logprobs: Tensor, rows: list[list[int]], run: int) -> None:
        """Forbid the token that would complete a run of `run` tokens already written."""
        for index, row in enumerate(rows):
            tail = row[len(row) - run + 1 :]
            for at in range(len(row) - run + 1):
                if row[at : at + run - 1] == tail:
                    logprobs[index, self._place[row[at + run - 1]]] = -torch.inf

    def _cross(self, audio: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Keys and values of the audio for every layer, each (batch, heads, frames, width)."""
        batch, frames, _ = audio.shape
        found = []
        for layer in self._layers:
            both = layer.cross_key_value(audio).view(batch, frames, 2, self._heads, -1)
            key, value = both.permute(2, 0, 3, 1, 4)
            found.append((key.contiguous(), value.contiguous()))
        return found

    def _forward(
        self,
        tokens: Tensor,
        position: int,
        caches: list[Tensor],
        cross: list[tuple[Tensor, Tensor]],
        *,
        beam: int,
        heads: Sequence[tuple[int, int]] = (),
    ) -> tuple[Tensor, Tensor | None]:
        """Hidden states (rows, n, state) of new tokens at `position`; fills the caches."""
        rows, count = tokens.shape
        audios = rows // beam
        width = self._width // self._heads
        end = position + count
        x = self._decoder.token_embedding(tokens) + self._decoder.positional_embedding[position:end]
        watched: list[Tensor] = []
        for index, layer in enumerate(self._layers):
            qkv = layer.qkv(layer.norm(x)).view(rows, count, 3, self._heads, width)
            query, key, value = qkv.permute(2, 0, 3, 1, 4)
            cache = caches[index]
            cache[0, :, :, position:end] = key
            cache[1, :, :, position:end] = value
            mixed = F.scaled_dot_product_attention(
                query, cache[0, :, :, :end], cache[1, :, :, :end], is_causal=count > 1
            )
            x = x + layer.out(mixed.transpose(1, 2).reshape(rows, count, -1))
            query = layer.cross_query(layer.cross_norm(x))
            query = query.view(audios, beam * count, self._heads, width).transpose(1, 2)
            key, value = cross[index]
            mixed = F.scaled_dot_product_attention(query, key, value)
            for layer_at, head in heads:
                if layer_at == index:
                    weights = query[:, head] @ key[:, head].transpose(-1, -2) * width**-0.5
                    watched.append(weights.float().softmax(-1))
            x = x + layer.cross_out(mixed.transpose(1, 2).reshape(rows, count, -1))
            x = x + layer.down(F.gelu(layer.up(layer.mlp_norm(x))))
        return self._decoder.ln(x), torch.stack(watched, 1) if watched else None

    def _reordered(self, cache: Tensor, order: Tensor, used: int) -> Tensor:
        """Rows of a cache in a new order; only the part in use is copied."""
        fresh = self._cache(cache.shape[0], len(order), *cache.shape[2:])
        fresh[:, :, :, :used] = cache[:, order, :, :used]
        return fresh
