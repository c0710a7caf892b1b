import numpy as np

from qa_audit.transcribe.ct2 import read_ct2, to_openai
from qa_audit.transcribe.ct2_write import from_openai, write_ct2
from qa_audit.transcribe.int8 import quantised
from tests.transcribe.ct2_files import TINY, ct2_tensors, tiny_whisper


def state_of(model):
    return {name: tensor.half().numpy() for name, tensor in model.state_dict().items()}


def test_what_is_written_is_read_back_to_the_last_bit():
    state = state_of(tiny_whisper())
    dims, back = to_openai(read_ct2(write_ct2(from_openai(TINY, state)), "here"), "here")
    assert dims == TINY
    assert set(back) == set(state)
    assert all(np.array_equal(back[name], state[name]) for name in state)


def test_the_layout_is_that_of_the_weights_packages():
    model = tiny_whisper()
    theirs, ours = ct2_tensors(model), from_openai(TINY, state_of(model))
    assert set(theirs) <= set(ours)
    assert all(np.array_equal(theirs[name], ours[name]) for name in theirs)


def test_only_the_words_asked_for_are_kept_in_their_order():
    state = state_of(tiny_whisper())
    words = from_openai(TINY, state, [7, 3])["decoder/embeddings/weight"]
    assert np.array_equal(words, state["decoder.token_embedding.weight"][[7, 3]])


def test_the_projection_shares_the_embeddings_and_their_scale():
    tensors = quantised(from_openai(TINY, state_of(tiny_whisper()), range(10)))
    read = read_ct2(write_ct2(tensors), "here")
    assert np.array_equal(read["decoder/projection/weight"], tensors["decoder/embeddings/weight"])
    assert np.array_equal(read["decoder/projection/weight_scale"], tensors["decoder/embeddings/weight_scale"])
