import numpy as np
import pytest
import torch
from torch.nn import functional

from qa_audit.messages import QaError
from qa_audit.scoring.learned.corpus import ITEMS
from qa_audit.scoring.learned.encoder import BUILT_IN, as_bytes, built_in_encoder, from_bytes
from qa_audit.scoring.learned.pieces import END, FIRST, START, UNKNOWN, Pieces
from qa_audit.scoring.learned.semantic import built_in_detector

WIDTH, INNER, HEADS, PLACES, EPSILON = 16, 40, 4, 12, 1e-12
TEXTS = (START, END, UNKNOWN, FIRST, *"您好请稍等我查")
SAID = ["您好", "请您稍等我查查", "等", "您好您好您好您好您好您好"]


def arrays(seed=0):
    rng = np.random.default_rng(seed)

    def some(*shape):
        return rng.normal(0, 0.4, shape).astype(np.float32)

    found = {"words": some(len(TEXTS), WIDTH), "places": some(PLACES, WIDTH)}
    norms = ["first"]
    for layer in range(2):
        shapes = {"query_key_value": (3 * WIDTH, WIDTH), "output": (WIDTH, WIDTH)}
        shapes |= {"widen": (INNER, WIDTH), "narrow": (WIDTH, INNER)}
        for name, shape in shapes.items():
            found[f"{layer}.{name}"] = some(*shape)
            found[f"{layer}.{name}.bias"] = some(shape[0])
        norms += [f"{layer}.attended", f"{layer}.normed"]
    for name in norms:
        found |= {f"{name}.scale": 1 + some(WIDTH), f"{name}.bias": some(WIDTH)}
    return found | {"head": some(3, WIDTH), "head.bias": some(3)}


def encoder(seed=0):
    pieces = Pieces(TEXTS, (0.0,) * 3 + (-5.0,) * (len(TEXTS) - 3))
    return from_bytes(as_bytes(pieces, arrays(seed), HEADS, EPSILON), "one")


def reference(one, sentence):
    """The same in torch, one sentence at a time, from the weights as they were stored."""
    ids = one.pieces.ids(sentence)
    ids = ids if len(ids) <= PLACES else [*ids[: PLACES - 1], ids[-1]]

    def norm(module, states):
        return functional.layer_norm(
            states, (WIDTH,), torch.from_numpy(module.scale), torch.from_numpy(module.bias), EPSILON
        )

    def linear(module, states):
        return functional.linear(
            states, torch.from_numpy(module.weights.T.copy()), torch.from_numpy(module.bias)
        )

    words = one.words[ids] * one.word_scales[ids][:, None]
    states = norm(one.first, torch.from_numpy(words + one.places[: len(ids)]))
    for layer in one.layers:
        query, key, value = (
            part.reshape(len(ids), HEADS, -1).transpose(0, 1)
            for part in linear(layer.query_key_value, states).chunk(3, dim=-1)
        )
        seen = functional.scaled_dot_product_attention(query, key, value)
        seen = seen.transpose(0, 1).reshape(len(ids), -1)
        states = norm(layer.attended, states + linear(layer.output, seen))
        inner = functional.gelu(linear(layer.widen, states), approximate="tanh")
        states = norm(layer.normed, states + linear(layer.narrow, inner))
    return states.mean(dim=0).numpy()


def test_it_is_the_transformer_that_torch_runs():
    one = encoder()
    found = one.vectors(SAID)
    for sentence, vector in zip(SAID, found, strict=True):
        np.testing.assert_allclose(vector, reference(one, sentence), atol=2e-5)


def test_a_vector_depends_on_its_sentence_alone():
    one = encoder()
    together = one.vectors(SAID * 60)
    np.testing.assert_allclose(together[: len(SAID)], one.vectors(SAID), atol=2e-5)
    np.testing.assert_allclose(together[-1], one.vectors([SAID[-1]])[0], atol=2e-5)
    assert one.vectors([]).shape == (0, WIDTH)


def test_scores_are_the_head_on_the_vectors():
    one, stored = encoder(), arrays()
    expected = one.vectors(SAID) @ stored["head"].T + stored["head.bias"]
    np.testing.assert_allclose(one.scores(SAID), expected, atol=1e-5)


def test_weights_lose_less_than_half_a_step():
    one, stored = encoder(), arrays()
    matrix = stored["0.widen"]
    step = np.abs(matrix).max(axis=1, keepdims=True) / 127
    assert (np.abs(one.layers[0].widen.weights.T - matrix) <= 0.51 * step).all()
    np.testing.assert_array_equal(one.places, stored["places"])


def test_it_is_named_by_its_bytes():
    assert encoder().sha256 == encoder().sha256 != encoder(1).sha256


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_another_file_is_refused(content):
    with pytest.raises(QaError) as error:
        from_bytes(content, "one.npz")
    assert error.value.code == "learned.unreadable"


def test_the_package_has_the_one_that_its_detector_asks():
    one = built_in_encoder()
    assert (one.where, one.sha256) == (BUILT_IN, built_in_detector().embedding_sha256)
    assert one.head.weights.shape == (one.width, len(ITEMS) + 1)
    scores = one.scores(["这事儿不归我们管您找厂家去吧", "好的我这就帮您登记一下请稍等"])
    assert scores[0, 0] > 0 > scores[1].max()
