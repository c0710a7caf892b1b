"""Learns which runs of syllables are an agent's and which a customer's, for `transcribe/role_words.py`.

    python -m benchmarks.role_words --out qa_audit/transcribe/role_words.npz
    python -m benchmarks.role_words --without fresh --out without_fresh.npz     # one hand's words left out

Sentences are those of the practice wordings, for agents also those of the detectors' clean calls, and those
in `role_words/`, written for this by three hands; beside each stand copies as a recogniser may mishear them.
`brands`, `offices` and `chatty` are not learned from. Both sides count alike, whoever has more sentences.
"""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from benchmarks.practice.compose import HALVES
from qa_audit.scoring.learned.corpus import CALLS, corpus
from qa_audit.scoring.learned.misheard import misheard
from qa_audit.transcribe.role_words import BUCKETS, buckets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PRACTICE = Path(__file__).parent / "practice"
WRITTEN = Path(__file__).parent / "role_words"
NEVER = ("brands", "offices", "chatty")
FROM_CALLS = 5_000
"""Agents' sentences of the clean calls, by chance; they have many times more."""
# With the writer held out these tell best of those tried who says a sentence that was heard.
AGENT_COPIES, CUSTOMER_COPIES = 2, 4
L2 = 3e-6
_SENTENCE = re.compile(r"[^。！？!?；;]+")
_SIGNS = re.compile(r"[\W_]+")
CUSTOMERS = {("name", "give"), ("thanks", "said"), ("closing", "customer_end"), ("address", "right")}
"""Families of wordings that customers say; the others are agents'."""
FILLS = {
    "{t}": ("", "王先生，", "女士，"),
    "{n}": tuple("王李张刘陈杨"),
    "{unit}": ("中国银行", "光速宽带", "医院"),
    "{no}": ("317", "5132", "48"),
    "{d}": ("一二三四五六",),
    "{w}": ("号码",),
    "{a}": ("已经查到了",),
}


def practice_lines(words: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Lines of agents and of customers in a file of practice wordings.

    >>> practice_lines({"trades": [{"cores": [["C: 我要退货。", "HOLD 查到了", "A: 好的。"]]}],
    ...                 "thanks": {"said": ["谢谢啊。"], "right": ["不客气。"]}})
    (['好的。', '不客气。'], ['我要退货。', '谢谢啊。'])
    """
    agents: list[str] = []
    customers: list[str] = []
    for trade in words["trades"]:
        for line in (line for core in trade["cores"] for line in core):
            if line[:2] in ("A:", "C:"):
                (customers if line[0] == "C" else agents).append(line[2:].strip())
    for family, kinds in words.items():
        if isinstance(kinds, dict):
            for kind, wordings in kinds.items():
                said = customers if (family, kind) in CUSTOMERS else agents
                said += _texts(wordings)
    return agents, customers


def _texts(wordings: Any) -> list[str]:
    """Every wording; requests are pairs of a polite and a bare one."""
    return [text for one in wordings for text in ([one] if isinstance(one, str) else one)]


def sentences(lines: Iterable[str], chance: random.Random) -> list[str]:
    """Their sentences without signs, gaps filled by chance."""
    found = []
    for line in lines:
        filled = line
        for gap, words in FILLS.items():
            filled = filled.replace(gap, chance.choice(words))
        found += [text for part in _SENTENCE.findall(filled) if (text := _SIGNS.sub("", part))]
    return found


def material(without: Sequence[str]) -> tuple[list[str], list[str]]:
    """Sentences of agents and of customers with their misheard copies."""
    chance = random.Random(1)
    agents: list[str] = []
    customers: list[str] = []
    for half, (file, _) in HALVES.items():
        if half not in (*NEVER, *without):
            own, theirs = practice_lines(tomllib.loads((PRACTICE / file).read_text(encoding="utf-8")))
            agents += own
            customers += theirs
    for path in sorted(WRITTEN.glob("*.txt")):
        side = customers if path.stem.startswith("customers") else agents
        side += path.read_text(encoding="utf-8").splitlines()
    agents, customers = sentences(agents, chance), sentences(customers, chance)
    of_calls = sentences([one.text for one in corpus() if one.item == CALLS], chance)
    agents += chance.sample(of_calls, FROM_CALLS)
    return with_copies(agents, "agent", AGENT_COPIES), with_copies(customers, "customer", CUSTOMER_COPIES)


def with_copies(said: Sequence[str], role: str, copies: int) -> list[str]:
    """The sentences, and so many times copies of them as they might be misheard."""
    return [*said, *(text for copy in range(copies) for text in misheard(said, f"{role} {copy}"))]


def learned(agents: Sequence[str], customers: Sequence[str]) -> tuple[Floats, float]:
    """Weights of the runs of syllables, shape (`BUCKETS`,), and bias: a logistic regression."""
    from scipy.optimize import minimize
    from scipy.sparse import csr_array

    found = [buckets(text) for text in (*agents, *customers)]
    lengths = np.array([len(one) for one in found])
    values = np.repeat(1 / np.sqrt(lengths), lengths)
    ends = np.concatenate([[0], np.cumsum(lengths)])
    rows = csr_array((values, np.concatenate(found), ends), shape=(len(found), BUCKETS))
    is_agent = np.arange(len(found)) < len(agents)
    counts = np.where(is_agent, 0.5 / len(agents), 0.5 / len(customers))

    def loss(parameters: Floats) -> tuple[float, Floats]:
        bias, weights = parameters[0], parameters[1:]
        odds = rows @ weights + bias
        wrong = counts * (1 / (1 + np.exp(-odds)) - is_agent)
        value = (counts * np.logaddexp(0, np.where(is_agent, -odds, odds))).sum() + L2 * (weights**2).sum()
        return value, np.concatenate([[wrong.sum()], rows.T @ wrong + 2 * L2 * weights])

    best = minimize(loss, np.zeros(BUCKETS + 1), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return best.x[1:], float(best.x[0])


@click.command()
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--without", multiple=True, type=click.Choice(list(HALVES)), help="Hands that are left out.")
def main(out: Path, without: Sequence[str]) -> None:
    """Learn the weights and store them."""
    agents, customers = material(without)
    weights, bias = learned(agents, customers)
    np.savez_compressed(out, weights=weights.astype(np.float16), bias=np.float32(bias))
    click.echo(f"{len(agents)} sentences of agents, {len(customers)} of customers -> {out}")


if __name__ == "__main__":
    main()
