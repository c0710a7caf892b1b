"""How right the sentence detectors are on wordings that they have not seen, beside and with the phrase lists.

    python benchmarks/detector.py                # everything; some minutes
    python benchmarks/detector.py --folds 5      # fewer folds
    python benchmarks/detector.py --speed        # only what a call costs

Every figure of the corpus is by leave-families-out cross-validation: a fold's sentences are judged by a
detector whose weights, thresholds and calibration come from the other families alone (the thresholds from a
second cross-validation inside them). Precision counts faults and look-alikes of the item as if there were as
many of both. A list's answer needs no fold: lists do not learn.

Clean calls are composed, texts only: an opening, N neutral sentences and M look-alikes of random items, all
answered by the detectors that did not see their families, and a closing. Fresh sentences are those of
tests/scoring/test_open_items.py, and the clean scenarios those of recordings_sample; no sentence of either is
in the corpus (a test checks it), but the lists were written knowing the fresh faults' kinds.
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

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.learned.corpus import ITEMS, corpus
from qa_audit.scoring.learned.evaluate import figures, held_out
from qa_audit.scoring.learned.model import built_in_detector
from qa_audit.scoring.learned.train import training_of
from qa_audit.text.normalise import normalise
from qa_audit.transcribe.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.evaluate import Figures
    from qa_audit.scoring.rubric import Rubric

HERE = Path(__file__).resolve().parent
ANSWERS = {"fail": 1, "uncertain": 0, "pass": -1, "not_applicable": -1}


def wilson(hits: float, of: float) -> str:
    """A share with its 95 % interval (Wilson 1927)."""
    if not of:
        return "–"
    z = 1.96
    share = hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{share:.2f} ({max(centre - half, 0):.2f}–{min(centre + half, 1):.2f})"


def without_detector(rubric: Rubric) -> Rubric:
    """Only the five items, by their lists alone."""
    items = [
        item.model_copy(update={"check": item.check.model_copy(update={"detector": ""})})
        for item in rubric.items
        if item.id in ITEMS
    ]
    return rubric.model_copy(update={"items": tuple(items), "situations": ()})


def by_lists(texts: Sequence[str], rubric: Rubric) -> NDArray[np.int8]:
    """(texts, items): what the lists say of each as the agent's only turn."""
    rows = []
    for text in texts:
        turns = [
            Turn("customer", 0.0, 2.0, "我想问一下。", 1.0, 1),
            Turn("agent", 2.5, 2.5 + len(text) / 5, text, 1.0, 0),
        ]
        found = {one.id: one.verdict for one in score_call(turns, CallFacts(), rubric).items}
        rows.append([ANSWERS[found[item]] for item in ITEMS])
    return np.array(rows, np.int8).reshape(len(texts), len(ITEMS))


def show(name: str, found: Figures, *, balanced: bool = True) -> None:
    """Print a line of figures."""
    weight = found.faults / found.clean if balanced and found.clean else 1.0
    false = found.false * weight
    precision = wilson(found.found, found.found + false)
    click.echo(
        f"  {name:<28}{precision:>20}{wilson(found.found, found.faults):>20}"
        f"{wilson(found.found + found.unclear, found.faults):>20}"
        f"{found.false:>7}{found.clean_unclear:>7}{found.clean:>7}"
    )


def heading() -> None:
    """Print the head of the columns."""
    click.echo(
        f"  {'':<28}{'precision':>20}{'recall':>20}{'at least uncertain':>20}"
        f"{'false':>7}{'uncl.':>7}{'clean':>7}"
    )


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
    for path in sorted((HERE.parent / "recordings_sample" / "scenarios").glob("*.toml")):
        call = tomllib.loads(path.read_text(encoding="utf-8"))
        if "turns" in call and not set(ITEMS) & {*call.get("faults", ()), *call.get("not_judged", ())}:
            calls.append([step[1] for step in call["turns"] if step[0] == "A"])
    return calls


