"""A workspace's own detector: learned from the package's corpus and from what its inspectors judged.

Versions lie in the workspace's folder `detectors`: `HASH.npz`, and `HASH.tsv` with the judged sentences.
A new version changes nothing until it is accepted, which writes its name into `accepted`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qa_audit.messages import QaError, say
from qa_audit.scoring.learned.built_in import built_in_head
from qa_audit.scoring.learned.corpus import ITEMS, Sentence, corpus
from qa_audit.scoring.learned.embedding import load_embedder
from qa_audit.scoring.learned.encoder import BUILT_IN as ENCODER
from qa_audit.scoring.learned.evaluate import Figures, figures, held_out
from qa_audit.scoring.learned.judged import judged_text, read_judged, with_families
from qa_audit.scoring.learned.semantic import (
    SemanticDetector,
    built_in_detector,
    head_of,
    read_detector,
    train_semantic,
)
from qa_audit.scoring.learned.train import made_from, training_of
from qa_audit.store.files import write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa_audit.scoring.learned.embedding import Embedder
    from qa_audit.scoring.learned.model import LinearDetector
    from qa_audit.scoring.learned.semantic import Head
    from qa_audit.scoring.learned.train import Training
    from qa_audit.scoring.rubric import Rubric

FOLDER = "detectors"
ACCEPTED = "accepted"
BUILT_IN = "built-in"
_FORMER = "built-in-semantic"
"""What the package's detector that asks a model was called before it was the only one."""
NAME_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Change:
    """An item's figures on families held out, before and after the judged sentences were added."""

    item: str
    added: int
    before: Figures
    after: Figures
    judged_before: Figures
    """On the judged sentences alone, each judged by detectors that saw no sentence of its wording."""
    judged_after: Figures


@dataclass(frozen=True, slots=True)
class Lesson:
    """A new version that nobody uses yet."""

    version: str
    sentences: int
    changes: tuple[Change, ...]

    failed = False

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "version": self.version,
            "sentences": self.sentences,
            "accepted": False,
            "items": [
                {
                    "item": one.item,
                    "added": one.added,
                    **{
                        name: {
                            "precision": _number(found.precision),
                            "recall": _number(found.recall),
                            "noticed": _number(found.noticed),
                            "faults": found.faults,
                            "clean": found.clean,
                        }
                        for name, found in (
                            ("before", one.before),
                            ("after", one.after),
                            ("judged_before", one.judged_before),
                            ("judged_after", one.judged_after),
                        )
                    },
                }
                for one in self.changes
            ],
        }

    def __str__(self) -> str:
        lines = [say("learned.lesson", version=self.version, sentences=self.sentences)]
        for one in self.changes:
            lines.append(say("learned.item", item=one.item, added=one.added))
            for name, before, after in (
                ("corpus", one.before, one.after),
                ("judged", one.judged_before, one.judged_after),
            ):
                if not after.faults + after.clean:
                    continue
                shown = {"before": _shown(before), "after": _shown(after)}
                lines += [say(f"learned.change_{name}", faults=after.faults, clean=after.clean, **shown)]
        lines.append(say("learned.how_to_accept", version=self.version))
        return "\n".join(lines)


def learn(workspace: Path, table: Path | None, semantic: str | None = None) -> Lesson:
    """Train a new version from the accepted one's sentences and those of a table; store it, unused.

    `semantic` names a model of sentences (see `load_embedder`) that the version asks instead of the package's
    encoder; without it, the one that the accepted version asks, and the encoder where that asks none. With it
    the accepted version need not be readable any more: its sentences are, and the figures before are then of
    them with the package's encoder.

    Raises `QaError` as `read_judged`, as `load_embedder`, and as writing a file does; without `semantic` also
    as `accepted_detector`.
    """
    before = judged_of(workspace)
    added = before if table is None else with_families([*before, *read_judged(table, before)])
    former = _asked(workspace, otherwise=ENCODER if semantic else None)
    embedder = load_embedder(semantic) if semantic else former or load_embedder(ENCODER)
    detector = train_with(added, embedder)
    version = detector.sha256[:NAME_DIGITS]
    folder = workspace / FOLDER
    # Whoever finds the version finds its sentences, wherever a run is cut off.
    write_text(folder / f"{version}.tsv", judged_text(added))
    write_bytes(folder / f"{version}.npz", detector.as_bytes())
    items = ITEMS if embedder is not former else sorted({one.item for one in added} - {""}, key=ITEMS.index)
    changes = _changes(items, (before, former), (added, embedder))
    return Lesson(version, len(added), tuple(changes))


