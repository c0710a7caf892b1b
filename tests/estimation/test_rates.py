import polars as pl
import pytest

from qa_audit.estimation.intervals import clopper_pearson, t_quantile
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


def test_calls_drawn_with_different_chances_weigh_as_many_as_they_stand_for():
    # Two of a's ten calls and five of b's: they stand for 5 and 2 calls each.
    chances = {"a": 0.2, "b": 0.5}
    faults = dict.fromkeys(("a0", "b2", "b4"), "fail")
    said = people(["a0", "a5", *HEARD[5:]], **faults).with_columns(
        probability=pl.col("call_id").str.slice(0, 1).replace_strict(chances)
    )
    flags = dict.fromkeys(("a0", "a1", "b2", "b3", "b6"), "fail")
    row = fault_rates(FRAME, machine(**flags), said).row(0, named=True)
    # λ = (7 − 20 · 0.45²) / (9 − 20 · 0.45²); 5 of the machine's 20 faults, and what people find beside them.
    slope = 2.95 / 4.95
    rate = slope * 5 / 20 + ((1 - slope) / 2 + (2 - 2 * slope) / 5) / 2
    assert row["rate"] == pytest.approx(rate)
    beside_a, beside_b = [1 - slope, 0], [0, 1 - slope, 1, -slope, 0]
    within = sum((one - sum(some) / len(some)) ** 2 for some in (beside_a, beside_b) for one in some) / 5
    variance = within * (0.5**2 * (1 - 0.2) / 2 + 0.5**2 * (1 - 0.5) / 5)
    trials = rate * (1 - rate) / variance * (t_quantile(6) / t_quantile(5)) ** 2
    assert (row["low"], row["high"]) == pytest.approx(clopper_pearson(rate * trials, trials), abs=1e-9)
    # Where the machine is right of all that was heard: (Σw)²/Σw² calls drawn with equal chances.
    row = fault_rates(FRAME, machine(**faults), said).row(0, named=True)
    trials = 20**2 / (2 * 5**2 + 5 * 2**2)
    assert (row["low"], row["high"]) == pytest.approx(clopper_pearson(0.15 * trials, trials), abs=1e-9)


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


# Four agents with ten calls each, of whom the fourth is not heard, and of the others every other call.
FOUR = frame_of(*((f"{agent}{n}", agent, "rest", 80.0) for agent in "abcd" for n in range(10)), team="一班")
OF_THREE = [f"{agent}{n}" for agent in "abc" for n in range(0, 10, 2)]
NONE = machine().clear()


def test_an_agent_nobody_heard_may_fail_as_differently_as_the_others_do():
    said = people(OF_THREE, b0="fail", **dict.fromkeys(("c0", "c2", "c4", "c6", "c8"), "fail"))
    first, second = (fault_rates(FOUR, NONE, said, method=method).row(0, named=True) for method in (1, 2))
    assert (first["rate"], second["rate"]) == (pytest.approx(0.4), pytest.approx(0.4))
    # Of calls heard 0, 1 and 5 of 5 are at fault: within agents their variance is 0.8 / 12, so that six of
    # fifteen are worth as many calls as were heard.
    assert (first["low"], first["high"]) == pytest.approx(clopper_pearson(6, 15), abs=1e-12)
    # Agents' means differ by 0.28, of which 0.1 · 0.8 / 12 comes from hearing half of their calls.
    within, raw, noise = 0.8 / 12 * 0.1 / 3, 0.28 / 12, 0.1 * 0.8 / 12 / 12
    variance = within + raw - noise
    df = variance**2 / (within**2 / 12 + raw**2 / 2)
    trials = 0.24 / variance * (t_quantile(14) / t_quantile(df)) ** 2
    assert trials == pytest.approx(3.0308, abs=1e-4)
    limits = clopper_pearson(0.4 * trials, trials)
    assert (second["low"], second["high"]) == pytest.approx(limits, abs=1e-12)


def test_where_all_agents_were_heard_both_methods_give_the_same_digits():
    said = people(HEARD, a0="fail", b2="fail", b4="not_applicable")
    for by in ("department", "team", "agent"):
        first, second = (fault_rates(FRAME, machine(a0="fail"), said, by, method=method) for method in (1, 2))
        assert first.equals(second)
        assert second["low"].null_count() == 0


def test_a_team_learns_from_others_how_agents_differ_and_from_nobody_that_they_do_not():
    alone = frame_of(
        *((f"{agent}{n}", agent, "rest", 80.0) for agent in "ef" for n in range(10)), team="二班"
    )
    said = people([*OF_THREE, *(f"e{n}" for n in range(0, 10, 2))], c0="fail", c2="fail", e0="fail")
    [row] = fault_rates(alone, NONE, said, "team").rows(named=True)
    assert (row["rate"], row["low"], row["high"], row["reason"]) == (
        pytest.approx(0.2),
        None,
        None,
        "no_spread",
    )
    [known] = fault_rates(alone, NONE, said, "team", method=1).rows(named=True)
    assert (known["low"], known["high"]) == pytest.approx(clopper_pearson(1, 5), abs=1e-12)
    both = fault_rates(pl.concat([FOUR, alone]), NONE, said, "team").filter(group="二班").row(0, named=True)
    assert (both["reason"], both["rate"]) == (None, pytest.approx(0.2))
    # Means of the first team, 0, 0 and 2 of 5, have variance 0.16 / 3, where R (1 − R) is 2/15 · 13/15; here
    # it is 0.16. Calls of one agent have (1.2 + 0.8) / 16. The one heard agent stands for both: G = 1/2.
    factor = 0.16 / ((3 * 26 / 225 + 0.16) / 4)
    within, raw, noise = 0.1 * 0.8 / 4, factor / 2 * 0.16 / 3, factor / 2 * 0.1 * 2 / 16
    variance = within + raw - noise
    df = variance**2 / (within**2 / 4 + raw**2 / 2)
    trials = 0.16 / variance * (t_quantile(4) / t_quantile(df)) ** 2
    assert trials == pytest.approx(2.7982, abs=1e-4)
    limits = clopper_pearson(0.2 * trials, trials)
    assert (both["low"], both["high"]) == pytest.approx(limits, abs=1e-12)
    assert both["high"] - both["low"] > known["high"] - known["low"]


def test_where_no_fault_was_found_the_calls_heard_say_how_many_there_may_be():
    first, second = (
        fault_rates(FOUR, NONE, people(OF_THREE), method=method).row(0, named=True) for method in (1, 2)
    )
    assert first == second
    assert (second["low"], second["high"]) == pytest.approx(clopper_pearson(0, 15), abs=1e-12)
