import hashlib
from dataclasses import dataclass, replace

import numpy as np
import pytest

from qa_audit.messages import QaError
from qa_audit.scoring.learned import semantic
from qa_audit.scoring.learned.combine import Combiner
from qa_audit.scoring.learned.corpus import CALLS, ITEMS, Sentence, corpus
from qa_audit.scoring.learned.evaluate import held_out
from qa_audit.scoring.learned.features import VERSION
from qa_audit.scoring.learned.model import LinearDetector, Scale
from qa_audit.scoring.learned.semantic import (
    HEARD_OUT,
    NOT_ASKED,
    SemanticDetector,
    Vectors,
    asked_of,
    built_in_detector,
    combined,
    head_of,
    read_detector,
    train_semantic,
)
from qa_audit.scoring.learned.train import training_of

SMALL = [one for one in corpus() if one.item in ("no_overpromise", "neutral") and not one.heard][::24]


@dataclass
class Characters:
    """Vectors that only tell which characters a sentence has."""

    where: str = "characters"
    sha256: str = "c" * 64
    asked: int = 0

    def vectors(self, sentences):
        self.asked += len(sentences)
        rows = np.zeros((len(sentences), 64), np.float32)
        for row, sentence in zip(rows, sentences, strict=True):
            for one in sentence:
                row[hashlib.md5(one.encode()).digest()[0] % 64] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1), 1e-9)[:, None]


def sums():
    """A combiner that adds n-grams' and model's score of an item, a hundredth of it."""
    inner = np.zeros((1, 11, 5))
    for item in range(5):
        inner[0, [item, 5 + item], item] = 1e-4
    return Combiner(
        np.zeros(11), np.ones(11), inner, np.zeros((1, 5)), 100 * np.eye(5)[None], np.zeros((1, 5))
    )


SUM = sums()


def detector(embedder, floor=-2.0, head=5.0):
    known = built_in_detector().linear
    scales = tuple(Scale(one.unit, one.bias, one.fault, one.uncertain) for one in known.scales)
    linear = LinearDetector(known.items, known.buckets, known.weights, scales, known.made_from)
    weights = np.zeros((len(ITEMS), 64), np.float32)
    floors = (floor,) * len(ITEMS)
    return SemanticDetector(
        linear, weights, (head,) * len(ITEMS), SUM, floors, "characters", "c" * 64, embedder
    )


def test_what_was_answered_is_not_hashed_again_for_evidence(monkeypatch):
    one = detector(Characters(), floor=-1e9)
    said = ["您好", "这不归我们管您找厂家去"]
    one = replace(one, linear=replace(one.linear, scales=(Scale(1.0, 0.0, -1e9, -1e9),) * len(ITEMS)))
    alone = one.why(said[1], "no_blame_shifting")
    one.answers(said)
    monkeypatch.setattr("qa_audit.scoring.learned.model.hashed", None)
    assert one.why(said[1], "no_blame_shifting") == alone
    assert one.answers([]).shape == (0, len(ITEMS))


def test_a_file_of_before_the_combiner_is_refused(tmp_path):
    path = tmp_path / "one.npz"
    path.write_bytes(detector(None).as_bytes())
    with np.load(path) as stored:
        np.savez(path, **{name: stored[name] for name in stored.files if not name.startswith("combiner_")})
    with pytest.raises(QaError) as error:
        read_detector(path)
    assert error.value.code == "learned.other_version"


def test_only_what_may_matter_is_embedded():
    embedder = Characters()
    one = detector(embedder)
    said = ["您好", "这不归我们管您找厂家去", "祝您生活愉快"]
    plain = one.linear.scores(said)
    asked = (plain >= -2).any(axis=1)
    assert one.asked(said).tolist() == asked.tolist()
    assert 0 < asked.sum() < 3
    expected = np.where(asked[:, None], (plain + 5) / 100, NOT_ASKED)
    np.testing.assert_allclose(one.scores(said), expected, rtol=1e-5)
    assert embedder.asked == asked.sum()


def test_it_is_named_by_n_grams_head_and_embedding():
    one = detector(Characters())
    assert one.sha256 == detector(Characters()).sha256
    assert one.sha256 not in (detector(Characters(), head=4.0).sha256, one.linear.sha256)
    assert one.why("这不归我们管您找厂家去", "no_blame_shifting") == one.linear.why(
        "这不归我们管您找厂家去", "no_blame_shifting"
    )


def test_stored_and_read_again_where_the_embedding_is_at_hand(tmp_path, monkeypatch):
    path = tmp_path / "one.npz"
    path.write_bytes(detector(None).as_bytes())
    with pytest.raises(QaError) as error:
        read_detector(path)
    assert error.value.code == "learned.no_embedding"
    monkeypatch.setattr(semantic, "load_embedder", Characters)
    other = read_detector(path)
    assert isinstance(other, SemanticDetector)
    assert other.sha256 == detector(None).sha256
    said = ["这不归我们管您找厂家去"]
    np.testing.assert_array_equal(other.answers(said), detector(Characters()).answers(said))


