"""The sentences that the detector of acts learns from, and that the stored one was made from them."""

import numpy as np
import pytest

from qa_audit.scoring.learned import act_training
from qa_audit.scoring.learned.act_training import (
    ActSentences,
    act_sentences,
    bare_scale,
    fit_acts,
    read_held_out,
    report,
    sentences_sha256,
    thresholds,
)
from qa_audit.scoring.learned.acts import ACTS, BARE, ActDetector, BareScale, built_in_acts
from qa_audit.scoring.learned.bare_reader import built_in_bare_reader, stored_held_out
from qa_audit.scoring.learned.misheard import misheard
from qa_audit.scoring.learned.model import LinearDetector, Scale
from qa_audit.scoring.learned.readings import names_of
from qa_audit.scoring.learned.rows import rows_of


def test_every_act_has_sentences_of_several_hands_and_look_alikes():
    sentences = act_sentences()
    assert len(set(sentences.texts)) == len(sentences)
    for place in range(len(ACTS)):
        done = sentences.labels[:, place] == 1
        assert done.sum() >= 200
        assert sentences.alike[:, place].sum() >= 100
        assert len(set(sentences.hands[done].tolist())) >= 4


def test_a_sentence_that_does_one_thing_does_not_do_others_but_for_what_is_alike():
    labels = dict(zip(ACTS, act_training._labels({"offer": True}), strict=True))
    assert labels == dict.fromkeys(ACTS, 0) | {"offer": 1, "further": -1}
    labels = dict(zip(ACTS, act_training._labels({"hold": False}), strict=True))
    assert labels == dict.fromkeys(ACTS, -1) | {"hold": 0}


def made_up(scores, alike, calls):
    count = len(scores)
    return ActSentences(
        tuple(map(str, range(count))),
        np.array(["calls/a" if call >= 0 else "a" for call in calls]),
        np.full((count, len(ACTS)), -1, np.int8),
        np.repeat(np.array(alike, bool)[:, None], len(ACTS), axis=1),
        np.array(calls) >= 0,
    )


def test_thresholds_keep_look_alikes_and_whole_calls_out():
    scores = np.concatenate([np.arange(100.0), np.arange(1000.0) / 10])
    sentences = made_up(scores, [True] * 100 + [False] * 1000, [-1] * 100 + [0] * 1000)
    done, unclear = thresholds(scores, sentences, ACTS.index("hold"))
    assert (scores[:100] >= done).mean() <= act_training.ALIKE["hold"][0]
    assert (scores[100:] >= unclear).mean() <= act_training.ANY[1]
    assert unclear < done


def test_of_calls_whose_sentences_were_told_only_those_that_do_it_not_bound_a_threshold():
    scores = np.concatenate([np.full(100, -9.0), np.arange(1000.0), np.full(500, 5000.0)])
    sentences = made_up(scores, [True] * 100 + [False] * 1500, [-1] * 100 + [0] * 1500)
    place = ACTS.index("bare")
    sentences.labels[100:1100, place], sentences.labels[1100:, place] = 0, 1
    done, unclear = thresholds(scores, sentences, place)
    assert [(scores[100:1100] >= one).mean() for one in (done, unclear)] == list(act_training.NONE)


def test_what_was_told_of_a_call_s_sentence_is_known_of_bare_requests_and_that_they_are_no_courteous_wait():
    bare, hold = ACTS.index("bare"), ACTS.index("hold")
    for label, asks, waits in (("yes", 1, 0), ("no", 0, -1), ("either", -1, -1)):
        told = act_training._told(label)
        assert (told[bare], told[hold]) == (asks, waits)
        assert [known for act, known in enumerate(told) if act not in (bare, hold)] == [-1] * (len(ACTS) - 2)


def test_bare_requests_were_told_in_whole_calls():
    sentences, place = act_sentences(), ACTS.index("bare")
    told = sentences.of_calls & (sentences.labels[:, place] >= 0)
    asks = told & (sentences.labels[:, place] == 1)
    assert told.sum() > 5000
    assert 0.03 < asks.sum() / told.sum() < 0.15
    assert len(set(sentences.hands[asks].tolist())) >= 10
    assert "calls/ak" in sentences.hands


