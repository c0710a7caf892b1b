import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.scoring.rule_expression import Expression, parse_expression
from qa_audit.store.toml_mistakes import NotAllowedError

NAMES = st.sampled_from(["甲", "乙", "先报价", "a_1"]).map(lambda name: Expression("name", name))
EXPRESSIONS = st.recursive(
    NAMES,
    lambda inner: (
        st.builds(lambda one: Expression("not", parts=(one,)), inner)
        | st.builds(
            lambda op, parts: Expression(op, parts=tuple(parts)),
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=2, max_size=3),
        )
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(EXPRESSIONS)
def test_what_is_written_is_read_back(expression):
    assert str(parse_expression(str(expression))) == str(expression)
    assert list(parse_expression(str(expression)).names()) == list(expression.names())


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("甲 且 乙", "甲 and 乙"),
        ("甲&&乙||!丙", "(甲 and 乙) or not 丙"),
        ("甲 或者 乙 并且 丙", "甲 or (乙 and 丙)"),
        ("没有（甲 或 乙）", "not (甲 or 乙)"),
        ("NOT 甲 AND 乙", "not 甲 and 乙"),
        ("且慢", "且慢"),
    ],
)
def test_words_and_signs(text, same):
    assert str(parse_expression(text)) == same


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is empty"),
        ("甲 乙", "“乙” does not belong after “甲”"),
        ("and 甲", "“and” stands where a name belongs"),
        ("甲 or", "after “甲 or” a name is missing"),
        ("(甲", "after “(甲” a closing bracket is missing"),
        ("甲)", "“)” does not belong after “甲”"),
        ("甲 & 乙", "“&” does not belong after “甲”"),
        ("3甲", "“3甲” stands where a name belongs"),
        ("(" * 50 + "甲", "more than 40 brackets"),
    ],
)
def test_what_cannot_be_read(text, told):
    with pytest.raises(NotAllowedError) as caught:
        parse_expression(text)
    assert told in caught.value.text("en")
