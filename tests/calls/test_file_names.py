import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.calls.file_names import BUILT_IN_PATTERNS, NameParts, compile_pattern, parse_file_name
from qa_audit.messages import QaError

MOMENT = datetime(2026, 10, 3, 9, 15, 7)


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("8001_20261003091507_13800138000.wav", ("8001", MOMENT, "13800138000")),
        ("KF8001_20261003_091507_13800138000.wav", ("KF8001", MOMENT, "13800138000")),
        ("20261003091507_8001_13800138000.mp3", ("8001", MOMENT, "13800138000")),
        ("20261003091507_13800138000_8001.mp3", ("8001", MOMENT, "13800138000")),
        ("8001_13800138000_20261003091507.wav", ("8001", MOMENT, "13800138000")),
        ("2026/10/8001_20261003091507.wav", ("8001", MOMENT, None)),
        ("8001-20261003091507-01088886666.V3", ("8001", MOMENT, "01088886666")),
        ("20261003-091507-8001-138****8000.wav", ("8001", MOMENT, "138****8000")),
    ],
)
def test_built_in_patterns(path, parts):
    found = parse_file_name(path)
    assert found is not None
    assert (found.agent_no, found.start, found.customer_no) == parts
    assert found.identifies


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("87654321_80001_20261003091507.wav", "87654321", "80001"),
        ("80001_87654321_20261003091507.wav", "80001", "87654321"),
        ("20261003091507_80001_87654321.wav", "80001", "87654321"),
        ("80001-20261003091507-95598.wav", "80001", "95598"),
    ],
)
def test_two_numbers_that_may_both_be_the_agents_are_not_guessed(path, one, other):
    assert parse_file_name(path) == NameParts(
        start=MOMENT,
        readings=(
            NameParts(agent_no=one, start=MOMENT, customer_no=other),
            NameParts(agent_no=other, start=MOMENT, customer_no=one),
        ),
    )


def test_a_pattern_of_ones_own_says_which_number_is_the_agents():
    patterns = ("{customer}_{agent}_{start:%Y%m%d%H%M%S}",)
    assert parse_file_name("87654321_80001_20261003091507.wav", patterns) == NameParts(
        agent_no="80001", start=MOMENT, customer_no="87654321"
    )


@pytest.mark.parametrize(
    "path",
    [
        "新建录音 (3).wav",
        "a.wav",
        "8001_20261303091507_13800138000.wav",  # no month 13
        "8001_20260230091507.wav",
        "8001_19990101000000.wav",
        "20261003001.wav",
        "",
    ],
)
def test_a_name_that_says_nothing_gives_nothing(path):
    assert parse_file_name(path) is None


def test_own_patterns_with_folders_and_pieces_of_the_start():
    patterns = ("{team}/{start:%Y%m%d}/{agent}_{start:%H%M%S}_{direction}_{call_id}",)
    assert parse_file_name("录音/一班/20261003/8001_091507_呼入_A-1.wav", patterns) == NameParts(
        call_id="A-1", agent_no="8001", team="一班", start=MOMENT, direction="呼入"
    )


def test_the_first_pattern_that_fits_wins():
    patterns = ("{call_id}", "{agent}_{start:%Y%m%d%H%M%S}")
    assert parse_file_name("8001_20261003091507.wav", patterns) == NameParts(call_id="8001_20261003091507")


def test_signs_in_a_pattern_are_signs():
    assert parse_file_name("8001.wav", ("{agent}+",)) is None
    assert parse_file_name("[8001].wav", ("[{agent}]",)) == NameParts(agent_no="8001")


@pytest.mark.parametrize(
    "pattern",
    [
        "{agent}_{date}",
        "{start}",
        "{start:%Y-%q}",
        "{agent",
        "{agent!r}",
        "{agent:5}",
        "{}",
        "fixed",
        "{skip}",
        "",
    ],
)
def test_a_pattern_that_cannot_work_is_refused_with_what_is_allowed(pattern):
    with pytest.raises(QaError) as raised:
        compile_pattern(pattern)
    assert raised.value.code == "calls.file_name_pattern"
    assert "{agent}" in str(raised.value)


@given(st.text(max_size=60))
def test_any_name_is_read_without_an_error(path):
    found = parse_file_name(path)
    assert found is None or found.start is None or 2000 <= found.start.year < 2100


@given(st.text(alphabet="{}start:%YmdHMSagent_/!", max_size=25))
def test_any_pattern_is_compiled_or_refused(pattern):
    with contextlib.suppress(QaError):
        assert compile_pattern(pattern).expression.pattern


def test_every_built_in_pattern_compiles():
    assert all(compile_pattern(pattern).formats for pattern in BUILT_IN_PATTERNS)
