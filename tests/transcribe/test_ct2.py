import numpy as np
import pytest
import torch
from whisper.model import ModelDimensions, Whisper

from qa_audit.messages import QaError
from qa_audit.transcribe.ct2 import read_ct2, to_openai
from tests.transcribe.ct2_files import TINY, ct2_bytes, ct2_tensors, tiny_whisper


@pytest.fixture(scope="module")
def tiny():
    return tiny_whisper()


@pytest.fixture(scope="module")
def tiny_tensors(tiny):
    return ct2_tensors(tiny)


def test_reads_names_shapes_types_and_aliases():
    data = ct2_bytes(
        {"a/weight": np.arange(6, dtype=np.float16).reshape(2, 3), "b": np.int16(8)}, aliases=[("c", "b")]
    )
    tensors = read_ct2(data, "model.bin")
    assert tensors["a/weight"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert (tensors["a/weight"].dtype, tensors["b"].shape) == (np.float16, ())
    assert int(tensors["c"]) == 8


def test_conversion_is_exact_and_complete(tiny, tiny_tensors):
    dims, state = to_openai(read_ct2(ct2_bytes(tiny_tensors), "model.bin"), "model.bin")
    assert dims == TINY
    model = Whisper(ModelDimensions(**dims)).eval()
    model.load_state_dict({name: torch.from_numpy(array.astype(np.float32)) for name, array in state.items()})
    for name, tensor in tiny.state_dict().items():
        assert torch.equal(tensor, model.state_dict()[name]), name


def test_a_cut_off_file_is_refused(tiny_tensors):
    data = ct2_bytes(tiny_tensors)
    for size in (0, 3, 20, len(data) // 2, len(data) - 1):
        with pytest.raises(QaError) as caught:
            read_ct2(data[:size], "model.bin")
        assert caught.value.code == "transcribe.weights_broken"


@pytest.mark.parametrize(
    "data", [ct2_bytes({}, version=5), ct2_bytes({}, spec="TransformerSpec"), b"RIFF" * 20]
)
def test_other_files_are_refused(data):
    with pytest.raises(QaError) as caught:
        read_ct2(data, "model.bin")
    assert caught.value.code == "transcribe.weights_broken"


def test_quantised_weights_are_refused(tiny_tensors):
    name = "decoder/layer_0/ffn/linear_0/weight"
    tensors = {**tiny_tensors, name: tiny_tensors[name].astype(np.int8)}
    with pytest.raises(QaError) as caught:
        to_openai(read_ct2(ct2_bytes(tensors), "model.bin"), "model.bin")
    assert caught.value.code == "transcribe.weights_quantised"


def test_a_key_bias_would_be_lost_and_is_refused(tiny_tensors):
    name = "decoder/layer_0/self_attention/linear_0/bias"
    bias = tiny_tensors[name].copy()
    bias[TINY["n_text_state"]] = 1.0
    with pytest.raises(QaError) as caught:
        to_openai({**tiny_tensors, name: bias}, "model.bin")
    assert caught.value.code == "transcribe.weights_broken"


def test_a_missing_tensor_is_named(tiny_tensors):
    tensors = {name: array for name, array in tiny_tensors.items() if name != "encoder/conv1/bias"}
    with pytest.raises(QaError) as caught:
        to_openai(tensors, "model.bin")
    assert "encoder/conv1/bias" in str(caught.value)
