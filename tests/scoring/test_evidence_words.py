from typing import get_args

import pytest

from qa_audit.messages import say
from qa_audit.scoring import evidence_words
from qa_audit.scoring.evidence_words import measured_words, shown_quote
from qa_audit.scoring.fact_schema import Fact
from qa_audit.scoring.rule_schema import Measure


@pytest.mark.parametrize(
    ("quote", "tier", "told"),
    [
        ("+7.4 dB, +2.1 st", "measure", "比平时响 7.4 分贝，音调高 2.1 个半音"),
        ("-3.0 dB", "measure", "比平时轻 3.0 分贝"),
        ("-1.5 st", "measure", "音调低 1.5 个半音"),
        ("6.9 字/秒", "measure", "每秒 6.9 个字"),
        ("3.2 s", "measure", "3.2 秒"),
        ("为你听我说", "measure", "为你听我说"),
        ("12 s", "metadata", "12 秒"),
        ("direction = outbound", "metadata", "呼叫方向：呼出"),
        ("internal = true", "metadata", "内部通话：是"),
        ("业务 = 退费", "metadata", "业务：退费"),
        ("line = VIP报障", "metadata", "线路、技能组：VIP报障"),
        ("weekday = 周六", "metadata", "星期：周六"),
        ("duration_s = 12.5", "measure", "录音时长 12.5 秒"),
        ("talk_share = 0.5714", "measure", "说话占 57 %"),
        ("loudness_db = -42.1", "measure", "音量 -42.1 分贝（满刻度为 0）"),
        ("duration_s = 1.2e+04", "measure", "录音时长 12000 秒"),
        ("别的 = 3", "measure", "别的 = 3"),
        ("请稍候 (-3.6)", "acoustic", "请稍候（按声音核对，说过的可能是 3 %）"),
        ("女士", "acoustic", "女士"),
        ("direction = outbound", "exact", "direction = outbound"),
        ("", "measure", ""),
    ],
)
def test_measures_and_facts_are_told_in_words(quote, tier, told):
    assert measured_words(quote, tier, "zh") == told
    assert shown_quote(quote, tier, "zh") == told


def test_all_that_rules_measure_and_ask_has_words():
    measured = get_args(Measure.model_fields["of"].annotation)
    assert sorted(evidence_words._MEASURES) == sorted(measured)
    asked = set(get_args(Fact.model_fields["fact"].annotation)) - {"column", "first_speaker", "last_speaker"}
    assert asked <= set(evidence_words._FACTS)
    assert all(say(f"evidence.measured.{one}", "zh", value="1", percent="1") for one in measured)


def test_what_was_missed_says_so_only_where_no_column_does():
    assert shown_quote("再见", "absence", "zh") == "没有听到：再见"
    assert measured_words("再见", "absence", "zh") == "再见"


def test_the_same_in_english():
    assert (
        measured_words("+7.4 dB, +2.1 st", "measure", "en")
        == "7.4 dB louder than usual, 2.1 semitones higher"
    )
    assert measured_words("hangup_by = customer", "metadata", "en") == "who hung up: customer"
