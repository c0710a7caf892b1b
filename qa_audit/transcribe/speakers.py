"""Two speakers on one channel: who says what, from how it sounds, what is said, and where people take turns.

A hidden Markov model with two states, agent and customer. In each state the voice is a Gaussian around the
speaker's own mean, found anew in every call (expectation-maximisation), and the words lean to one side
(`role_words`). A change of speaker is likely at a pause or after a sentence, unlikely inside one. How far
apart two voices are is measured against how much one voice varies (`voice_metric.npz`, learned by
`benchmarks/voice_metric.py`), and the whole against one speaker who says everything.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_audit.transcribe.driver import Segment
from qa_audit.transcribe.engine import Piece
from qa_audit.transcribe.role_words import leaning
from qa_audit.transcribe.voices import WINDOW_S, VoiceWindow, vectors_of

Floats = NDArray[np.float64]

METRIC = Path(__file__).with_name("voice_metric.npz")
# Directions in which the voices of a call vary most; more of them follow what is said, not who speaks.
DIRECTIONS = 4
# In the metric a voice varies by 1; that counts as much as so many windows of the call itself.
WINDOWS_OF_METRIC = 100
# Two means fit one voice better by chance, the more the longer it speaks: log-likelihood a second.
BY_CHANCE = 0.1
# Windows overlap and neighbours sound alike: `WINDOW_S` of speech is so much of one look at a voice.
VOICE_WEIGHT = 0.5
# A sentence's words count at most so much; a recognition error may have made them.
MOST_POINTS = 5.0
# Log-odds against a change of speaker between two windows: at a pause or after a sentence it is as likely as
# not, after a comma (the model writes one between two speakers, too) less so, inside a clause it is rare.
CHANGE_AT_PAUSE, CHANGE_AFTER_SENTENCE, CHANGE_AFTER_CLAUSE, CHANGE_INSIDE = 0.0, 0.0, 1.5, 4.0
NEAR_S = 0.3
ROUNDS = 15
_SENTENCE_ENDS = frozenset("。！？!?；;")
_CLAUSE_ENDS = _SENTENCE_ENDS | frozenset("，,、 ")
# A clause in which both speak for so long is split inside; below that it is the windows that are blurred.
BOTH_SPEAK_S = 1.2


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who speaks when on one channel."""

    windows: tuple[VoiceWindow, ...]
    agent: tuple[float, ...]
    """Probability that the agent speaks, for each window."""
    separation: float
    """Squared distance of the two voices, in squared deviations of a voice around its mean."""
    leans: float
    """Points of all words together, as if one person said them: above 0 an agent, below a customer."""
    advantage: float
    """Log-likelihood of two speakers above that of one, by voice, words and where they take turns, less what
    chance adds."""


def tell_apart(windows: Sequence[VoiceWindow], segments: Sequence[Segment]) -> Speakers:
    """Agent or customer, for every window that has text; windows without (music, noise) are left out.

    `segments`: what was heard on the channel without announcements, in order. It always tells two apart;
    whether there were two is for `roles` to judge by `advantage`.
    """
    spoken = _with_text(windows, segments)
    if len(spoken) < 2:
        return Speakers(spoken, (0.5,) * len(spoken), 0.0, 0.0, 0.0)
    sentences = [sentence for segment in segments for sentence in parts_of(segment.pieces, _SENTENCE_ENDS)]
    words = _words(spoken, sentences)
    against = _against_change(spoken, sentences)
    vectors = _directions(vectors_of(spoken))
    lengths_s = np.array([one.end_s - one.start_s for one in spoken])
    weight = VOICE_WEIGHT * np.minimum(1.0, lengths_s / WINDOW_S)
    text = np.stack([words, -words], axis=1) / 2
    starts = [_posterior(text, against)[0], _by_words(words), *_by_voice(vectors, words)]
    fits = [_fit(vectors, weight, text, against, start) for start in starts]
    agent, likelihood, separation = max(fits, key=lambda fit: fit[1])
    by_chance = BY_CHANCE * float(lengths_s.sum())
    return Speakers(
        spoken,
        tuple(agent.round(4).tolist()),
        round(separation, 3),
        round(float(words.sum()), 3),
        round(likelihood - _of_one(vectors, weight, words, against) - by_chance, 3),
    )