def test_the_report_counts_what_each_threshold_lets_through():
    scores = np.repeat(np.array([3.0, 0.0, -3.0, 3.0])[:, None], len(ACTS), axis=1)
    sentences = made_up(scores[:, 0], [False, True, True, False], [-1, -1, -1, 0])
    sentences.labels[0] = 1
    scale = Scale(1.0, 0.0, fault=2.0, uncertain=-1.0)
    linear = LinearDetector(ACTS, np.zeros(0, np.int32), np.zeros((0, 8), np.int8), (scale,) * 8, {})
    detector = ActDetector(linear, BareScale(1.0, 1.0, 0.0, 3.5, 0.0, 0.0), "0" * 64)
    assert report(sentences, scores, detector)[1].split() == [
        "offer", "1", "1.000", "1.000", "2", "0.000", "0.500", "1", "1.000", "1.000",
    ]  # fmt: skip
    assert report(sentences, scores, detector)[-1].split() == [
        "bare", "1", "0.000", "1.000", "2", "0.000", "0.500", "1", "0.000", "1.000",
    ]  # fmt: skip


def test_the_scores_of_n_grams_and_reader_are_joined_by_what_each_tells():
    rng = np.random.default_rng(0)
    asks = rng.random(4000) < 0.1
    grams, read = rng.normal(0, 1, 4000) + asks, rng.normal(0, 1, 4000) + 3 * asks
    sentences = made_up(grams, (~asks & (rng.random(4000) < 0.2)).tolist(), [0] * 4000)
    sentences.labels[:, BARE] = asks
    scale = bare_scale(grams, read, sentences)
    assert scale.of_reader > 2 * scale.of_grams > 0
    joined = scale.joined(grams, read)
    assert (joined[~asks] >= scale.done).mean() == pytest.approx(act_training.NONE[0], abs=4e-4)
    noticed = asks & (joined >= scale.unclear)
    assert (grams[noticed] < scale.floor).mean() == pytest.approx(act_training.LOST, abs=0.01)


def test_what_readers_said_of_held_out_sentences_is_stored_and_new_ones_are_read():
    said = act_sentences().texts[:3]
    held_out = read_held_out(said)
    found = read_held_out((*said, "这一句谁也没有写过", said[0]))
    assert found[:3].tolist() == held_out.tolist()
    assert found[4] == held_out[0]
    new = built_in_bare_reader().scores(["这一句谁也没有写过"])[0, 0]
    assert found[3] == pytest.approx(float(new), abs=1e-4)
    assert set(names_of(act_sentences().texts).tolist()) == set(stored_held_out()[0].tolist())


def test_the_stored_detector_was_made_from_the_sentences_that_lie_beside_it():
    assert built_in_acts().linear.made_from["acts"] == sentences_sha256()


@pytest.mark.slow
def test_fitting_again_gives_the_stored_weights():
    sentences, stored = act_sentences(), built_in_acts().linear
    both = (*sentences.texts, *misheard(sentences.texts))
    rows, buckets = rows_of(both, np.tile(np.arange(len(sentences)), 2))
    # What is learned from whole calls, and one of the others for each state of the sentences: all take long.
    others = [place for place, act in enumerate(ACTS) if act != "bare"]
    acts = [ACTS.index("bare"), others[int(sentences_sha256(), 16) % len(others)]]
    weights, biases = fit_acts(rows, sentences, np.ones(len(sentences), bool), acts=acts)
    units = np.abs(weights).max(axis=0) / 127
    table = np.rint(weights / units).astype(int)
    np.testing.assert_allclose(biases, [stored.scales[place].bias for place in acts], rtol=1e-3)
    kept = np.zeros_like(table)
    kept[np.searchsorted(buckets, stored.buckets)] = stored.weights[:, acts]
    assert np.isin(stored.buckets, buckets).all()
    # Another processor may add in another order: a weight may then fall on the other side of a half.
    assert int(np.abs(table - kept).max()) <= 1
