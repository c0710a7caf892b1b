import pytest
from pydantic import ValidationError

from qa_audit.calls.facts import NOTHING_ASKED, AskedFacts
from qa_audit.scoring import load_rubric
from qa_audit.scoring.learned.acts import built_in_acts
from qa_audit.scoring.learned.semantic import built_in_detector
from qa_audit.scoring.rubric import Detect, Rubric


def test_a_situation_needs_a_way_to_be_recognised():
    with pytest.raises(ValidationError, match="a situation needs a way to be recognised"):
        Detect()


def test_findings_depend_on_the_file_and_on_the_detector():
    rubric = load_rubric()
    assert rubric.uses_detector
    assert rubric.detector is built_in_detector()

    class Other:
        sha256 = "another"

    other = rubric.with_detector(Other())
    assert other.sha256 == rubric.sha256
    assert other.key != rubric.key
    assert rubric.detector is built_in_detector()


def test_findings_depend_on_the_detector_of_acts_where_a_check_asks_it():
    rubric = load_rubric()
    assert rubric.acts is built_in_acts()
    kept = tuple(one for one in rubric.items if one.id in {"title", "honorific"})
    plain = rubric.model_copy(update={"items": kept})
    assert plain.acts is None
    assert plain.key == plain.sha256


def test_what_the_conditions_ask_of_the_call_list():
    rubric = load_rubric()
    assert rubric.asked_facts == NOTHING_ASKED

    def fact(name, **given):
        return {"name": name, "kind": "fact", **given}

    own = fact("甲", fact="column", column="业务 类型", **{"is": "新装"})
    check = {"kind": "rule", "pass_when": "甲 or 乙", "conditions": [own]}
    shared = [
        fact("乙", fact="time", until="8:00", **{"from": "21:00"}),
        fact("丙", fact="column", column="ＶＩＰ", **{"is": "是"}),
        fact("丁", fact="hangup_by", **{"is": "agent"}),
    ]
    item = {"id": "one", "name_zh": "一", "name_en": "one", "source": "s", "weight": 1, "check": check}
    head = {"id": "mine", "version": "1.0.0", "name_zh": "我", "name_en": "m"}
    asked = Rubric.model_validate({**head, "items": [item], "conditions": shared}).asked_facts
    assert asked == AskedFacts(frozenset(["time"]), frozenset(["业务类型", "vip"]))


def test_names_in_both_languages_and_of_what_is_unknown():
    rubric = load_rubric()
    assert [rubric.name_of("closing", lang) for lang in ("zh", "en")] == ["结束语", "Closing"]
    assert rubric.name_of("no_such_item") == "no_such_item"
