"""The batched decoder against openai-whisper's own, on a tiny model with random weights."""

from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  torch's own custom
from whisper.decoding import DecodingOptions, DecodingTask

from qa_audit.transcribe.whisper_decoder import BatchedDecoder
from tests.transcribe.ct2_files import TINY, tiny_whisper

MAX_TOKENS = 24


@pytest.fixture(scope="module", params=[0, 1, 2])
def model(request):
    return tiny_whisper(request.param)


@pytest.fixture(scope="module")
def features():
    torch.manual_seed(7)
    return torch.randn(3, TINY["n_audio_ctx"], TINY["n_audio_state"])


def theirs(model, **options):
    return DecodingTask(
        model,
        DecodingOptions(
            language="zh",
            without_timestamps=True,
            fp16=False,
            sample_len=MAX_TOKENS,
            suppress_blank=False,
            **options,
        ),
    )


def ours(model, task):
    suppressed = set(task._get_suppress_tokens())
    allowed = [token for token in range(task.tokenizer.eot + 1) if token not in suppressed]
    return BatchedDecoder(model, allowed, task.tokenizer.eot)


def search(decoder, features, task, beam, **options):
    limits = [MAX_TOKENS] * len(features)
    return decoder.search(features, task.initial_tokens, beam=beam, max_tokens=limits, **options)[0]


@pytest.mark.parametrize("beam", [1, 3, 5])
def test_same_tokens_and_probability_as_whisper(model, features, beam):
    options = {"beam_size": beam} if beam > 1 else {}
    first = theirs(model)
    specials = range(first.tokenizer.eot + 1, TINY["n_vocab"])  # languages and times, which ours never writes
    task = theirs(model, suppress_tokens=[*first._get_suppress_tokens(), *specials], **options)
    found = search(ours(model, task), features, task, beam)
    for row, hypothesis in zip(features, found, strict=True):
        expected = task.run(row[None])[0]
        assert hypothesis.tokens == expected.tokens
        assert hypothesis.mean == pytest.approx(expected.avg_logprob, abs=1e-4)


def test_a_batch_gives_what_each_row_alone_gives(model, features):
    task = theirs(model)
    decoder = ours(model, task)
    together = search(decoder, features, task, 4)
    alone = [search(decoder, row[None], task, 4)[0] for row in features]
    assert [one.tokens for one in together] == [one.tokens for one in alone]


def test_runs_are_not_repeated_when_forbidden(model, features):
    task = theirs(model)
    for hypothesis in search(ours(model, task), features, task, 2, no_repeat=2):
        pairs = list(pairwise(hypothesis.tokens))
        assert len(pairs) == len(set(pairs))


def test_limits_are_kept_row_by_row(model, features):
    task = theirs(model)
    found = ours(model, task).search(features, task.initial_tokens, beam=2, max_tokens=[3, 9, 5])[0]
    assert all(len(one.tokens) <= limit for one, limit in zip(found, [3, 9, 5], strict=True))


def test_forced_tokens_have_the_probabilities_of_whisper_s_own_forward_pass(model, features):
    task = theirs(model)
    begin = len(task.initial_tokens)
    tokens = torch.tensor([[*task.initial_tokens, 100, 200, 300]]).repeat(3, 1)
    decoder = BatchedDecoder(model, range(TINY["n_vocab"]), task.tokenizer.eot)
    picked, attention, _ = decoder.force(features, tokens, begin, heads=[(0, 1), (1, 0)])
    expected = F.log_softmax(model.decoder(tokens, features)[:, begin - 1 : -1], -1)
    torch.testing.assert_close(
        picked, expected.gather(-1, tokens[:, begin:, None])[..., 0], atol=1e-3, rtol=1e-4
    )
    assert attention.shape == (3, 2, tokens.shape[1], TINY["n_audio_ctx"])
    torch.testing.assert_close(attention.sum(-1), torch.ones(3, 2, tokens.shape[1]))


def test_the_score_of_a_search_is_the_score_of_its_tokens_forced(model, features):
    task = theirs(model)
    decoder = ours(model, task)
    (best,) = search(decoder, features[:1], task, 3)
    start = list(task.initial_tokens)
    row = [*best.tokens, task.tokenizer.eot] if len(best.tokens) < MAX_TOKENS else best.tokens
    picked, *_ = decoder.force(features[:1], torch.tensor([[*start, *row]]), len(start))
    # The first step of a search forbids the end of text, which moves its probability a little.
    assert best.logprob == pytest.approx(float(picked.sum()), abs=0.1)


def test_probability_of_a_token_is_among_all_tokens(model, features):
    task = theirs(model)
    decoder = ours(model, task)
    _, prompt = decoder.search(features, task.initial_tokens, beam=1, max_tokens=[2, 2, 2])
    expected = model.decoder(torch.tensor([task.initial_tokens] * 3), features)[:, 0].softmax(-1)[:, 7]
    assert decoder.probability(prompt[:, 0], 7) == pytest.approx(expected.tolist(), rel=1e-3)
