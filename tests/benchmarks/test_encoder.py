import numpy as np
import pytest
import torch

from benchmarks.encoder import bare_requests, parts
from benchmarks.encoder.beginning import of_package
from benchmarks.encoder.network import Network
from benchmarks.encoder.tune import FURTHER, Material, material_of, padded, scores_of, texts_of, tuned
from qa_audit.scoring.learned import encoder
from qa_audit.scoring.learned.acts import ACTS, BARE
from qa_audit.scoring.learned.corpus import Sentence
from qa_audit.scoring.learned.encoder import built_in_encoder
from qa_audit.scoring.learned.pieces import of_texts
from qa_audit.scoring.learned.train import training_of

SAID = [
    Sentence("no_harsh_language", "a", "fault", "plain", "bank", "您耳朵是摆设吗？"),
    Sentence("no_harsh_language", "a~", "clean", "plain", "bank", "您慢慢说，我听着呢。"),
    Sentence("no_overpromise", "b", "fault", "plain", "bank", "明天准到账，跑不了。"),
    Sentence("calls", "c-bank", "clean", "call", "bank", "我查一下", turn="好的我查一下"),
]


@pytest.fixture(scope="module")
def package():
    return of_package()


def test_the_package_s_encoder_says_the_same_in_torch(package):
    training = training_of(SAID)
    material = material_of(training, texts_of(training), package.pieces)
    network = Network(package, 6).eval()
    ours = built_in_encoder().scores(training.texts)
    np.testing.assert_allclose(scores_of(network, material.ids[0]), ours, atol=0.02, rtol=0.02)


def test_what_is_stored_of_a_network_is_what_it_began_with(package):
    stored = Network(package, 6).stored()
    content = encoder.as_bytes(package.pieces, stored, package.heads, package.epsilon)
    again = encoder.from_bytes(content, "encoder.npz")
    ours = built_in_encoder()
    assert again.pieces == ours.pieces
    np.testing.assert_array_equal(again.words, ours.words)
    said = ["您慢慢说我听着呢"]
    np.testing.assert_allclose(again.scores(said), ours.scores(said), atol=1e-3)


def test_tuning_further_teaches_the_chosen_sentences(package):
    torch.set_num_threads(1)
    unheard = [Sentence("no_harsh_language", "d", "fault", "plain", "bank", "请您核对一下地址。")]
    training = training_of([*unheard, *SAID])
    material = material_of(training, texts_of(training), package.pieces)
    before = scores_of(Network(package, 6).eval(), material.ids[0])
    network = tuned("few", package, material, np.arange(len(training)), FURTHER._replace(epochs=10))
    after = scores_of(network, material.ids[0])
    harsh = 2
    assert before[0, harsh] < -2
    assert after[0, harsh] > before[0, harsh] + 1


def test_further_are_learned_sentences_that_the_encoder_has_not_seen_and_half_as_many_that_it_has(
    monkeypatch,
):
    said = [
        Sentence("neutral", f"f{one}", "clean", "plain", "bank", text)
        for one, text in enumerate("甲乙丙丁戊己庚")
    ]
    monkeypatch.setattr(parts, "corpus", lambda: tuple(said))
    monkeypatch.setattr(parts, "turns", tuple)
    seen = np.sort(parts.names_of(["甲", "乙", "丙", "丁", "戊"]))
    monkeypatch.setattr(parts, "stored_held_out", lambda: (seen, np.zeros((5, 6))))
    chosen, new = parts._chosen(further=True)
    assert [one.text for one, is_new in zip(chosen, new, strict=True) if is_new] == ["己", "庚"]
    assert len(chosen) == 3
    anew, all_new = parts._chosen(further=False)
    assert (len(anew), all_new.all()) == (7, True)


def test_a_reader_of_requests_is_tuned_on_what_the_lower_layers_made(package, tmp_path, monkeypatch):
    torch.set_num_threads(1)
    monkeypatch.setattr(bare_requests, "EPOCHS", 12)
    said = ("把单子发过来", "帮你查到了", "麻烦你稍等一下", "号码报一遍")
    ids = tuple([of_texts(package.pieces, said, 96)] * 4)
    labels = np.full((4, len(ACTS)), -1.0, np.float32)
    labels[:, BARE] = [1, 0, 0, 1]
    material = Material(ids, [], torch.from_numpy(labels))
    flat = [one for part in ids for one in part]
    path = tmp_path / "states.npy"
    bare_requests.states_of(flat, path)
    states = bare_requests.States(np.load(path), bare_requests._firsts(flat))
    whole = bare_requests.network().eval()
    with torch.no_grad():
        wanted = whole(*padded(ids[0])).numpy()
        found = bare_requests.upper(whole, *states.padded([0, 1, 2, 3])).numpy()
    np.testing.assert_allclose(found, wanted, atol=0.01)
    reader = bare_requests.tuned("few", states, material, np.arange(4))
    scores = bare_requests.scores_of(reader, states, np.arange(4))[:, BARE]
    assert scores[[0, 3]].min() > scores[[1, 2]].max() + 1
    lower = [reader.state_dict()[name] for name in ("layers.0.output.weight", "places")]
    assert [
        torch.equal(one, whole.state_dict()[name])
        for one, name in zip(lower, ("layers.0.output.weight", "places"), strict=True)
    ] == [True, True]
