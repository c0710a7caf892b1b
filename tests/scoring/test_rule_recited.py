"""Texts that must be read out: how much is, over which turns, and what is left to people."""

import random

import pytest

from qa_audit.scoring.conditions.judgement import passed
from qa_audit.scoring.conditions.rule_belief import Belief
from qa_audit.scoring.conditions.rule_faults import fault_places
from qa_audit.scoring.conditions.rule_recited import judge_recited, recital
from qa_audit.scoring.conditions.rule_scene import Scene
from qa_audit.scoring.rule_expression import parse_expression
from qa_audit.scoring.rule_schema import Recited, Said
from tests.scoring.short_calls import case_of

NO, HARDLY, UNKNOWN, LIKELY, YES = Belief.NO, Belief.HARDLY, Belief.UNKNOWN, Belief.LIKELY, Belief.YES
SCRIPT = "投资有风险，过往业绩不代表未来表现，请您谨慎选择"
THANKS = Said.model_validate({"kind": "said", "name": "谢谢", "who": "customer", "phrases": ["谢谢"]})


def there(*lines, poor=(), known=True, **given):
    one = Recited.model_validate({"kind": "recited", "name": "念", "to": [SCRIPT], **given})
    conditions = {one.name: one for one in (one, THANKS)}
    return one, Scene(case_of(lines, poor=poor, known=known), conditions, {}, lambda _: passed())


def recited(*lines, **given):
    return judge_recited(*there(*lines, **given))


def quotes(found):
    return [(hit.level, hit.turn, hit.evidence.quote) for hit in found.hits]


def test_the_whole_text_is_found_whatever_stands_before_and_behind():
    found = recited(f"A: 好的，{SCRIPT}，可以吗")
    assert quotes(found) == [(YES, 0, f"{SCRIPT} (100%)")]
    assert found.belief is YES


def test_it_may_be_said_over_several_turns_and_ends_where_its_last_words_do():
    lines = ("A@0-4: 投资有风险，过往业绩不代表未来表现", "C@4-5: 嗯", "A@5-7: 请您谨慎选择")
    found = recited(*lines)
    assert quotes(found) == [(YES, 0, "投资有风险，过往业绩不代表未来表现 (100%)")]
    assert found.hits[0].end_s == pytest.approx(7, abs=0.2)


def test_what_the_customer_says_is_no_part_of_it():
    assert recited(f"C: {SCRIPT}", "A: 好").belief is NO
    assert recited(f"C: {SCRIPT}", "A: 好", who="customer").belief is YES


def test_words_that_only_sound_alike_are_likely():
    assert recited("A: 头资有风显，过往夜绩不带表未来表现，情您谨慎选泽").belief is LIKELY


def test_a_clause_that_is_left_out_is_left_to_people():
    assert recited("A: 投资有风险，过往业绩不代表未来表现").belief is UNKNOWN
    long = (
        SCRIPT
        + "，本产品由银行发行与管理，代销机构不承担产品的投资兑付和风险管理责任，理财非存款，产品有风险"
    )
    assert recital(long, long.replace("请您谨慎选择", "")).share > 0.85
    assert recited("A: " + long.replace("请您谨慎选择", ""), to=[long]).belief is UNKNOWN


def test_little_of_it_is_none_and_nobody_s_is_none():
    assert recited("A: 投资有风险，您在这里签字").belief is NO
    assert recited("C: 喂").belief is NO
    assert recited().belief is NO


def test_how_much_is_enough_can_be_told():
    half = "A: 投资有风险，过往业绩不代表"
    assert [recited(half, at_least=one, margin=0).belief for one in (0.5, 0.6)] == [UNKNOWN, NO]
    assert recited("A: 投资有风险，过往业绩不代表未来表现，您谨慎选择", at_least=1).belief is UNKNOWN


def test_any_of_several_texts_will_do():
    assert (
        recited("A: 本次通话将会被全程录音，请您知悉", to=[SCRIPT, "本次通话将会被全程录音请您知悉"]).belief
        is YES
    )


def test_what_is_badly_heard_or_nobody_s_is_no_fault():
    assert recited("A: 好的", poor=[0]).belief is HARDLY
    assert recited(f"A: {SCRIPT}", poor=[0]).belief is LIKELY
    assert recited(f"A: {SCRIPT}", "C: 好", known=False).belief is LIKELY


def test_it_is_looked_for_in_its_part_of_the_call():
    lines = (f"A: {SCRIPT}", "C: 谢谢", "A: 已经登记")
    assert recited(*lines, where={"before": "谢谢"}).belief is YES
    assert recited(*lines, where={"after": "谢谢"}).belief is NO
    assert recited(*lines, where={"last_turns": 1}).belief is NO
    again = (*lines, f"A: {SCRIPT[:19]}", "C: 谢谢", f"A: {SCRIPT[19:]}")
    assert recited(*again, where={"after": "谢谢"}).belief is YES


def test_one_that_is_missing_after_each_place_counts_there():
    lines = ("C: 谢谢", "A: 好", "C: 谢谢", "A: 再见")
    _, scene = there(*lines, where={"after": "谢谢", "hit": "each", "within_turns": 1})
    assert fault_places(parse_expression("念"), scene, holds=False) == 2


def test_a_text_must_be_told_and_counts_are_none():
    with pytest.raises(ValueError, match="at least 1"):
        Recited.model_validate({"kind": "recited", "name": "念", "to": []})
    with pytest.raises(ValueError, match="Extra inputs"):
        Recited.model_validate({"kind": "recited", "name": "念", "to": ["甲"], "times": {"at_least": 2}})
    with pytest.raises(ValueError, match="Value error"):
        Recited.model_validate({"kind": "recited", "name": "念", "to": [1]})


def slowly(script, text):
    """The best score of a local alignment, by the book."""
    best = 0.0
    rows = [[0.0] * (len(text) + 1) for _ in range(len(script) + 1)]
    for row, sign in enumerate(script, 1):
        for column, other in enumerate(text, 1):
            here = rows[row - 1][column - 1] + (1 if sign == other else -1)
            rows[row][column] = max(0, here, rows[row - 1][column] - 0.5, rows[row][column - 1] - 0.5)
            best = max(best, rows[row][column])
    return best


def test_the_best_part_is_found_among_all():
    chance = random.Random(3)
    for _ in range(200):
        script, text = ("".join(chance.choices("一二三四", k=chance.randint(1, 12))) for _ in range(2))
        told, best = recital(script, text), slowly(script, text)
        if told is None:
            assert best == 0
            continue
        own = slowly(script, text[told.start : told.end])
        assert own == best
        assert 0 < told.share <= 1
        assert told.lacking <= len(script) * (1 - told.share) + 1e-9
