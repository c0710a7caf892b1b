import io

import numpy as np
import pytest

from qa_audit.scoring.learned import built_in
from qa_audit.scoring.learned.built_in import built_in_head, stored_held_out
from qa_audit.scoring.learned.corpus import CALLS, ITEMS, Sentence, corpus, corpus_sha256
from qa_audit.scoring.learned.encoder import built_in_encoder
from qa_audit.scoring.learned.features import BUCKETS
from qa_audit.scoring.learned.held_out import held_out_bytes
from qa_audit.scoring.learned.readings import names_of
from qa_audit.scoring.learned.semantic import built_in_detector
from qa_audit.scoring.learned.train import (
    built_in_training,
    fit_all,
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


def of_all_buckets(buckets, weights):
    """Weights of all buckets, whether they are stored or not."""
    table = np.zeros(BUCKETS, int)
    table[buckets] = weights
    return table


@pytest.mark.slow
def test_fitting_again_gives_the_stored_weights():
    # An item for each state of the corpus: all take three times as long, and the fits with families held out,
    # which give the thresholds, five times as long again.
    item = int(corpus_sha256(), 16) % len(ITEMS)
    stored, both = built_in_detector().linear, with_misheard(built_in_training())
    assert stored.made_from == made_from()
    rows, buckets = rows_with_copies(both)
    weights, biases = fit_all(rows, both, np.ones(len(both), bool), items=[item])
    unit = np.abs(weights).max() / 127
    again = of_all_buckets(buckets, np.rint(weights[:, 0] / unit))
    # Another processor may add in another order: a weight may then fall on the other side of a half.
    assert np.abs(again - of_all_buckets(stored.buckets, stored.weights[:, item])).max() <= 1
    scale = stored.scales[item]
    assert (unit, biases[0]) == pytest.approx((scale.unit, scale.bias), rel=1e-3)
