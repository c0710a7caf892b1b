import numpy as np
import whisper
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.transcribe.batches import batches, mel_features


@given(st.lists(st.integers(1, 30 * 16_000), max_size=30), st.floats(1, 200), st.integers(1, 8))
def test_every_chunk_is_in_one_batch_and_no_batch_is_too_large(lengths, longest_s, most):
    found = batches(lengths, longest_s, most)
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) <= most
        padded = max(lengths[place] for place in batch) * len(batch)
        assert len(batch) == 1 or padded <= longest_s * 16_000


def test_features_are_whisper_s_at_the_length_of_the_longest():
    rng = np.random.default_rng(0)
    short, long = (
        rng.standard_normal(3_000).astype(np.float32),
        rng.standard_normal(16_100).astype(np.float32),
    )
    mels = mel_features([short, long], 80)
    assert mels.shape == (2, 80, 102)
    padded = np.pad(long, (0, 102 * 160 - len(long)))
    assert np.array_equal(mels[1], whisper.log_mel_spectrogram(padded, 80).numpy())
