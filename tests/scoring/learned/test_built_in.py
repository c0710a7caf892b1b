import io

import numpy as np
import pytest

from qa_audit.scoring.learned import built_in
from qa_audit.scoring.learned.built_in import built_in_head, held_out_bytes, stored_held_out
from qa_audit.scoring.learned.corpus import CALLS, ITEMS, Sentence, corpus
from qa_audit.scoring.learned.decide import Decision
from qa_audit.scoring.learned.encoder import built_in_encoder
from qa_audit.scoring.learned.features import BUCKETS
from qa_audit.scoring.learned.readings import names_of
from qa_audit.scoring.learned.semantic import built_in_detector
from qa_audit.scoring.learned.train import (
    built_in_training,
    detector_of,
    made_from,
    rows_with_copies,
    training_of,
    with_misheard,
)


def test_held_out_scores_are_found_by_their_sentences(monkeypatch):
    names = names_of(["请", "您", "请", "您请"])
    content = held_out_bytes(names, np.array([[1.5] * 6, [-2.0] * 6, [9.0] * 6, [3.0] * 6], np.float32))
    stored = np.load(io.BytesIO(content))
    held_out = (stored["names"], stored["scores"].astype(float))
    monkeypatch.setattr(built_in, "stored_held_out", lambda: held_out)
    said = [Sentence("neutral", one, "clean", "", "", one) for one in ("您", "好的", "请")]
    said.append(Sentence(CALLS, "a-gas", "clean", "", "", "请", turn="您请"))
    head = built_in_head(training_of(said))
    assert head.held_out[[0, 2, 3]].tolist() == [[-2.0] * 6, [1.5] * 6, [1.5] * 6]
    np.testing.assert_allclose(head.held_out[1], built_in_encoder().scores(["好的"])[0])
    assert head.in_turn.tolist() == [[0.0] * 6] * 3 + [[3.0] * 6]


def test_of_what_the_encoder_was_tuned_on_it_is_known_what_encoders_say_that_did_not_see_it():
    known, scores = stored_held_out()
    assert np.isin(names_of(built_in_training().texts), known).mean() > 0.8
    assert scores.shape == (len(known), len(ITEMS) + 1)
    # Of a hand that came with the last tuning: what was known before has scores of other encoders.
    own = [one for one in corpus() if one.item == "no_overpromise" and one.family.startswith("zw_")]
    faults = [one.plain for one in own if one.label == "fault"][:200]
    held_out = scores[np.searchsorted(known, names_of(faults)), ITEMS.index("no_overpromise")]
    seen = built_in_encoder().scores(faults)[:, ITEMS.index("no_overpromise")]
    assert 0 < np.median(held_out) < np.median(seen)


def table(detector):
    """Weights of all buckets, whether they are stored or not."""
    weights = np.zeros((BUCKETS, len(detector.items)), int)
    weights[detector.buckets] = detector.weights[:, : len(detector.items)]
    return weights


@pytest.mark.slow
def test_fitting_again_gives_the_stored_weights():
    # The fits with families held out, which give the thresholds, take five times as long.
    training, stored = built_in_training(), built_in_detector().linear
    rows, buckets = rows_with_copies(with_misheard(training))
    decisions = [Decision(one.fault, one.uncertain, one.slope, one.shift) for one in stored.scales]
    again = detector_of(rows, buckets, training, decisions, made_from())
    assert again.made_from == stored.made_from
    # Another processor may add in another order: a weight may then fall on the other side of a half, and a
    # bucket without any weight is not stored.
    assert int(np.abs(table(again) - table(stored)).max()) <= 1
    for one, other in zip(again.scales, stored.scales, strict=True):
        assert (one.unit, one.bias) == pytest.approx((other.unit, other.bias), rel=1e-3)
