import itertools

import numpy as np
import pytest

from qa_audit.transcribe.alignment import token_spans


def looking_at(frames, places, heads=2):
    """Attention of tokens that each look at a range of frames."""
    weights = np.full((heads, len(places), frames), 1e-3, np.float32)
    for token, (start, end) in enumerate(places):
        weights[:, token, start:end] = 1.0
    return weights / weights.sum(axis=-1, keepdims=True)


def test_tokens_are_laid_where_they_look():
    weights = looking_at(50, [(0, 10), (10, 12), (12, 30), (30, 50)])
    assert token_spans(weights, 0.02) == [(0.0, 0.2), (0.2, 0.24), (0.24, 0.6)]


def test_the_end_of_text_takes_the_silence_after():
    weights = looking_at(100, [(0, 20), (20, 100)])
    assert token_spans(weights, 0.02) == [(0.0, 0.4)]


def test_order_is_kept_even_where_a_token_looks_back():
    spans = token_spans(looking_at(30, [(10, 20), (0, 10), (20, 30)]), 0.1)
    assert spans[0][1] <= spans[1][0] + 1e-9


def test_more_tokens_than_frames():
    spans = token_spans(looking_at(3, [(0, 1), (1, 2), (1, 2), (2, 3), (2, 3)]), 0.02)
    assert len(spans) == 4
    assert all(0 <= start <= end <= 0.06 + 1e-9 for start, end in spans)


@pytest.mark.parametrize("seed", range(5))
def test_spans_join_and_fill_the_audio_up_to_the_last(seed):
    weights = np.random.default_rng(seed).dirichlet(np.ones(40), (3, 12)).astype(np.float32)
    spans = token_spans(weights, 0.02)
    assert spans[0][0] == 0.0
    for before, after in itertools.pairwise(spans):
        assert before[1] == after[0]
