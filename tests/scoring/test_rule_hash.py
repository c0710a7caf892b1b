"""A rule's hash changes with what decides verdicts, and with nothing else."""

import pytest

from qa_audit.scoring import load_rubric
from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.scoring.rule_hash import judged_items, rule_hashes

TOML = """
id = "centre"
version = "1.0.0"
name_zh = "标准"
name_en = "Standard"

[[items]]
id = "fee"
name_zh = "先报价"
name_en = "Fee first"
source = "规定"
weight = 10
applies_when = "问费用 or trouble"

[items.check]
kind = "rule"
pass_when = "报价"

[[items.check.conditions]]
name = "报价"
kind = "said"
who = "agent"
phrases = ["每月三十九元"]

[[items.examples]]
is = "complies"
turns = ["C: 多少钱？", "A: 每月三十九元。"]

[[items]]
id = "other"
name_zh = "另一项"
name_en = "Other"
source = "规定"
weight = 5
check = { kind = "rule", fail_when = "骂人", conditions = [
  { name = "骂人", kind = "said", who = "agent", phrases = ["烦死了"] } ] }

[[items]]
id = "by_hand"
name_zh = "人工项"
name_en = "By hand"
source = "规定"
weight = 5
check = { kind = "manual" }

[[conditions]]
name = "问费用"
kind = "said"
who = "customer"
phrases = ["多少钱"]

[[conditions]]
name = "别的"
kind = "said"
who = "customer"
phrases = ["别的事"]

[[situations]]
id = "trouble"
name_zh = "报修"
name_en = "Trouble"
source = "规定"
detect = { customer_says = { phrases = ["坏了"] } }
"""


@pytest.fixture
def hashes(tmp_path):
    def of(*changes):
        text = TOML
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "rubric.toml"
        file.write_text(text, encoding="utf-8")
        return rule_hashes(load_rubric(file))

    return of


def test_items_that_people_judge_have_no_rule(hashes):
    assert list(hashes()) == ["fee", "other"]


@pytest.mark.parametrize(
    "change",
    [
        ('version = "1.0.0"', 'version = "2.0.0"'),
        ('name_zh = "先报价"', 'name_zh = "报价在先"'),
        ("weight = 10", "weight = 12"),
        ('turns = ["C: 多少钱？"', 'turns = ["C: 请问多少钱？"'),
        ('phrases = ["别的事"]', 'phrases = ["其他的事"]'),
        ('name_zh = "报修"', 'name_zh = "故障"'),
    ],
)
def test_names_points_examples_and_what_is_not_named_leave_it_alone(hashes, change):
    assert hashes(change) == hashes()


@pytest.mark.parametrize(
    "change",
    [
        ('phrases = ["每月三十九元"]', 'phrases = ["每月四十元"]'),
        ('applies_when = "问费用 or trouble"', 'applies_when = "问费用"'),
        ('phrases = ["多少钱"]', 'phrases = ["多少钱", "怎么收费"]'),
        ('phrases = ["坏了"]', 'phrases = ["坏了", "不亮"]'),
        ('source = "规定"\ndetect', 'source = "规定"\nreplaces = ["fee"]\ndetect'),
    ],
)
def test_what_decides_one_item_s_verdicts_changes_that_item_alone(hashes, change):
    before, after = hashes(), hashes(change)
    assert before["fee"] != after["fee"]
    assert before["other"] == after["other"]


def test_limits_of_confidence_change_all(hashes):
    before = hashes()
    after = hashes(('name_en = "Standard"', 'name_en = "Standard"\nmin_confidence = 0.5'))
    assert [before[item] == after[item] for item in before] == [False, False]


SHARED = (
    ('name = "问费用"', 'name = "by_hand"'),
    ('applies_when = "问费用 or trouble"', 'applies_when = "by_hand"'),
)
"""A shared condition that is called like an item, and used by another."""
DONE = 'name = "做到"\nkind = "item"\nitem = "other"'


@pytest.mark.parametrize(
    "change",
    [
        ('phrases = ["多少钱"]', 'phrases = ["怎么收费"]'),
        ('who = "customer"\nphrases = ["多', 'who = "agent"\nphrases = ["多'),
    ],
)
def test_a_shared_condition_called_like_an_item_counts_where_it_is_named(hashes, change):
    before, after = hashes(*SHARED), hashes(*SHARED, change)
    assert before["fee"] != after["fee"]
    assert before["other"] == after["other"]