def test_the_packages_detector_asks_its_encoder_for_few_sentences():
    one = built_in_detector()
    of_calls = [said.plain for said in corpus() if said.item == CALLS][::20]
    faults = [said.plain for said in corpus() if said.label == "fault"][::40]
    assert one.asked(of_calls).mean() < 0.2
    assert one.asked(faults).mean() > 0.9
    said = ["这不归我们管您找厂家去", "祝您生活愉快"]
    assert one.answers(said)[:, ITEMS.index("no_blame_shifting")].tolist() == [1, -2]


def test_a_plain_detector_and_damaged_files(tmp_path):
    path = tmp_path / "one.npz"
    path.write_bytes(built_in_detector().linear.as_bytes())
    assert isinstance(read_detector(path), LinearDetector)
    path.write_bytes(built_in_detector().as_bytes())
    assert read_detector(path).sha256 == built_in_detector().sha256
    for content in (b"", b"junk"):
        path.write_bytes(content)
        with pytest.raises(QaError) as error:
            read_detector(path)
        assert error.value.code == "learned.unreadable"
    with pytest.raises(QaError) as error:
        read_detector(tmp_path / "none.npz")
    assert error.value.code == "learned.unreadable"


def test_a_refusal_is_heard_out_within_its_turn():
    item = ITEMS.index(HEARD_OUT)
    weights = np.zeros((len(ITEMS), 64), np.float32)
    place = hashlib.md5("帮".encode()).digest()[0] % 64
    weights[item, place] = -1000.0
    one = detector(Characters(), floor=-1e9, head=0.0)
    scales = tuple(Scale(s.unit, s.bias, -0.5, -1.0) for s in one.linear.scales)
    one = replace(one, weights=weights, linear=replace(one.linear, scales=scales))
    said = ["不行", "我帮您申请", "不行"]
    alone = one.answers(said)[:, item].tolist()
    assert alone[0] == alone[2]
    heard = one.answers(said, [0, 0, 1])[:, item].tolist()
    assert (heard[0], heard[2]) == (-2, alone[0])
    assert alone[0] != -2
    assert one.answers(said, [0, 1, 2])[:, item].tolist() == alone


def test_training_gives_a_detector_whose_floors_lie_below_uncertain():
    training = training_of(SMALL)
    one = train_semantic(training, Characters(), head_of(training, Characters()), {"features": VERSION})
    item = ITEMS.index("no_overpromise")
    assert one.linear.scales[item].uncertain <= one.linear.scales[item].fault
    own = (training.own == item) & (training.labels[:, item] == 1)
    scores = replace(one, embedder=Characters()).scores(
        [text for text, fault in zip(training.texts, own, strict=True) if fault and len(text) < 40]
    )
    assert (scores[:, item] > NOT_ASKED).mean() > 0.9
    assert np.median(scores[:, item]) > one.linear.scales[item].uncertain


def test_held_out_takes_what_a_model_says():
    training = training_of(SMALL)
    head = head_of(training, Characters())
    item = ITEMS.index("no_overpromise")
    answers = held_out(training, head, folds=3)[:, item]
    assert set(answers.tolist()) <= {-2, -1, 0, 1}
    assert (answers[training.labels[:, item] == 1] >= 0).mean() > 0.1


def test_held_out_scores_are_heard_out_too(monkeypatch):
    turns = [
        Sentence(CALLS, f"{writer}-gas", "clean", "", "", "这个办不了", turn="这个办不了我帮您转")
        for writer in "ab"
    ]
    training = training_of([*SMALL, *turns])
    head = head_of(training, Characters())
    assert head.in_turn.any(axis=1).tolist() == [bool(turn) for turn in training.turns]
    monkeypatch.setattr(semantic, "out_of_fold", lambda *_: [lambda _grams, read, _lengths: read] * 2)
    scores = combined(training, head.held_out, head._replace(in_turn=head.held_out - 7), folds=2)
    lowered = np.zeros_like(scores)
    lowered[training.calls >= 0, ITEMS.index(HEARD_OUT)] = 7
    np.testing.assert_allclose(scores, head.held_out - lowered)


def test_what_the_model_would_not_be_asked_of_is_clean():
    training = training_of(SMALL)
    grams = np.where(training.labels[:, [ITEMS.index("no_overpromise")]] == 1, 3.0, -3.0) * np.ones(
        len(ITEMS)
    )
    scores, floors = asked_of(grams + 1, grams, training, np.ones(len(training), bool))
    asked = (grams >= floors).any(axis=1)
    np.testing.assert_array_equal(scores[asked], grams[asked] + 1)
    assert (scores[~asked] == NOT_ASKED).all()


def test_vectors_are_inputs_of_a_fit():
    values = np.arange(6.0).reshape(3, 2)
    one = Vectors(values).take(np.array([2, 0]))
    assert (len(one), one.width) == (2, 2)
    assert one.dot(np.array([1.0, 1.0])).tolist() == [9.0, 1.0]
    assert one.back(np.array([1.0, 1.0])).tolist() == [4.0, 6.0]
