"""Speech probability of every 32 ms, by silero-vad's own network run over whole blocks at once.

The wheel carries the network as TorchScript that takes one frame a call; a Python loop over it costs more
than the arithmetic. Here the same layers run over all frames of a block together, the LSTM last, its
state carried on to the next block: the same probabilities (tested), a fraction of the time. Source:
snakers4/silero-vad (MIT), `silero_vad/tinygrad_model.py` for the layers.
"""

from __future__ import annotations

import warnings
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  torch's own custom
from numpy.typing import NDArray
from torch import Tensor

from qa_audit.messages import QaError

FRAME_SAMPLES = 512  # 32 ms at 16 kHz
CONTEXT_SAMPLES = 64  # of the frame before, in front of every frame
FRAME_S = FRAME_SAMPLES / 16_000
_STATE = 128
_16_KHZ = "_model."  # the file holds a second network for 8 kHz


class SpeechProbability:
    """Feed the blocks of one channel in order; each call returns the probabilities of its whole frames.

    >>> vad = SpeechProbability()
    >>> vad.feed(np.zeros(16_000, np.float32)).shape, vad.finish().shape
    ((31,), (1,))
    """

    def __init__(self) -> None:
        self._weights = _weights()
        self._rest = np.zeros(0, np.float32)
        self._context = np.zeros(CONTEXT_SAMPLES, np.float32)
        self._hidden = (torch.zeros(1, 1, _STATE), torch.zeros(1, 1, _STATE))

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities, shape (frames,), 0 to 1; samples short of a frame wait for the next call."""
        samples = np.concatenate([self._rest, samples])
        frames = len(samples) // FRAME_SAMPLES
        self._rest = samples[frames * FRAME_SAMPLES :]
        return self._run(samples[: frames * FRAME_SAMPLES])

    def finish(self) -> NDArray[np.float32]:
        """The last, incomplete frame, filled up with silence; empty when there is none."""
        if not len(self._rest):
            return np.zeros(0, np.float32)
        last = np.pad(self._rest, (0, FRAME_SAMPLES - len(self._rest)))
        self._rest = self._rest[:0]
        return self._run(last)

    @torch.inference_mode()
    def _run(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        if not len(samples):
            return np.zeros(0, np.float32)
        frames = samples.reshape(-1, FRAME_SAMPLES)
        before = np.concatenate([self._context[None], frames[:-1, -CONTEXT_SAMPLES:]])
        self._context = frames[-1, -CONTEXT_SAMPLES:].copy()
        w = self._weights
        basis = w["stft.forward_basis_buffer"]
        x = torch.from_numpy(np.concatenate([before, frames], axis=1))
        x = F.conv1d(F.pad(x[:, None], (0, CONTEXT_SAMPLES), "reflect"), basis, stride=128)
        half = x.shape[1] // 2
        x = torch.sqrt(x[:, :half] ** 2 + x[:, half:] ** 2)
        for layer, stride in enumerate((1, 2, 2, 1)):
            conv = f"encoder.{layer}.reparam_conv"
            x = F.relu(F.conv1d(x, w[f"{conv}.weight"], w[f"{conv}.bias"], stride=stride, padding=1))
        rnn = [w[f"decoder.rnn.{name}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        out, hidden, cell = torch.lstm(
            x.reshape(-1, 1, _STATE), self._hidden, rnn, True, 1, 0.0, False, False, False
        )
        self._hidden = (hidden, cell)
        head = F.conv1d(
            F.relu(out.reshape(-1, _STATE, 1)), w["decoder.decoder.2.weight"], w["decoder.decoder.2.bias"]
        )
        return torch.sigmoid(head).reshape(-1).numpy()


@cache
def _weights() -> dict[str, Tensor]:
    """The 16 kHz network's tensors, by their names in the TorchScript file.

    The package itself is not imported: that would set torch to one thread for the whole process. Its
    safetensors file is not used either: in 6.2.3 it holds another training than the other files.
    """
    spec = find_spec("silero_vad")
    folder = Path(next(iter(spec.submodule_search_locations or ()))) if spec else None
    file = folder / "data" / "silero_vad.jit" if folder else None
    if file is None or not file.is_file():
        raise QaError("transcribe.vad_missing")
    with warnings.catch_warnings():
        # torch.jit is going away, but the wheel carries the current weights in this form only.
        warnings.simplefilter("ignore", DeprecationWarning)
        state = torch.jit.load(str(file), map_location="cpu").state_dict()
    return {name.removeprefix(_16_KHZ): tensor for name, tensor in state.items() if name.startswith(_16_KHZ)}
