import importlib.util
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from qa_audit.scoring.learned.corpus import CALLS, ITEMS, corpus, corpus_sha256, turns
from qa_audit.text.normalise import normalise

ROOT = Path(__file__).resolve().parents[3]
SAID = [one for one in corpus() if not one.heard]


@pytest.mark.parametrize("item", ITEMS)
def test_enough_sentences_families_registers_and_trades(item):
    own = [one for one in SAID if one.item == item]
    faults = sum(one.label == "fault" for one in own)
    assert len(own) >= 600
    assert 0.4 <= faults / len(own) <= 0.6
    assert len({one.family for one in own}) >= 40
    assert len({one.register for one in own}) == 6
    assert len({one.trade for one in own}) >= 15


def test_enough_neutral_sentences():
    assert sum(one.item == "neutral" for one in SAID) >= 400


def test_whole_calls_are_clean_and_of_fifteen_writers():
    calls = [one for one in SAID if one.item == CALLS]
    assert {one.label for one in calls} == {"clean"}
    assert len({one.family for one in calls}) >= 1660
    writers = (*"abcdeklo", "ad", "ae", "ai", "aj", "ak", "al", "am")
    assert {one.key for one in calls} == {f"calls/{one}" for one in writers}


def test_turns_with_and_without_help():
    labels = Counter(one.label for one in turns())
    assert labels["fault"] >= 150
    assert labels["clean"] >= 150
    assert {one.item for one in turns()} == {"no_forbidden_words"}
    assert {one.key for one in turns()}.isdisjoint(one.key for one in SAID)


def test_a_courteous_counterpart_is_held_out_with_its_family():
    families = {one.family: one for one in SAID if one.item == "no_overpromise"}
    paired = [one for one in families if f"{one}~" in families]
    assert len(paired) >= 40
    assert all(families[one].key == families[f"{one}~"].key for one in paired)
    assert {families[one].label for one in paired} == {"fault"}


def test_a_family_has_one_label():
    labels = {}
    for one in SAID:
        labels.setdefault((one.item, one.family), set()).add(one.label)
    assert {key for key, found in labels.items() if len(found) > 1} == set()


def test_no_sentence_stands_twice():
    assert [text for text, count in Counter(one.plain for one in SAID).items() if count > 1] == []


def test_what_is_heard_belongs_to_a_sentence_of_the_same_family_and_label():
    known = {(one.key, one.label) for one in SAID}
    assert all((one.key, one.label) in known for one in corpus() if one.heard)


def test_no_sentence_of_the_tests_or_samples_is_learned_from():
    path = ROOT / "tests" / "scoring" / "test_open_items.py"
    spec = importlib.util.spec_from_file_location("open_items_for_corpus", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tested = {normalise(one).text for said in module.FAULTS.values() for one in said}
    tested |= {normalise(one).text for one in module.COURTEOUS}
    for file in (ROOT / "recordings_sample" / "scenarios").glob("*.toml"):
        for step in tomllib.loads(file.read_text(encoding="utf-8")).get("turns", ()):
            if step[0] == "A":
                tested.add(normalise(step[1]).text)
    # What everybody says (请问有什么可以帮您) stands in the whole calls too.
    assert tested & {one.plain for one in SAID if one.item != CALLS} == set()


def test_the_hash_is_that_of_the_files():
    assert corpus_sha256() == corpus_sha256()
    assert len(corpus_sha256()) == 64
