"""How right a detector is: counts of its answers, and answers of one that has not seen the wording."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.scoring.learned.corpus import ITEMS, Sentence
from qa_audit.scoring.learned.evaluate import Figures, figures, held_out
from qa_audit.scoring.learned.train import training_of

PROMISE = ITEMS.index("no_overpromise")
WANTED = ("退款", "维修", "换货", "发货", "充值", "开户", "复电", "送水", "补发", "装机", "销户", "过户")


def training(family):
    """Two faults and two clean sentences of a dozen things; `family` names that of each first fault."""
    said = [
        sentence
        for number, what in enumerate(WANTED)
        for sentence in (
            Sentence("no_overpromise", family(number), "fault", "", "", f"我保证明天{what}"),
            Sentence("no_overpromise", f"o{number}", "fault", "", "", f"{what}百分百没问题"),
            Sentence("no_overpromise", f"c{number}", "clean", "", "", f"我帮您登记{what}"),
            Sentence("neutral", f"n{number}", "clean", "", "", f"请问您要{what}吗"),
        )
    ]
    return training_of(said)


def found(family):
    """How many of the first faults, of the other faults and of the clean sentences are called a fault."""
    answers = held_out(training(family), folds=3)[:, PROMISE].reshape(len(WANTED), 4)
    first, other, *clean = (answers == 1).sum(axis=0).tolist()
    return first, other, sum(clean)


def test_a_wording_that_other_families_have_too_is_found():
    first, other, clean = found(lambda number: f"f{number}")
    assert min(first, other) >= 9
    assert clean == 0


def test_a_wording_that_one_family_alone_has_is_not_found_for_it_was_not_seen():
    first, other, _ = found(lambda _: "f")
    assert first == 0
    assert other >= 9


def test_every_sentence_has_an_answer_for_every_item_and_one_without_faults_is_never_suspected():
    answers = held_out(training(lambda number: f"f{number}"), folds=3)
    assert (answers.shape, answers.dtype) == ((48, 5), np.int8)
    others = np.delete(answers, PROMISE, axis=1)
    assert (others == -2).all()


def of(answers, faults):
    return figures(np.array(answers, np.int8), np.array(faults, bool))


def test_answers_are_counted_by_what_the_sentences_are():
    found = of([1, 1, 0, -1, -2, 1, 0, 0, -1, -2, -2], [True] * 5 + [False] * 6)
    assert found == Figures(faults=5, found=2, unclear=1, clean=6, false=1, clean_unclear=2)
    assert (found.precision, found.recall, found.noticed) == (2 / 3, 0.4, 0.6)


def test_without_faults_there_is_no_share_of_them():
    found = of([1, -2], [False, False])
    assert (found.faults, found.precision) == (0, 0.0)
    assert math.isnan(found.recall)
    assert math.isnan(found.noticed)


def test_where_nothing_is_called_a_fault_there_is_no_precision():
    found = of([0, -2], [True, False])
    assert math.isnan(found.precision)
    assert (found.recall, found.noticed) == (0.0, 1.0)


def test_of_no_sentences_all_counts_are_nothing():
    assert of([], []) == Figures(0, 0, 0, 0, 0, 0)


@given(st.lists(st.tuples(st.sampled_from([-2, -1, 0, 1]), st.booleans()), max_size=12))
def test_calling_all_the_other_way_round_swaps_what_was_right_and_what_was_wrong(rows):
    answers, faults = [answer for answer, _ in rows], [fault for _, fault in rows]
    one, other = of(answers, faults), of(answers, [not fault for fault in faults])
    assert (one.faults, one.found, one.unclear) == (other.clean, other.false, other.clean_unclear)
    assert one.found + one.unclear <= one.faults
    assert one.faults + one.clean == len(rows)
