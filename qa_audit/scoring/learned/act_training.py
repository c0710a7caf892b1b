"""Making the detector of acts from its sentences; thresholds come from hands held out.

    python -m qa_audit.scoring.learned.act_training FILE

takes a few minutes; the reader of bare requests is tuned apart (`benchmarks/encoder/bare_requests.py`).
`acts.tsv` has a line a sentence: family (its hand before the first `_`), act, label (`no`: it looks like the
act and is none), trade, sentence. What all agents say otherwise comes from whole calls of the corpus
(`bare_in_calls.tsv`: call, label, sentence). Whether each of their sentences is a bare request was told one
by one; which other acts they hold nobody has told: a first fit on the sentences of the hands leaves those out
that may hold one.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.scoring.learned.acts import ACTS, BARE, ActDetector, BareScale
from qa_audit.scoring.learned.bare_reader import built_in_bare_reader, built_in_sha256, stored_held_out
from qa_audit.scoring.learned.features import VERSION
from qa_audit.scoring.learned.held_out import scores_of
from qa_audit.scoring.learned.misheard import misheard
from qa_audit.scoring.learned.model import lengths_of, of_weights
from qa_audit.scoring.learned.rows import fit, lengthy, minimise, rows_of
from qa_audit.text.mishearing import mishearings_sha256
from qa_audit.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.rows import Rows

    Floats = NDArray[np.float64]

L2 = 0.3
FOLDS = 6
_WRITTEN, _CALLS = "acts.tsv", "bare_in_calls.tsv"
COPY = 0.5
"""What a copy of a sentence as it might be misheard counts beside it."""
OTHERWISE = 0.3
"""What a sentence of whole calls counts: there are many, and some hold an act unnoticed."""
HOLDS_ONE = -1.0
"""Sentences of whole calls are left out of an act where the first fit gives them so much."""
DOES_TOO = {"offer": ("further",), "further": ("offer",)}
"""Acts whose sentences may do the other as well."""
ALIKE: dict[str, tuple[float, float]] = dict.fromkeys(ACTS, (0.06, 0.12)) | {
    "confirm": (0.02, 0.06),
    "thanks": (0.04, 0.08),
    "bare": (0.01, 0.02),
}
"""By act, share of its look-alikes that may count as done, and as done or unclear: few bare requests, for of
all acts they are a fault themselves and the others excuse one."""
ANY = 0.03, 0.05
"""The same of all sentences of whole calls, some of which do the act, where nobody told which."""
NONE = 0.002, 0.006
"""The same of those that were told not to do it."""
LOST = 0.03
"""Share of the bare requests, at least unclear by both scores together, that the reader may not be asked."""


@dataclass(frozen=True)
class ActSentences:
    """Sentences with what is known of them."""

    texts: tuple[str, ...]
    """Normalised."""
    hands: NDArray[np.str_]
    """Who wrote it; of sentences of whole calls `calls/` and who wrote the call."""
    labels: NDArray[np.int8]
    """(sentences, acts): 1 done, 0 not, -1 not known."""
    alike: NDArray[np.bool_]
    """(sentences, acts): whether it was written to look like the act and be none."""
    of_calls: NDArray[np.bool_]
    """Whether it is of a whole call."""

    def __len__(self) -> int:
        return len(self.texts)


def act_sentences() -> ActSentences:
    """The sentences of both files, each text once."""
    known: dict[str, tuple[str, dict[str, bool]]] = {}
    for row in _rows(_WRITTEN):
        text = normalise(row["sentence"]).text
        known.setdefault(text, (row["family"].partition("_")[0], {}))[1][row["act"]] = row["label"] == "yes"
    said = {row["sentence"]: row for row in _rows(_CALLS) if row["sentence"] not in known}
    labels = [_labels(acts) for _, acts in known.values()]
    labels += [_told(row["label"]) for row in said.values()]
    alike = [[acts.get(act) is False for act in ACTS] for _, acts in known.values()]
    writers = [f"calls/{row['call'].partition('-')[0]}" for row in said.values()]
    return ActSentences(
        (*known, *said),
        np.array([*(hand for hand, _ in known.values()), *writers]),
        np.array(labels, np.int8),
        np.array(alike + [[False] * len(ACTS)] * len(said), bool),
        np.arange(len(labels)) >= len(known),
    )


def _told(label: str) -> list[int]:
    """What is known of a sentence of a call by its label; of `either` nothing."""
    asks = {"yes": 1, "no": 0}.get(label, -1)
    # Whoever asks without courtesy does not ask to wait with it.
    known = {"bare": asks, "hold": 0 if asks == 1 else -1}
    return [known.get(act, -1) for act in ACTS]


def _labels(acts: dict[str, bool]) -> list[int]:
    """What a sentence does of all acts: what does one thing does no other, but for those that are alike."""
    does = {act for act, done in acts.items() if done}
    unknown = {act for one in does for act in DOES_TOO.get(one, ())}
    return [int(acts[act]) if act in acts else 0 if does and act not in unknown else -1 for act in ACTS]


def train_acts(sentences: ActSentences) -> tuple[ActDetector, Floats]:
    """The detector, and the scores (sentences, acts) of hands held out that its thresholds come from."""
    both = (*sentences.texts, *misheard(sentences.texts))
    rows, buckets = rows_of(both, np.tile(np.arange(len(sentences)), 2))
    everything = np.ones(len(sentences), bool)
    weights, biases = fit_acts(rows, sentences, everything)
    scores = held_out(rows, sentences)
    decisions = [thresholds(scores[:, place], sentences, place) for place in range(len(ACTS))]
    made_from: dict[str, str | int] = {
        "acts": sentences_sha256(),
        "features": VERSION,
        "mishearings": mishearings_sha256(),
    }
    linear = of_weights(ACTS, buckets, weights, biases, decisions, made_from=made_from)
    grams, read = scores[:, BARE], read_held_out(sentences.texts)
    bare = bare_scale(grams, read, sentences)
    scores[:, BARE] = np.where(grams >= bare.floor, bare.joined(grams, read), -np.inf)
    return ActDetector(linear, bare, built_in_sha256()), scores


def read_held_out(texts: Sequence[str]) -> Floats:
    """What readers that had not seen a sentence's hand say of it; of new ones, what the package's says."""
    return scores_of(texts, stored_held_out(), lambda new: built_in_bare_reader().scores(new)[:, 0])


def bare_scale(grams: Floats, read: Floats, sentences: ActSentences) -> BareScale:
    """How both scores of hands held out are joined (a logistic regression), and its thresholds."""
    told = np.flatnonzero(sentences.labels[:, BARE] >= 0)
    done = (sentences.labels[told, BARE] == 1).astype(np.float64)
    inputs = np.stack([grams[told], read[told], np.ones(len(told))])

    def loss(point: Floats) -> tuple[float, Floats]:
        scores = point @ inputs
        wrong = 1 / (1 + np.exp(-np.clip(scores, -40, 40))) - done
        return float((np.logaddexp(0, scores) - done * scores).mean()), inputs @ wrong / len(told)

    of_grams, of_reader, bias = minimise(loss, np.array([0.5, 0.5, 0.0]), tolerance=1e-9).tolist()
    joined = BareScale(of_grams, of_reader, bias, 0.0, 0.0, 0.0)
    scores = joined.joined(grams, read)
    surely, unclear = thresholds(scores, sentences, BARE)
    noticed = grams[(sentences.labels[:, BARE] == 1) & (scores >= unclear)]
    return joined._replace(done=surely, unclear=unclear, floor=float(np.quantile(noticed, LOST)))


def fit_acts(
    rows: Rows,
    sentences: ActSentences,
    chosen: NDArray[np.bool_],
    *,
    acts: Sequence[int] = tuple(range(len(ACTS))),
) -> tuple[Floats, Floats]:
    """(columns, acts) weights and (acts,) biases of these acts from the chosen sentences and their copies."""
    weights, biases = [], []
    for place in acts:
        unlabelled = np.flatnonzero(chosen & sentences.of_calls & (sentences.labels[:, place] < 0))
        told = np.flatnonzero(chosen & (sentences.labels[:, place] >= 0))
        done = sentences.labels[told, place] == 1
        first, bias = _fitted(rows, sentences, told, done, np.ones(len(told)))
        quiet = unlabelled[rows.take(unlabelled).dot(first) + bias < HOLDS_ONE]
        used, targets = np.concatenate([told, quiet]), np.concatenate([done, np.zeros(len(quiet), bool)])
        counts = np.concatenate([np.ones(len(told)), np.full(len(quiet), OTHERWISE)])
        last, bias = _fitted(rows, sentences, used, targets, counts)
        weights.append(last)
        biases.append(bias)
    return np.stack(weights, axis=1), np.array(biases)


def _fitted(
    rows: Rows, sentences: ActSentences, used: NDArray[np.int64], done: NDArray[np.bool_], counts: Floats
) -> tuple[Floats, float]:
    both = np.concatenate([used, used + len(sentences)])
    twice = np.concatenate([counts, COPY * counts])
    return fit(rows.take(both), np.tile(done, 2).astype(np.float64), twice, L2)


def held_out(rows: Rows, sentences: ActSentences) -> Floats:
    """(sentences, acts): scores by weights that have seen nothing of a sentence's hand, nor of its call's."""
    scores = np.zeros((len(sentences), len(ACTS)))
    hands = sorted(set(sentences.hands.tolist()))
    for fold in range(FOLDS):
        tested = np.isin(sentences.hands, hands[fold::FOLDS])
        weights, biases = fit_acts(rows, sentences, ~tested)
        places = np.flatnonzero(tested)
        part = rows.take(places)
        for act in range(len(ACTS)):
            scores[places, act] = part.dot(weights[:, act]) + biases[act]
    return scores - lengthy(lengths_of(sentences.texts))[:, None]


def thresholds(scores: Floats, sentences: ActSentences, place: int) -> tuple[float, float]:
    """Scores from which an act counts as done, and from which it is unclear."""
    of_calls, labels = sentences.of_calls, sentences.labels[:, place]
    alike = scores[sentences.alike[:, place]]
    told = ACTS[place] == "bare"
    others, shares = (scores[of_calls & (labels == 0)], NONE) if told else (scores[of_calls], ANY)
    done, unclear = (
        max(np.quantile(alike, 1 - alike_share), np.quantile(others, 1 - share))
        for alike_share, share in zip(ALIKE[ACTS[place]], shares, strict=True)
    )
    return float(done), float(unclear)


def sentences_sha256() -> str:
    """Hash of the files that the acts are learned from, in hexadecimal."""
    return hashlib.sha256(_content(_WRITTEN) + _content(_CALLS)).hexdigest()


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(_content(name).decode().splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)


def _content(name: str) -> bytes:
    return resources.files("qa_audit.scoring.learned").joinpath(name).read_bytes()


def report(sentences: ActSentences, scores: Floats, detector: ActDetector) -> list[str]:
    """A line an act: sentences that do it, look alike, are of whole calls, and which shares of them count.

    First the share that counts as done, then the share that counts as done or unclear.
    """
    lines = [f"{'':10}{'does it':>18}{'looks alike':>22}{'any sentence':>22}"]
    for place, act in enumerate(ACTS):
        scale = detector.linear.scales[place]
        surely, unclearly = scale.fault, scale.uncertain
        if place == BARE:
            surely, unclearly = detector.bare.done, detector.bare.unclear
        line = f"{act:10}"
        for some in (sentences.labels[:, place] == 1, sentences.alike[:, place], sentences.of_calls):
            done = np.mean(scores[some, place] >= surely)
            unclear = np.mean(scores[some, place] >= unclearly)
            line += f"{np.count_nonzero(some):6} {done:7.3f} {unclear:7.3f}"
        lines.append(line)
    return lines


if __name__ == "__main__":
    read = act_sentences()
    made, found = train_acts(read)
    Path(sys.argv[1]).write_bytes(made.as_bytes())
    print("\n".join(report(read, found, made)))
