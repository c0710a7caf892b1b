"""The reader of bare requests: its file, and that it stands on the package's encoder."""

import numpy as np
import pytest

from qa_audit.messages import QaError
from qa_audit.scoring.learned.bare_reader import (
    LOWER,
    as_bytes,
    built_in_bare_reader,
    built_in_sha256,
    from_bytes,
)
from qa_audit.scoring.learned.encoder import built_in_encoder

SAID = ["把身份证号码报给我", "我帮你查一下", "麻烦你报一下单号好吗"]


def arrays_of(encoder):
    """The arrays of an encoder with a head of three scores, as tuning gives them."""
    arrays = {"head": np.eye(3, encoder.width, dtype=np.float32), "head.bias": np.arange(3, dtype=np.float32)}
    for number, layer in enumerate(encoder.layers):
        for name, part in layer._asdict().items():
            if hasattr(part, "weights"):
                arrays |= {f"{number}.{name}": part.weights.T, f"{number}.{name}.bias": part.bias}
            else:
                arrays |= {f"{number}.{name}.scale": part.scale, f"{number}.{name}.bias": part.bias}
    return arrays


def test_upper_layers_and_one_score_are_stored_and_the_rest_is_the_encoder_s():
    encoder = built_in_encoder()
    content = as_bytes(arrays_of(encoder), 1, encoder.sha256)
    reader = from_bytes(content, "bare_reader.npz", encoder)
    assert reader.layers[:LOWER] == encoder.layers[:LOWER]
    assert len(reader.layers) == len(encoder.layers)
    assert len(content) < 6e6
    wanted = encoder.vectors(SAID)[:, [1]] + 1
    np.testing.assert_allclose(reader.scores(SAID), wanted, atol=1e-3)


def test_a_reader_of_another_encoder_or_damaged_is_refused():
    encoder = built_in_encoder()
    for content in (as_bytes(arrays_of(encoder), 1, "0" * 64), b"", b"PK"):
        with pytest.raises(QaError) as error:
            from_bytes(content, "bare_reader.npz", encoder)
        assert error.value.code == "learned.unreadable"


def test_the_package_s_reader_tells_who_asks_without_courtesy():
    reader = built_in_bare_reader()
    asks, helps, polite = reader.scores(SAID)[:, 0]
    assert asks > max(helps, polite) + 2
    assert reader.sha256 == built_in_sha256()
