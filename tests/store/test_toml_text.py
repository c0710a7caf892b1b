import tomllib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.store.toml_text import toml_text

VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=15,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=4))
def test_what_is_written_is_read_back(table):
    assert tomllib.loads(toml_text(table)) == table


def test_the_built_in_rubric_is_written_and_read_back():
    table = tomllib.loads(built_in_rubric_text())
    assert tomllib.loads(toml_text(table)) == table


def test_tables_as_people_write_them():
    table = {
        "id": "a",
        "items": [
            {"id": "x", "check": {"kind": "rule", "conditions": [{"name": "甲", "phrases": ["好" * 60]}]}}
        ],
    }
    assert toml_text(table) == (
        'id = "a"\n\n[[items]]\nid = "x"\n\n[items.check]\nkind = "rule"\n\n[[items.check.conditions]]\n'
        f'name = "甲"\nphrases = ["{"好" * 60}"]\n'
    )


def test_dates_and_times_are_written_as_such():
    text = "day = 2026-10-03\ntime = 09:15:00\nmoment = 2026-10-03T09:15:00+08:00\n"
    assert toml_text(tomllib.loads(text)) == text
