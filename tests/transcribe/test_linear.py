import pytest
import torch

from qa_audit.transcribe.linear import eight_bit, eight_bit_works, plain


@pytest.fixture
def layer():
    torch.manual_seed(0)
    return torch.randn(48, 64) * 0.1, torch.randn(48), torch.randn(3, 5, 64)


def test_plain_is_what_it_says(layer):
    weight, bias, x = layer
    torch.testing.assert_close(plain(weight, bias)(x), x @ weight.T + bias)


@pytest.mark.skipif(not eight_bit_works(), reason="8-bit kernels are for x86-64")
@pytest.mark.parametrize("with_bias", [True, False])
def test_eight_bits_differ_by_little_and_not_by_nothing(layer, with_bias):
    weight, bias, x = layer
    bias = bias if with_bias else None
    exact, rounded = plain(weight, bias)(x), eight_bit(weight, bias)(x)
    assert rounded.shape == exact.shape
    error = float((rounded - exact).norm() / exact.norm())
    assert 1e-5 < error < 0.02


@pytest.mark.skipif(not eight_bit_works(), reason="8-bit kernels are for x86-64")
def test_a_loud_row_does_not_drown_the_others(layer):
    weight, bias, x = layer
    x[1, 2] *= 1_000
    exact, rounded = plain(weight, bias)(x)[0], eight_bit(weight, bias)(x)[0]
    assert float((rounded - exact).norm() / exact.norm()) < 0.02


@pytest.mark.skipif(not eight_bit_works(), reason="8-bit kernels are for x86-64")
def test_what_shares_a_batch_changes_nothing(layer):
    weight, bias, x = layer
    run = eight_bit(weight, bias)
    assert torch.equal(run(torch.cat([x, 50 * x]))[:3], run(x))