@click.command()
@click.option("--folds", default=10)
@click.option("--calls", default=2000, help="Composed clean calls.")
@click.option("--speed", is_flag=True, help="Only the cost.")
@click.option("--wrong", type=click.Path(path_type=Path), help="Write the sentences judged wrongly here.")
def main(folds: int, calls: int, speed: bool, wrong: Path | None) -> None:
    """Print the figures."""
    cost()
    if speed:
        return
    said = [one for one in corpus() if one.label != "either"]
    training = training_of(said)
    plain = len(said)
    rubric = without_detector(load_rubric())
    lists = by_lists([one.text for one in said], rubric)
    near = likeness([one.plain for one in said if not one.heard], [one.key for one in said if not one.heard])
    click.echo(
        f"\ncorpus: {sum(not one.heard for one in said)} sentences in "
        f"{len({one.key for one in said})} families, "
        f"{sum(one.heard for one in said)} as heard; with a near copy (half of the character quadruples) in "
        f"their own family {near[0]:.1%}, in another family {near[1]:.1%}"
    )
    answers = np.stack([held_out(training, item, folds=folds)[:plain] for item in range(len(ITEMS))], axis=1)
    own = training.own[:plain]
    labels = training.labels[:plain]
    heard = np.array([one.heard for one in said])
    both = np.where(lists == 1, lists, np.maximum(lists, answers)).astype(np.int8)
    heading()
    for item, name in enumerate(ITEMS):
        click.echo(name)
        for title, part in (("", ~heard), (" as misheard", heard)):
            chosen = (own == item) & part
            if not chosen.any():
                continue
            faults = labels[chosen, item] == 1
            for way, table in (("lists", lists), ("detector", answers), ("both", both)):
                show(way + title, figures(table[chosen, item], faults))
        others = (own != item) & ~heard & (labels[:, item] == 0)
        for way, table in (("lists", lists), ("detector", answers)):
            share = table[others, item]
            click.echo(
                f"  {way} on {others.sum()} clean sentences of other files: "
                f"{(share == 1).sum()} false, {(share == 0).sum()} uncertain"
            )
    composed(said, answers, lists, both, heard, calls)
    on_fresh(rubric)
    if wrong is not None:
        write_wrong(wrong, said, answers, lists, own, labels)


def composed(said, answers, lists, both, heard, calls: int) -> None:  # noqa: PLR0917
    """Print how many composed clean calls get a false fault or an uncertain item."""
    clean = [row for row, one in enumerate(said) if one.label == "clean" and not heard[row]]
    neutral = [row for row in clean if said[row].item == "neutral"]
    alike = [row for row in clean if said[row].item != "neutral"]
    click.echo(f"\n{calls} composed clean calls of held-out sentences; calls with …")
    for turns, look_alikes in ((12, 0), (12, 1), (12, 3)):
        rng = random.Random(7)
        picked = [
            rng.sample(neutral, turns - look_alikes) + rng.sample(alike, look_alikes) for _ in range(calls)
        ]
        for way, table in (("lists", lists), ("detector", answers), ("both", both)):
            false = sum(bool((table[rows] == 1).any()) for rows in picked)
            unclear = np.mean(
                [[(table[rows, item] == 0).any() for item in range(len(ITEMS))] for rows in picked]
            )
            click.echo(
                f"  {turns} agent turns, {look_alikes} look-alikes, {way:<9} a false fault "
                f"{100 * false / calls:.2f} % [{wilson(false, calls)}], items uncertain {100 * unclear:.1f} %"
            )


def on_fresh(rubric: Rubric) -> None:
    """Print the package's detector on sentences that are in no file of the corpus."""
    detector = built_in_detector()
    sentences = fresh()
    listed = by_lists([one for _, one, _ in sentences], rubric)
    found = detector.answers([normalise(one).text for _, one, _ in sentences])
    click.echo("\nfresh sentences of tests/scoring/test_open_items.py (lists were tuned on their kinds)")
    heading()
    for item, name in enumerate(ITEMS):
        chosen = np.array([one == name for one, _, _ in sentences])
        faults = np.array([fault for _, _, fault in sentences])[chosen]
        click.echo(name)
        for way, table in (("lists", listed), ("detector", found)):
            show(way, figures(table[chosen, item], faults), balanced=False)
    scenarios = clean_scenarios()
    false = unclear = 0
    for call in scenarios:
        table = detector.answers([normalise(one).text for one in call])
        false += bool((table == 1).any())
        unclear += int((table == 0).any(axis=0).sum())
    click.echo(
        f"{len(scenarios)} clean scenarios of recordings_sample: {false} with a false fault by the detector, "
        f"{unclear} of {len(scenarios) * len(ITEMS)} items uncertain"
    )


def write_wrong(path: Path, said, answers, lists, own, labels) -> None:  # noqa: PLR0917
    """Write every sentence that the detector misses or faults falsely."""
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
    detector = built_in_detector()
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
    size = len(detector.as_bytes()) / 1024
    characters = sum(map(len, texts)) / len(texts)
    click.echo(
        f"processor time of all detectors a call of 30 agent sentences ({characters:.0f} characters each): "
        f"{one * 1e3:.2f} ms one by one, {many * 1e3:.2f} ms fifty calls at once; stored size {size:.0f} KiB"
    )


if __name__ == "__main__":
    sys.exit(main())
