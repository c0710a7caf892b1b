import csv
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETS = {"wordings": (60, 12, 30), "fresh_wordings": (600, 14, 22)}
"""By set how many calls, and from how many turns to how many."""
FOLDERS = [ROOT / "benchmarks" / name for name in SETS]
SAID_BY_ALL = 12
"""Characters of what anybody may say (您还在吗)."""
CORPUS = ROOT / "qa_audit" / "scoring" / "learned" / "corpus"
ITEMS = {
    "no_blame_shifting",
    "no_blaming_customer",
    "no_harsh_language",
    "no_forbidden_words",
    "no_overpromise",
}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def bare(sentence):
    """A sentence without spaces and punctuation, which don't make it another sentence."""
    return re.sub(r"[\W_]+", "", sentence)


def calls(folder):
    by_call = defaultdict(list)
    for row in rows(folder / "calls.tsv"):
        by_call[row["call"]].append(row)
    return by_call


pytestmark = pytest.mark.parametrize("folder", FOLDERS, ids=list(SETS))


@pytest.mark.parametrize("name", ["faults.tsv", "clean.tsv"])
def test_each_item_has_its_sentences_in_many_families(folder, name):
    sentences = rows(folder / name)
    assert all(list(row) == ["item", "family", "sentence"] and all(row.values()) for row in sentences)
    assert set(Counter(row["item"] for row in sentences).values()) <= {96, 98, 100}
    assert {row["item"] for row in sentences} == ITEMS
    families = Counter((row["item"], row["family"]) for row in sentences)
    assert set(families.values()) == {2}


def test_no_sentence_comes_twice_nor_is_both_fault_and_clean(folder):
    said = Counter(
        bare(row["sentence"]) for name in ("faults.tsv", "clean.tsv") for row in rows(folder / name)
    )
    assert [sentence for sentence, times in said.items() if times > 1] == []


def test_calls_are_whole_and_of_many_trades(folder):
    by_call, (count, least, most) = calls(folder), SETS[folder.name]
    assert len(by_call) == count
    trades = {call.split("-")[0 if folder.name == "wordings" else 1] for call in by_call}
    assert len(trades) >= 12
    for call, turns in by_call.items():
        assert least <= len(turns) <= most, call
        assert [row["turn"] for row in turns] == [str(n + 1) for n in range(len(turns))], call
        assert {row["role"] for row in turns} == {"agent", "customer"}, call
        assert all(a["role"] != b["role"] for a, b in pairwise(turns)), call
        assert all(row["text"] == row["text"].strip() != "" for row in turns), call


def test_no_agent_of_a_call_says_a_faulty_sentence(folder):
    faults = {bare(row["sentence"]) for row in rows(folder / "faults.tsv")}
    said = {bare(row["text"]) for turns in calls(folder).values() for row in turns if row["role"] == "agent"}
    assert said & faults == set()


def test_nothing_stands_in_the_corpus_that_detectors_learn_from(folder):
    learned = {bare(row["sentence"]) for path in CORPUS.glob("*.tsv") for row in rows(path)}
    assert len(learned) > 1000
    written = [row["sentence"] for name in ("faults.tsv", "clean.tsv") for row in rows(folder / name)]
    told = [row["text"] for turns in calls(folder).values() for row in turns if row["role"] == "agent"]
    written += [text for text in told if len(bare(text)) > SAID_BY_ALL]
    assert [sentence for sentence in written if bare(sentence) in learned] == []
