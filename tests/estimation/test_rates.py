import polars as pl
import pytest

from qa_audit.estimation.intervals import clopper_pearson
from qa_audit.estimation.rates import MACHINE_VERDICTS, PERSON_VERDICTS, critical_verdicts, fault_rates
from qa_audit.messages import QaError
from tests.estimation.made_month import frame_of

# Two agents with ten calls each, all of one stratum; every other call is heard.
FRAME = pl.concat(
    [
        frame_of(*((f"a{n}", "1001", "rest", 80.0) for n in range(10)), team="一班"),
        frame_of(*((f"b{n}", "1002", "rest", 80.0) for n in range(10)), team="二班"),
    ]
)


def machine(**verdicts: str) -> pl.DataFrame:
    """The machine's verdicts on `title`: "pass" but for these calls."""
    rows = [(call, "title", verdicts.get(call, "pass")) for call in FRAME["call_id"]]
    return pl.DataFrame(rows, schema=MACHINE_VERDICTS, orient="row")


def people(calls: list[str], purpose: str = "first", **verdicts: str) -> pl.DataFrame:
    rows = [(call, "赵", "title", verdicts.get(call, "pass"), 0.5, purpose) for call in calls]
    return pl.DataFrame(rows, schema=PERSON_VERDICTS, orient="row")


HEARD = [f"{agent}{n}" for agent in "ab" for n in range(0, 10, 2)]


def test_where_the_machine_tells_nothing_it_is_the_share_among_those_heard():
    row = fault_rates(FRAME, machine(), people(HEARD, a0="fail", b2="fail")).row(0, named=True)
    assert (row["item"], row["group"], row["calls"], row["heard"]) == ("title", "all", 20, 10)
    assert (row["heard_judged"], row["heard_faults"], row["machine_rate"]) == (10, 2, 0.0)
    assert row["rate"] == pytest.approx(0.2)
    assert (row["low"], row["high"]) == pytest.approx(clopper_pearson(2, 10), abs=1e-9)


def test_the_machines_faults_in_calls_nobody_heard_count_as_far_as_it_was_right():
    # Of two machine faults heard both are right; two more were not heard: λ = 1, 4 of 20.
    flags = dict.fromkeys(("a0", "b2", "a1", "b3"), "fail")
    row = fault_rates(FRAME, machine(**flags), people(HEARD, a0="fail", b2="fail")).row(0, named=True)
    assert row["rate"] == pytest.approx(4 / 20)
    # And where the machine faults as many but is right in none of them, they count for nothing.
    row = fault_rates(FRAME, machine(**flags), people(HEARD)).row(0, named=True)
    assert (row["rate"], row["low"]) == (0.0, 0.0)
    assert row["high"] == pytest.approx(1 - 0.025 ** (1 / 10))


def test_an_interval_is_never_narrower_than_the_calls_heard_allow():
    row = fault_rates(FRAME, machine(a0="fail"), people(HEARD, a0="fail")).row(0, named=True)
    assert row["rate"] == pytest.approx(0.05)
    assert (row["low"], row["high"]) == pytest.approx(clopper_pearson(0.5, 10), abs=1e-9)


def test_calls_where_the_item_did_not_apply_leave_both_sums():
    said = people(HEARD, a0="fail", **dict.fromkeys(("a2", "a4", "b0", "b2", "b4"), "not_applicable"))
    row = fault_rates(FRAME, machine(), said).row(0, named=True)
    assert (row["heard"], row["heard_judged"]) == (10, 5)
    assert row["rate"] == pytest.approx(0.2)


def test_per_team_and_agent():
    said = people(HEARD, a0="fail", a2="fail")
    teams = fault_rates(FRAME, machine(), said, "team")
    assert teams.select("group", "rate").rows() == [("一班", pytest.approx(0.4)), ("二班", 0.0)]
    agents = fault_rates(FRAME, machine(), said, "agent")
    assert agents["rate"].to_list() == teams["rate"].to_list()


def test_second_hearings_do_not_count_and_two_firsts_are_refused():
    second = people(["a0"], purpose="second")
    row = fault_rates(FRAME, machine(), pl.concat([people(HEARD, a0="fail"), second])).row(0, named=True)
    assert (row["heard_judged"], row["heard_faults"]) == (10, 1)
    with pytest.raises(QaError) as refused:
        fault_rates(FRAME, machine(), pl.concat([people(HEARD), people(["a0"])]))
    assert refused.value.code == "estimates.double_verdict"


def test_why_there_is_no_rate():
    nobody = fault_rates(FRAME, machine(), people(HEARD, purpose="complaint")).row(0, named=True)
    assert (nobody["rate"], nobody["reason"]) == (None, "no_audits")
    never = fault_rates(FRAME, machine(), people(HEARD, **dict.fromkeys(HEARD, "uncertain"))).row(
        0, named=True
    )
    assert (never["rate"], never["reason"]) == (None, "never_asked")
    assert fault_rates(FRAME.clear(), machine().clear(), people([])).is_empty()


def test_where_all_calls_were_heard_the_rate_is_known():
    everything = FRAME["call_id"].to_list()
    row = fault_rates(FRAME, machine(), people(everything, a0="fail")).row(0, named=True)
    assert row["rate"] == row["low"] == row["high"] == pytest.approx(0.05)


def test_the_order_of_rows_changes_no_digit():
    flags, said = machine(a0="fail", b1="fail", b4="fail"), people(HEARD, a0="fail", b2="fail")
    first = fault_rates(FRAME, flags, said, "team")
    assert fault_rates(FRAME.reverse(), flags.reverse(), said.reverse(), "team").equals(first)


def test_critical_faults_are_an_item_of_their_own():
    calls = pl.DataFrame({"call_id": ["a0", "a1", "a2"], "critical": [["no_harsh_language"], [], None]})
    assert critical_verdicts(calls).rows() == [("a0", "critical", "fail"), ("a1", "critical", "pass")]
