import pytest
import torch

from qa_audit.transcribe.whisper_encoder import OwnLengthEncoder, fused_qkv, mlp_layers
from tests.transcribe.ct2_files import TINY, tiny_whisper


@pytest.fixture(scope="module")
def model():
    return tiny_whisper()


def test_thirty_seconds_give_what_whisper_gives(model):
    torch.manual_seed(1)
    mel = torch.randn(2, TINY["n_mels"], 3_000)
    with torch.inference_mode():
        theirs = model.encoder(mel)
    torch.testing.assert_close(OwnLengthEncoder(model)(mel), theirs, atol=1e-4, rtol=1e-3)


def test_less_is_encoded_at_its_own_length(model):
    assert OwnLengthEncoder(model)(torch.randn(1, TINY["n_mels"], 500)).shape == (
        1,
        250,
        TINY["n_audio_state"],
    )


def test_every_linear_layer_is_of_the_caller_s_choice(model):
    made = []

    def make(weight, bias):
        made.append(tuple(weight.shape))
        return lambda x: torch.nn.functional.linear(x, weight, bias)

    OwnLengthEncoder(model, make)
    assert made == [(48, 16), (16, 16), (64, 16), (16, 64)] * TINY["n_audio_layer"]


def test_keys_have_no_bias(model):
    weight, bias = fused_qkv(model.encoder.blocks[0].attn)
    assert weight.shape == (48, 16)
    assert bias[16:32].tolist() == [0.0] * 16


def test_the_feed_forward_part(model):
    up, down = mlp_layers(model.encoder.blocks[0], lambda weight, bias: (weight.shape, bias.shape))
    assert (tuple(up[0]), tuple(down[0])) == ((64, 16), (16, 64))