def split_by_speaker(segment: Segment, speakers: Speakers) -> list[tuple[bool, Segment]]:
    """Parts of a segment in order, each with whether the agent speaks; they touch in time.

    A clause goes to whoever speaks for most of it; one in which both speak for long is split inside.
    """
    kinds: list[bool] = []
    agent_between = _timeline(speakers)
    for clause in parts_of(segment.pieces, _CLAUSE_ENDS):
        each = [agent_between(piece.start_s, piece.end_s) for piece in clause]
        seconds = [piece.end_s - piece.start_s for piece in clause]
        agent_s = sum(length for share, length in zip(each, seconds, strict=True) if share >= 0.5)
        if min(agent_s, sum(seconds) - agent_s) >= BOTH_SPEAK_S:
            kinds += [share >= 0.5 for share in each]
        else:
            kinds += [agent_between(clause[0].start_s, clause[-1].end_s) >= 0.5] * len(clause)
    borders = [place for place in range(1, len(kinds)) if kinds[place] != kinds[place - 1]]
    times = [(segment.pieces[at - 1].end_s + segment.pieces[at].start_s) / 2 for at in borders]
    return [
        (kinds[first], Segment(segment.channel, start_s, max(start_s, end_s), segment.pieces[first:last]))
        for (first, last), (start_s, end_s) in zip(
            pairwise([0, *borders, len(kinds)]),
            pairwise([segment.start_s, *times, segment.end_s]),
            strict=True,
        )
        if first < last
    ]


def parts_of(pieces: Sequence[Piece], ends: frozenset[str]) -> list[list[Piece]]:
    """Pieces in runs, each up to and with a piece that ends with one of the signs.

    >>> said = [Piece(char, at, at + 1, 0.0) for at, char in enumerate("好。请讲")]
    >>> ["".join(piece.text for piece in part) for part in parts_of(said, frozenset("。"))]
    ['好。', '请讲']
    """
    parts: list[list[Piece]] = []
    ended = True
    for piece in pieces:
        if ended:
            parts.append([])
        parts[-1].append(piece)
        ended = piece.text[-1:] in ends
    return parts


def _with_text(windows: Sequence[VoiceWindow], segments: Sequence[Segment]) -> tuple[VoiceWindow, ...]:
    heard = [one for one in segments if one.pieces]
    starts = [one.start_s for one in heard]
    kept = []
    for window in windows:
        middle = (window.start_s + window.end_s) / 2
        place = bisect_right(starts, middle) - 1
        if place >= 0 and middle <= heard[place].end_s:
            kept.append(window)
    return tuple(kept)


def _timeline(speakers: Speakers) -> Callable[[float, float], float]:
    """A function of start and end: the probability of the agent, averaged over that stretch of time; of the
    nearest window where no window lies in it."""
    if not speakers.windows:
        return lambda start_s, end_s: 0.5
    starts, ends = _bounds(speakers.windows)
    agent = np.array(speakers.agent)
    edges = np.stack([starts, ends], axis=1).ravel()
    lengths = np.stack([np.zeros_like(starts), ends - starts], axis=1).ravel()
    seconds = np.cumsum(lengths)
    agent_seconds = np.cumsum(lengths * np.repeat(agent, 2))

    def agent_between(start_s: float, end_s: float) -> float:
        span = (start_s, end_s)
        (first, last), (agent_first, agent_last) = (
            np.interp(span, edges, seconds),
            np.interp(span, edges, agent_seconds),
        )
        if last - first > 1e-6:
            return float((agent_last - agent_first) / (last - first))
        return float(agent[np.argmin(np.abs(starts + ends - start_s - end_s))])

    return agent_between


def _words(windows: Sequence[VoiceWindow], sentences: Sequence[Sequence[Piece]]) -> Floats:
    """Points of the sentences, spread over the windows in which they are said; above 0 is the agent's."""
    starts, ends = _bounds(windows)
    points = np.zeros(len(windows))
    for sentence in sentences:
        leans = np.clip(leaning("".join(piece.text for piece in sentence)), -MOST_POINTS, MOST_POINTS)
        first_s, last_s = sentence[0].start_s, sentence[-1].end_s
        inside = np.clip(np.minimum(ends, last_s) - np.maximum(starts, first_s), 0, None)
        if not inside.sum():
            inside[np.argmin(np.abs(starts + ends - first_s - last_s))] = 1.0
        points += leans * inside / inside.sum()
    return points


def _against_change(windows: Sequence[VoiceWindow], sentences: Sequence[Sequence[Piece]]) -> Floats:
    """Log-odds against a change of speaker before each window but the first."""
    sentence_ends = np.array([sentence[-1].end_s for sentence in sentences])
    clauses = [clause for sentence in sentences for clause in parts_of(sentence, _CLAUSE_ENDS)]
    clause_ends = np.array([clause[-1].end_s for clause in clauses])
    costs = np.full(len(windows) - 1, CHANGE_INSIDE)
    for place, (before, after) in enumerate(pairwise(windows)):
        if before.region != after.region:
            costs[place] = CHANGE_AT_PAUSE
        elif np.abs(sentence_ends - after.start_s).min(initial=np.inf) < NEAR_S:
            costs[place] = CHANGE_AFTER_SENTENCE
        elif np.abs(clause_ends - after.start_s).min(initial=np.inf) < NEAR_S:
            costs[place] = CHANGE_AFTER_CLAUSE
    return costs


