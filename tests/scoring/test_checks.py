from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from qa_audit.scoring.checks import Address, Banned, Check, Request


def test_every_kind_of_check_has_a_name_of_its_own():
    union, field = get_args(Check)
    kinds = [get_args(one.model_fields["kind"].annotation)[0] for one in get_args(union)]
    assert kinds == [
        *("parts", "reply", "address", "request", "hold", "readback", "banned", "soothing", "ring_time"),
        *("interrupting", "dead_air", "speech_rate", "raised_voice", "rule", "manual"),
    ]
    assert field.discriminator == "kind"


def test_a_check_is_read_by_its_kind():
    read = TypeAdapter(Check).validate_python({"kind": "banned", "said": {"phrases": ["不知道"]}})
    assert isinstance(read, Banned)
    assert read.said.phrases == ("不知道",)
    with pytest.raises(ValidationError) as error:
        TypeAdapter(Check).validate_python({"kind": "politeness"})
    assert [one["type"] for one in error.value.errors()] == ["union_tag_invalid"]


def test_a_detector_of_no_item_is_refused():
    with pytest.raises(ValidationError, match="no_such"):
        Banned.model_validate({"kind": "banned", "said": {}, "detector": "no_such"})


@pytest.mark.parametrize("field", ["greetings", "quoted", "set_phrases"])
def test_patterns_of_an_address_compile(field):
    with pytest.raises(ValidationError, match="左括号 \\( 没有闭合"):
        Address.model_validate({"kind": "address", field: ["(你"]})


def test_patterns_that_take_a_request_back_compile():
    with pytest.raises(ValidationError, match="左括号 \\( 没有闭合"):
        Request.model_validate({"kind": "request", "requests": {}, "not_requests": ["(报"]})
