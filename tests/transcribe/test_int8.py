import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qa_audit.transcribe.int8 import WEIGHT_LIMIT, quantised, smoothed
from qa_audit.transcribe.weights import Weights, build_model
from tests.transcribe.ct2_files import TINY, tiny_whisper


def model_of(state):
    return build_model(Weights("tiny", TINY, state, "0" * 64, "path", "here"))


def test_evening_out_changes_weights_but_not_what_the_model_says():
    before = tiny_whisper()
    state = {name: tensor.numpy() for name, tensor in before.state_dict().items()}
    evened = smoothed(TINY, state)
    assert not np.allclose(evened["encoder.blocks.0.mlp.0.weight"], state["encoder.blocks.0.mlp.0.weight"])
    assert not np.allclose(
        evened["decoder.blocks.1.cross_attn.out.weight"], state["decoder.blocks.1.cross_attn.out.weight"]
    )
    torch.manual_seed(3)
    mel, tokens = torch.randn(1, TINY["n_mels"], 3_000), torch.tensor([[50258, 50260, 50359, 50363]])
    torch.testing.assert_close(model_of(evened)(mel, tokens), before(mel, tokens), atol=1e-3, rtol=1e-3)


@given(
    arrays.arrays(
        np.float32,
        arrays.array_shapes(min_dims=2, max_dims=2, max_side=6),
        elements=st.floats(-4, 4, width=32, allow_subnormal=False),
    )
)
def test_rounding_stays_in_the_limit_and_within_half_a_step(matrix):
    found = quantised({"a/weight": matrix})
    rounded, scale = found["a/weight"], found["a/weight_scale"]
    assert np.abs(rounded.astype(int)).max() <= WEIGHT_LIMIT
    assert (np.abs(rounded / scale[:, None] - matrix) <= 0.501 / scale[:, None]).all()


def test_vectors_convolutions_and_other_names_stay():
    kept = {"a/bias": np.ones(3), "conv/weight": np.ones((2, 2, 3)), "a/encodings": np.ones((2, 2))}
    found = quantised(kept)
    assert set(found) == set(kept)
    assert all(found[name] is kept[name] for name in kept)