def _bounds(windows: Sequence[VoiceWindow]) -> tuple[Floats, Floats]:
    return np.array([one.start_s for one in windows]), np.array([one.end_s for one in windows])


def _directions(vectors: Floats) -> Floats:
    """The vectors in the metric, in the directions in which they vary most."""
    left, strength, _ = np.linalg.svd((vectors - vectors.mean(axis=0)) @ _metric(), full_matrices=False)
    return (left * strength)[:, :DIRECTIONS]


@cache
def _metric() -> Floats:
    """What vectors are multiplied by: one voice then varies by 1 in all directions, and by less in those in
    which two voices hardly differ."""
    with np.load(METRIC, allow_pickle=False) as stored:
        return stored["metric"].astype(np.float64)


def _by_words(words: Floats) -> Floats:
    """Probabilities of the agent to start from: whoever says more says all that is neutral, too."""
    lean = np.where(words == 0, words.sum(), words)
    return np.where(lean >= 0, 0.95, 0.05)


def _by_voice(vectors: Floats, words: Floats) -> list[Floats]:
    """Probabilities of the agent to start from: two clusters by voice alone (k-means from two directions)."""
    starts = []
    for direction in vectors.T[:2]:
        second = direction > 0
        for _ in range(20):
            if second.all() or not second.any():
                break
            means = np.stack([vectors[~second].mean(axis=0), vectors[second].mean(axis=0)])
            moved = ((vectors[:, None] - means) ** 2).sum(axis=2).argmin(axis=1) == 1
            if (moved == second).all():
                break
            second = moved
        agent = np.where(second, 0.95, 0.05)
        starts.append(agent if words @ (2 * agent - 1) >= 0 else 1 - agent)
    return starts


def _fit(
    vectors: Floats, weight: Floats, text: Floats, against: Floats, agent: Floats
) -> tuple[Floats, float, float]:
    """Probabilities of the agent, log-likelihood and separation, by expectation-maximisation from `agent`."""
    likelihood = separation = 0.0
    for _ in range(ROUNDS):
        shares = np.stack([agent, 1 - agent], axis=1)
        means = (shares.T @ vectors) / (shares.sum(axis=0) + 1e-3)[:, None]
        distance = ((vectors[:, None] - means) ** 2).sum(axis=2)
        variance = _variance(float((shares * distance).sum()), vectors)
        separation = float(((means[0] - means[1]) ** 2).sum()) / variance
        agent, likelihood = _posterior(_voice(distance, variance, weight[:, None], vectors) + text, against)
    return agent, likelihood, separation


def _of_one(vectors: Floats, weight: Floats, words: Floats, against: Floats) -> float:
    """Log-likelihood of one speaker who says everything, of the role that explains the words better."""
    distance = ((vectors - vectors.mean(axis=0)) ** 2).sum(axis=1)
    voice = _voice(distance, _variance(float(distance.sum()), vectors), weight, vectors)
    never = -np.logaddexp(0.0, -against).sum() - np.log(2)
    return float(voice.sum() + abs(words.sum()) / 2 + never)


def _variance(squares: float, vectors: Floats) -> float:
    """Variance of a voice in each direction; the fewer windows, the more it is the metric's."""
    count, directions = vectors.shape
    return (squares / directions + WINDOWS_OF_METRIC) / (count + WINDOWS_OF_METRIC)


def _voice(distance: Floats, variance: float, weight: Floats, vectors: Floats) -> Floats:
    """Log-likelihoods of windows at these squared distances from a voice's mean."""
    return -0.5 * weight * (distance / variance + vectors.shape[1] * np.log(variance))


def _posterior(emission: Floats, against: Floats) -> tuple[Floats, float]:
    """Probability of the first state at every step (forward and backward), and the log-likelihood.

    `emission`: log-likelihoods, shape (steps, 2); `against`: log-odds against a change, shape (steps - 1,).
    """
    change = -np.logaddexp(0.0, against)
    stay = -np.logaddexp(0.0, -against)
    forward, backward = emission.copy(), np.zeros_like(emission)
    forward[0] -= np.log(2)
    for step in range(1, len(emission)):
        before = forward[step - 1]
        forward[step] += np.logaddexp(before + stay[step - 1], before[::-1] + change[step - 1])
    for step in range(len(emission) - 2, -1, -1):
        after = backward[step + 1] + emission[step + 1]
        backward[step] = np.logaddexp(after + stay[step], after[::-1] + change[step])
    total = float(np.logaddexp(*forward[-1]))
    return np.exp(np.minimum(forward[:, 0] + backward[:, 0] - total, 0.0)), total
