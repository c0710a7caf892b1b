"""Mistakes across the keys of a rubric: names that clash, lack or go in circles; totals; endless patterns."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.scoring.rule_mistakes import rule_mistakes


def told(**table):
    """Code, key and values of each mistake."""
    found = rule_mistakes(table, {})
    return [
        (
            one.code.removeprefix("scoring.rubric_"),
            one.key,
            {key: value for key, value in one.values.items() if key != "likely"},
        )
        for one in found
    ]


def likely(**table):
    """What each mistake asks whether it was meant."""
    return [str(one.values["likely"]) for one in rule_mistakes(table, {}) if "likely" in one.values]


def codes(**table):
    return [(code, key) for code, key, _ in told(**table)]


def item(identifier, *conditions, when="甲", check=None, **more):
    rule = {"kind": "rule", "pass_when": when, "conditions": list(conditions)}
    return {"id": identifier, "check": check or rule, **more}


def said(name="甲", **more):
    return {"name": name, "kind": "said", "phrases": ["好"], **more}


def named(name, expression):
    return {"name": name, "kind": "combined", "is": expression}


def judged(name, other):
    return {"name": name, "kind": "item", "item": other}


MANUAL = {"kind": "manual"}
TWO = [said(), said("闲")]
SITUATION = {"id": "wrong", "detect": {}}


def test_a_rubric_in_which_all_names_fit_has_no_mistakes():
    table = {
        "situations": [SITUATION],
        "conditions": [said("公"), said("闲")],
        "items": [
            item("one", said(), named("乙", "甲 or wrong"), when="乙 and 公", applies_when="wrong"),
            item("two", said(where={"after": "公"}), judged("错", "one"), when="甲 and not 错"),
        ],
    }
    assert told(**table) == []


def test_a_name_that_was_probably_meant_is_asked_for():
    own = [item("one", said("问候"), when="問候"), item("closing", judged("甲", "closng"))]
    assert likely(items=own)[:2] == ["（是不是 问候？）", "（是不是 closing？）"]
    wrong = item("one", said(), section="服务规范 ")
    assert likely(sections=[{"name": "服务规范"}], items=[wrong]) == ["（是不是 服务规范？）"]
    assert likely(items=[item("one", said("问候"), when="道别")])[0] == ""


def test_a_name_is_used_once_among_an_item_s_conditions_the_shared_ones_and_situations():
    shared = [said("wrong"), said("公"), said("公")]
    own = item("one", said(), said(), said("公"), said("lost"), when="甲 and 公 and lost")
    again = ("conditions.0", "conditions.2", *(f"items.0.check.conditions.{place}" for place in (1, 2, 3)))
    assert codes(situations=[SITUATION, {"id": "lost"}], conditions=shared, items=[own]) == [
        ("double_name", f"{key}.name") for key in again
    ]


@pytest.mark.parametrize(
    ("one", "key"),
    [
        (item("one", said(), applies_when="丙"), "applies_when"),
        (item("one", said(), not_applicable_when="not 丙"), "not_applicable_when"),
        (item("one", said(), when="甲 and (丙 or 丙)"), "check.pass_when"),
        (item("one", check={"kind": "rule", "fail_when": "丙"}), "check.fail_when"),
        (item("one", said(where={"same_turn_as": "丙"})), "check.conditions.0.where.same_turn_as"),
        (item("one", {"name": "甲", "kind": "echo", "of": "丙"}), "check.conditions.0.of"),
        (item("one", named("甲", "丙 and 丙")), "check.conditions.0.is"),
    ],
)
def test_a_name_that_nobody_has_is_told_once_wherever_it_is_used(one, key):
    assert codes(items=[one]) == [("unknown_name", f"items.0.{key}")]


def test_what_an_item_can_name_are_its_own_conditions_the_shared_ones_and_situations():
    items = [item("one", said(), when="甲 or 别"), item("two", said("别"), when="别")]
    assert told(situations=[SITUATION], conditions=[said("公")], items=items) == [
        ("unknown_name", "items.0.check.pass_when", {"name": "别", "allowed": "甲, 公, wrong"})
    ]
    nothing = item("one", check={"kind": "rule", "pass_when": "别"})
    assert told(items=[nothing])[0][2] == {"name": "别", "allowed": "–"}


@pytest.mark.parametrize(
    ("when", "name", "meant"),
    [
        ("甲和闲", "甲和闲", "甲 and 闲"),
        ("甲且没有闲", "甲且没有闲", "甲 and not 闲"),
        ("甲 and 不闲", "不闲", "not 闲"),
        ("(甲或者公) and 闲", "甲或者公", "甲 or 公"),
        ("甲and闲 or not公", "甲and闲", "甲 and 闲"),
    ],
)
def test_names_that_are_run_together_with_words_are_taken_apart_and_none_of_them_lies_idle(when, name, meant):
    found = told(conditions=[said("公")], items=[item("one", *TWO, when=when)])
    key = "items.0.check.pass_when"
    others = [("run_together", key, {"name": "not公", "meant": "not 公"})] if "not公" in when else []
    assert [(code, at, {**values, "meant": str(values.get("meant"))}) for code, at, values in found] == [
        ("run_together", key, {"name": name, "meant": meant}),
        *others,
    ]


def test_what_is_no_names_run_together_is_a_name_that_nobody_has():
    for when in ("甲闲", "甲和丙", "和甲", "甲 and 公和闲了"):
        codes_told = codes(conditions=[said("公")], items=[item("one", *TWO, when=when)])
        assert ("unknown_name", "items.0.check.pass_when") in codes_told
    within = item("one", said(where={"after": "公和甲"}))
    assert codes(conditions=[said("公")], items=[within]) == [
        ("unknown_name", "items.0.check.conditions.0.where.after")
    ]


def test_a_shared_condition_can_not_name_one_of_an_item():
    assert codes(conditions=[named("公", "甲")], items=[item("one", said())]) == [
        ("unknown_name", "conditions.0.is")
    ]


def test_a_verdict_can_only_be_asked_of_an_item_that_there_is():
    table = {"items": [item("two", judged("甲", "three")), item("one", check=MANUAL)]}
    assert told(**table) == [
        ("unknown_item", "items.0.check.conditions.0.item", {"id": "three", "allowed": "one, two"})
    ]


@pytest.mark.parametrize(
    "one",
    [
        item("one", said(), said("闲"), applies_when="闲"),
        item("one", said(), said("闲"), not_applicable_when="闲"),
        item("one", named("甲", "闲"), said("闲")),
        item("one", said(where={"around": "闲"}), said("闲")),
        item("one", {"name": "甲", "kind": "echo", "of": "闲"}, said("闲")),
    ],
)
def test_a_condition_that_an_expression_or_another_condition_names_is_used(one):
    assert told(items=[one]) == []


def test_a_condition_of_an_item_that_nobody_names_lies_idle():
    idle = ("unused_condition", "items.0.check.conditions.1.name", {"name": "闲"})
    assert told(items=[item("one", said(), said("闲"))]) == [idle]


@pytest.mark.parametrize(
    "unreadable",
    [
        *({"when": "甲 and ("}, {"when": True}, {"applies_when": "甲 or"}, {"applies_when": ["闲"]}),
        *({"not_applicable_when": "not"}, {"not_applicable_when": True}),
        {"check": {"kind": "rule", "pass_when": "甲", "fail_when": "闲 and", "conditions": TWO}},
        {"check": {"kind": "rule", "pass_wen": "甲 and 闲", "conditions": TWO}},
    ],
)
def test_where_an_expression_can_not_be_read_it_is_not_known_what_lies_idle(unreadable):
    assert codes(items=[item("one", *TWO, **unreadable)]) == []


@pytest.mark.parametrize(
    "unreadable",
    [
        *(said(where={"after": ["闲"]}), said(where=["闲"]), {"name": "甲", "kind": "combined"}),
        *({"name": "甲", "kind": "echo"}, {"name": "甲", "kind": "echo", "of": ["闲"]}),
    ],
)
def test_where_a_condition_does_not_say_what_it_names_it_is_not_known_what_lies_idle(unreadable):
    assert codes(items=[item("one", unreadable, said("闲"))]) == []


def test_what_can_be_named_is_listed_once_also_where_two_have_one_name():
    shared, items = (
        [said("公"), said("公")],
        [item("one", judged("甲", "six")), item("one", said("公"), when="别")],
    )
    told_of = {code: values for code, _, values in told(conditions=shared, items=items)}
    assert told_of["unknown_name"] == {"name": "别", "allowed": "公"}
    assert told_of["unknown_item"] == {"id": "six", "allowed": "one"}
    assert told(conditions=[judged("公", "six")]) == [
        ("unknown_item", "conditions.0.item", {"id": "six", "allowed": "–"})
    ]


@pytest.mark.parametrize(
    ("table", "key", "circle"),
    [
        ({"items": [item("one", said(where={"after": "甲"}))]}, "items.0.check.conditions.0.name", "甲 → 甲"),
        ({"items": [item("one", judged("甲", "one"))]}, "items.0.id", "one → 甲 → one"),
        ({"items": [item("one", judged("甲", "two")), item("two", judged("乙", "one"), when="乙")]},
         "items.0.id", "one → 甲 → two → 乙 → one"),
        ({"conditions": [said("闲"), named("公", "众"), named("众", "not 公")]},
         "conditions.1.name", "公 → 众 → 公"),
        ({"conditions": [judged("公", "one")], "items": [item("one", check=MANUAL, applies_when="公")]},
         "conditions.0.name", "公 → one → 公"),
    ],
)  # fmt: skip
def test_a_circle_is_told_once_where_it_is_first_entered(table, key, circle):
    assert told(**table) == [("circle", key, {"circle": circle})]


def test_conditions_of_different_items_that_share_a_name_make_no_circle():
    one = item("one", judged("甲", "two"), named("乙", "甲"), when="乙")
    assert told(items=[one, item("two", named("甲", "乙"), said("乙"))]) == []


def test_of_two_items_with_one_id_the_circle_is_told_at_its_own():
    table = {"items": [item("one", said()), item("one", named("甲", "乙"), named("乙", "甲"))]}
    assert codes(**table) == [("circle", "items.1.check.conditions.0.name")]


@pytest.mark.parametrize("identifier", ["a#b", "a/b", "a#1", 3])
def test_a_circle_is_told_at_its_place_though_the_id_of_its_item_is_wrong(identifier):
    one = item(identifier, said(), named("乙", "丙"), named("丙", "乙"), when="甲 and 乙")
    assert codes(items=[one]) == [("circle", "items.0.check.conditions.1.name")]


@settings(max_examples=30)
@given(st.data())
def test_names_that_point_forward_make_no_circle_and_one_that_points_back_does(data):
    count = data.draw(st.integers(2, 6))
    chain = [
        named(f"c{place}", f"c{place + 1} or c{data.draw(st.integers(place + 1, count))}")
        for place in range(count)
    ]
    chain.append(said(f"c{count}"))
    assert told(conditions=data.draw(st.permutations(chain))) == []
    first, last = sorted(data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2)))
    chain[last] = named(f"c{last}", f"c{first}")
    assert {code for code, _ in codes(conditions=data.draw(st.permutations(chain)))} == {"circle"}


def weighed(section, weight, **more):
    return item("one", check=MANUAL, section=section, weight=weight, **more)


def test_points_of_a_section_add_up_to_its_total_bonus_apart():
    items = [weighed("甲", 0.1), weighed("甲", 0.2), weighed("甲", 5, bonus=True), weighed(None, 7)]
    assert told(sections=[{"name": "甲", "total": 0.3}, {"name": "乙"}], items=items) == []
    assert told(sections=[{"name": "甲", "total": 1}, {"name": "乙", "total": 2.5}], items=items) == [
        ("section_total", "sections.0.total", {"name": "甲", "total": "1", "got": "0.3"}),
        ("section_total", "sections.1.total", {"name": "乙", "total": "2.5", "got": "0"}),
    ]


def test_a_section_is_declared_and_once():
    items = [weighed("甲", 1), weighed("丙", 1)]
    assert told(sections=[{"name": "甲"}, {"name": "乙"}], items=items) == [
        ("unknown_section", "items.1.section", {"name": "丙", "allowed": "甲, 乙"})
    ]
    assert codes(sections=[{"name": "甲"}, {"name": "甲"}]) == [("double_section", "sections.1.name")]


def test_sections_to_choose_from_are_listed_once_though_one_is_declared_twice():
    sections = [{"name": "甲"}, {"name": "乙"}, {"name": "甲"}]
    assert told(sections=sections, items=[weighed("丙", 1)]) == [
        ("double_section", "sections.2.name", {"name": "甲"}),
        ("unknown_section", "items.0.section", {"name": "丙", "allowed": "甲, 乙"}),
    ]


def test_beside_a_section_whose_name_is_missing_or_no_text_the_others_are_told_as_ever():
    sections = [{"total": 3}, {"name": ["甲"], "total": 3}, {"name": "甲"}, {"name": "甲"}]
    assert codes(sections=sections) == [("double_section", "sections.3.name")]


def test_a_pattern_that_never_ends_is_told_and_a_phrase_is_none():
    endless = "（哈|哈哈）+［完了］"
    one = said(patterns=["好", endless], unless=["好"], phrases=["(哈|哈哈)+[完了]"])
    ((code, key, values),) = told(items=[item("one", one)])
    assert (code, key, values["pattern"]) == ("explodes", "items.0.check.conditions.0.patterns", endless)


def test_signs_of_a_chinese_keyboard_are_those_of_a_pattern_in_every_check():
    check = {"kind": "banned", "said": {"patterns": ["（哈|哈哈）+［完了］"]}}
    assert [one[0] for one in told(items=[item("one", check=check)])] == ["explodes"]


def test_only_an_item_that_zeroes_the_call_may_have_no_points():
    red = item("red", said(), weight=0, critical=True)
    assert told(items=[red, item("one", said(), weight=2)]) == []
    assert told(items=[red]) == [("no_points_at_all", "items.0.weight", {})]
    idle = [{}, {"critical": True, "bonus": True}, {"critical": True, "off_per_hit": 1}]
    items = [item(f"idle_{place}", said(), weight=0, **more) for place, more in enumerate(idle)]
    assert codes(items=[item("one", said(), weight=2), *items]) == [
        ("no_points", f"items.{place}.weight") for place in (1, 2, 3)
    ]
    assert codes(items=[item("one", said(), weight=False), red]) == []