def test_an_item_called_like_a_shared_condition_counts_where_it_is_named(hashes):
    asking = (
        ('name = "问费用"', 'name = "other"'),
        ('"问费用 or trouble"', '"做到"'),
        ('name = "别的"\nkind = "said"\nwho = "customer"\nphrases = ["别的事"]', DONE),
    )
    before, after = hashes(*asking), hashes(*asking, ('phrases = ["烦死了"]', 'phrases = ["滚"]'))
    assert [before[item] == after[item] for item in before] == [False, False]


ASKING = (
    ('name = "问费用"', 'name = "问"'),
    ('"问费用 or trouble"', '"别的"'),
    ('name = "别的"\nkind = "said"\nwho = "customer"\nphrases = ["别的事"]', DONE.replace("做到", "别的")),
)
"""The item `fee` asks what `other` was judged."""
REPLACED = ('source = "规定"\ndetect', 'source = "规定"\nreplaces = ["other"]\ndetect')


def test_what_replaces_an_item_counts_where_its_verdict_is_asked(hashes):
    longer = ('phrases = ["坏了"]', 'phrases = ["坏了", "不亮"]')
    plain, before, after = hashes(*ASKING), hashes(*ASKING, REPLACED), hashes(*ASKING, REPLACED, longer)
    assert len({plain["fee"], before["fee"], after["fee"]}) == 3
    assert hashes(*ASKING, longer) == plain


def test_that_an_item_is_a_bonus_counts_where_its_verdict_is_asked(hashes):
    bonus = ('weight = 5\ncheck = { kind = "rule"', 'weight = 5\nbonus = true\ncheck = { kind = "rule"')
    before, after = hashes(*ASKING), hashes(*ASKING, bonus)
    assert [before[item] == after[item] for item in before] == [False, True]


def test_a_rule_that_stays_has_the_hash_under_which_its_status_is_kept(hashes):
    assert hashes() == {
        "fee": "6e940fa5dd89aa69dd3f45bc3fb76b4978580539c356f139a199c635eaa66c78",
        "other": "632678d2d1bdfb776304461c20a9e423f2cfc7f85d9dba484b22cea21ba18ddd",
    }
    built_in = "df76348d1adc7840877fbe3e5968d3325e5dd1e1a6bf3a97727f9d4e627ec804"
    assert rule_hashes(load_rubric())["speech_rate"] == built_in


FACTS = (
    ('phrases = ["每月三十九元"]', 'kind = "fact"\nfact = "hangup_by"\nis = "agent"'),
    ('kind = "said"\nwho = "agent"\nkind', "kind"),
    (
        'kind = "said"\nwho = "customer"\nphrases = ["多少钱"]',
        'kind = "fact"\nfact = "direction"\nis = "outbound"',
    ),
)


def test_rules_on_facts_have_the_hash_that_they_had_before_more_could_be_asked(hashes):
    assert hashes(*FACTS)["fee"] == "51c7cf16bc4189910b4220033db5834ad97becae0ba9fad8e172ff71cb2a83a1"
    more = ('fact = "direction"\nis = "outbound"', 'fact = "line"\nany_of = ["宽带"]')
    assert hashes(*FACTS, more)["fee"] != hashes(*FACTS)["fee"]
    assert hashes(*FACTS, more)["other"] == hashes()["other"]


def test_another_detector_of_acts_changes_the_items_that_ask_it(monkeypatch, tmp_path):
    class Other:
        sha256 = "0" * 64

    file = tmp_path / "rubric.toml"
    file.write_text(built_in_rubric_text(), encoding="utf-8")
    before = rule_hashes(load_rubric(file))
    monkeypatch.setattr("qa_audit.scoring.rubric.built_in_acts", Other)
    after = rule_hashes(load_rubric(file))
    changed = {item for item in before if before[item] != after[item]}
    asking = {"greeting", "please", "hold_courtesy", "thanks_reply", "further_help", "readback", "closing"}
    in_doubt = {"no_blame_shifting", "no_blaming_customer", "no_harsh_language"}
    in_doubt |= {"no_forbidden_words", "no_overpromise"}
    # What replaces these in a situation replaces some that ask it.
    assert changed == asking | in_doubt | {"answer_promptly", "title", "honorific"}


def test_another_detector_changes_the_items_that_use_it():
    rubric = load_rubric()
    detector = rubric.detector

    class Other:
        sha256 = "0" * 64

    before, after = rule_hashes(rubric), rule_hashes(rubric.with_detector(Other()))
    changed = {item for item in before if before[item] != after[item]}
    using = {one.id for one in judged_items(rubric) if getattr(one.check, "detector", "")}
    assert detector.sha256 != Other.sha256
    assert changed == using
    assert "no_blame_shifting" in using
