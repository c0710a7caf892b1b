"""Caps of sections: what a part of the standard costs at most."""

import pytest

from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.sections import capped
from qa_audit.scoring.verdicts import Evidence, Finding

SERVICE = {"name": "服务", "max_loss": 6}
SKILL = {"name": "业务", "max_loss": 3}


def rubric(*sections, **section_of):
    items = [
        {
            "id": item,
            "name_zh": item,
            "name_en": item,
            "source": "s",
            "weight": 10,
            "section": section,
            "check": {"kind": "manual"},
        }
        for item, section in section_of.items()
    ]
    return Rubric.model_validate(
        {
            "id": "r",
            "version": "1.0.0",
            "name_zh": "文",
            "name_en": "r",
            "sections": sections,
            "items": items,
        }
    )


def points(findings, rules):
    return [one.points for one in capped(tuple(findings), rules)]


def fault(item, earned=0.0, most=10.0, **more):
    return Finding(item, "fail", earned, most, **more)


@pytest.mark.parametrize(
    ("earned", "wanted"),
    [
        ((8.0, 6.0), [8.0, 6.0]),
        ((8.0, 5.99), [8.0033, 5.9967]),
        ((0.0, 0.0), [7.0, 7.0]),
        ((4.0, 7.0), [6.0, 8.0]),
        ((10.0, 4.0), [10.0, 4.0]),
    ],
    ids=["exactly the cap", "a little more", "all lost", "parts lost", "one cost nothing"],
)
def test_losses_shrink_by_the_same_share_once_they_pass_the_cap(earned, wanted):
    rules = rubric(SERVICE, one="服务", two="服务")
    assert points([fault("one", earned[0]), fault("two", earned[1])], rules) == wanted


def test_the_points_left_are_kept_to_four_places():
    rules = rubric({"name": "服务", "max_loss": 10}, one="服务", two="服务", three="服务")
    assert points([fault("one"), fault("two"), fault("three")], rules) == [6.6667, 6.6667, 6.6667]


def test_each_section_has_its_own_cap():
    rules = rubric(SERVICE, SKILL, one="服务", two="业务", three="业务")
    assert points([fault("one"), fault("two"), fault("three", 8.0)], rules) == [4.0, 7.5, 9.5]


def test_faults_of_no_section_or_of_one_without_a_cap_cost_all_they_cost():
    rules = rubric(SERVICE, {"name": "业务", "total": 20}, one="服务", two="业务", three=None)
    assert points([fault("one"), fault("two"), fault("three", 1.0)], rules) == [4.0, 0.0, 1.0]


def test_faults_of_another_section_do_not_use_up_a_cap():
    rules = rubric(SERVICE, one="服务", two=None)
    assert points([fault("one", 5.0), fault("two")], rules) == [5.0, 0.0]


@pytest.mark.parametrize("verdict", ["uncertain", "not_applicable"])
def test_what_is_not_judged_costs_nothing_and_gains_nothing(verdict):
    rules = rubric(SERVICE, one="服务", two="服务")
    assert points([fault("one", 5.0), Finding("two", verdict, 0.0, 10.0)], rules) == [5.0, 0.0]
    assert points([fault("one"), Finding("two", verdict, 0.0, 10.0)], rules) == [4.0, 0.0]


def test_points_of_a_pass_stay_where_they_are():
    rules = rubric(SERVICE, one="服务", two="服务")
    assert points([fault("one"), Finding("two", "pass", 10.0, 10.0)], rules) == [4.0, 10.0]


def test_nothing_but_the_points_changes():
    said = Evidence(0, 0.0, 1.0, "不行", "exact")
    rules = rubric(SERVICE, one="服务")
    [finding] = capped((fault("one", evidence=(said,), critical=True),), rules)
    assert finding == Finding("one", "fail", 4.0, 10.0, (said,), critical=True)


def test_without_a_cap_or_without_findings_nothing_happens():
    findings = (fault("one"),)
    assert capped(findings, rubric({"name": "服务"}, one="服务")) == findings
    assert capped(findings, rubric(one=None)) == findings
    assert capped((), rubric(SERVICE, one="服务")) == ()