def _asked(workspace: Path, *, otherwise: str | None) -> Embedder | None:
    """The model that the version in use asks, if any; `otherwise` where that version can't be read."""
    try:
        used = accepted_detector(workspace) or built_in_detector()
    except QaError:
        if otherwise is None:
            raise
        return load_embedder(otherwise)
    return (
        load_embedder(used.where, sha256=used.embedding_sha256)
        if isinstance(used, SemanticDetector)
        else None
    )


def train_with(judged: Sequence[Sentence], embedder: Embedder | None = None) -> SemanticDetector:
    """A detector from the package's corpus and judged sentences, asking the package's encoder or another."""
    sources = made_from() | {"judged": hashlib.sha256(judged_text(judged).encode()).hexdigest()}
    training = training_of([*corpus(), *judged])
    embedder = embedder or load_embedder(ENCODER)
    return train_semantic(training, embedder, _head(training, embedder), sources)


def _head(training: Training, embedder: Embedder) -> Head:
    return built_in_head(training) if embedder.where == ENCODER else head_of(training, embedder)


def accept(workspace: Path, version: str) -> str:
    """Use a version from now on; `built-in` goes back to the package's. Returns the version's name.

    Raises `QaError` `learned.unknown_version`, or as `accepted_detector`.
    """
    folder = workspace / FOLDER
    if version != BUILT_IN:
        known = sorted(path.stem for path in folder.glob("*.npz"))
        matching = [one for one in known if one.startswith(version)] if version else []
        if len(matching) != 1:
            raise QaError(
                "learned.unknown_version",
                version=version,
                known=", ".join([BUILT_IN, *known]),
            )
        version = matching[0]
        _stored(workspace, version)
    write_text(folder / ACCEPTED, version + "\n")
    return version


def accepted(workspace: Path) -> str:
    """Name of the version in use."""
    file = workspace / FOLDER / ACCEPTED
    version = file.read_text(encoding="utf-8", errors="replace").strip() if file.is_file() else BUILT_IN
    return BUILT_IN if version == _FORMER else version


def accepted_detector(workspace: Path) -> LinearDetector | SemanticDetector | None:
    """The workspace's own detector; None where the package's is used.

    Raises `QaError` as `read_detector`, and `learned.unreadable` for a file that is not the accepted version.
    """
    version = accepted(workspace)
    return None if version == BUILT_IN else _stored(workspace, version)


def _stored(workspace: Path, version: str) -> LinearDetector | SemanticDetector:
    path = workspace / FOLDER / f"{version}.npz"
    detector = read_detector(path)
    if not detector.sha256.startswith(version):
        raise QaError("learned.unreadable", path=path, why=detector.sha256[:NAME_DIGITS])
    return detector


def with_accepted(rules: Rubric, workspace: Path) -> Rubric:
    """A rubric that judges with the workspace's own detector, where there is one; errors as there."""
    detector = accepted_detector(workspace) if rules.uses_detector else None
    return rules if detector is None else rules.with_detector(detector)


def judged_of(workspace: Path) -> list[Sentence]:
    """The judged sentences behind the version in use."""
    version = accepted(workspace)
    return [] if version == BUILT_IN else read_judged(workspace / FOLDER / f"{version}.tsv")


def _changes(
    items: Sequence[str],
    before: tuple[Sequence[Sentence], Embedder | None],
    after: tuple[Sequence[Sentence], Embedder],
) -> list[Change]:
    """Figures with the judged sentences of either version and the model that it asks, if any."""
    known = {one.plain for one in after[0]}
    parts: dict[str, list[Figures]] = {item: [] for item in items}
    for judged, embedder in (before, after):
        # The sentences are judged in both trainings, but learned from only where they were added.
        training = training_of([*corpus(), *after[0]])
        own = {one.plain for one in judged}
        training.weights[[text in known and text not in own for text in training.texts]] = 0.0
        answers = held_out(training, None if embedder is None else _head(training, embedder))
        of_judged = np.array([text in known for text in training.texts])
        for item in items:
            place = ITEMS.index(item)
            shown = (training.own == place) & ~training.copies & (training.labels[:, place] >= 0)
            for part in (shown & ~of_judged, shown & of_judged):
                parts[item].append(figures(answers[part, place], training.labels[part, place] == 1))
    return [
        Change(
            item,
            sum(one.item == item for one in after[0]) - sum(one.item == item for one in before[0]),
            parts[item][0],
            parts[item][2],
            parts[item][1],
            parts[item][3],
        )
        for item in items
    ]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def _shown(found: Figures) -> str:
    return f"{found.precision:.2f} / {found.recall:.2f} / {found.noticed:.2f}"
