"""Linear layers of the torch engine: plain ones, and ones with 8-bit weights for the CPU.

Writing a text token by token reads every weight of the decoder once a token, so the size of the weights is
what it costs: 36 layers of whisper-base on one row took 10.2 ms in float32 and 4.4 ms in 8 bits (2 threads,
AVX2, a busy machine); 1,300 rows, as the encoder has them, 479 ms and 321 ms.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812  torch's own custom
from torch import Tensor

Linear = Callable[[Tensor], Tensor]
MakeLinear = Callable[[Tensor, "Tensor | None"], Linear]

# Not "x86", which takes kernels with other rounding when there are more threads.
_BACKENDS = ("fbgemm",)
_LARGEST = 127


def plain(weight: Tensor, bias: Tensor | None) -> Linear:
    """`x @ weight.T + bias` as it is."""
    return lambda x: F.linear(x, weight, bias)


def eight_bit(weight: Tensor, bias: Tensor | None) -> Linear:
    """The same with weights rounded to 8 bits a row, and rows of `x` to 7, so that sums never overflow.

    Only where `eight_bit_works()`; `weight` is float32 on the CPU. torch rounds the whole of `x` by its
    largest value, so rows are brought to one size before and back after: else a loud one drowns the rest.
    """
    scales = weight.abs().amax(1).clamp(min=1e-9) / _LARGEST
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the operators stay; only the tools round them move to torchao
        zeros = torch.zeros(len(scales), dtype=torch.long)
        rounded = torch.quantize_per_channel(weight, scales.double(), zeros, 0, torch.qint8)
        packed = torch.ops.quantized.linear_prepack(rounded, None)
    apply = torch.ops.quantized.linear_dynamic

    def run(x: Tensor) -> Tensor:
        size = x.abs().amax(-1, keepdim=True).clamp(min=1e-9)
        y = apply(x / size, packed, True).mul_(size)
        return y if bias is None else y.add_(bias)

    return run


def eight_bit_works() -> bool:
    """Has this torch fast 8-bit kernels for this processor (x86-64)? Chooses them for the process.

    Others (qnnpack on ARM) are slower than float32 here.
    """
    known = torch.backends.quantized.supported_engines
    backend = next((name for name in _BACKENDS if name in known), None)
    if backend is None:
        return False
    torch.backends.quantized.engine = backend
    return True
