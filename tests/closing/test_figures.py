"""Pay figures from real draws and audits, agents with little or nothing to go by among them."""

from datetime import datetime

import polars as pl
import pytest

from qa_audit.audit.actions import GiveVerdict, HandIn, PassRest
from qa_audit.audit.events import append
from qa_audit.audit.scores import sheets_frame
from qa_audit.closing.figures import CALLS, FIGURES, MonthInputs, month_figures
from qa_audit.closing.printed import printed
from qa_audit.closing.scale import PayScale
from qa_audit.estimation.audited import assigned_calls
from qa_audit.estimation.filtered import HISTORY
from qa_audit.estimation.trend import MONTHS
from qa_audit.messages import QaError
from qa_audit.sampling.book import SampleBook
from qa_audit.sampling.design import Design
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
from tests.sampling.made_calls import calls_of, month_of_calls

RUBRIC = load_rubric()
ITEMS = tuple(item.id for item in RUBRIC.items)
FEW = calls_of(
    {"call_id": "one", "person_id": "p1", "agent_name": "仅一通", "start": datetime(2026, 10, 31, 23, 59)},
    {"call_id": "none", "person_id": "p0", "agent_name": "没录音", "recording": None},
)
MONTH = pl.concat([month_of_calls(), FEW])
"""a0, a1 and a2 with forty calls each, p1 with one, p0 with none that has a recording."""


@pytest.fixture
def book(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    made = SampleBook(engine, lambda _month: MONTH)
    drawn = made.draw(made.frame("2026-10", Design(calls_per_agent=6)), "主管")
    made.hand_out(drawn.draw_id, ["李敏", "王芳"], "主管", twice="0")
    yield made
    engine.dispose()


def hear(book, *, without=()):
    """a0 and p1 as they come, a1 always the same; agents in `without` are not heard."""
    agents = dict(MONTH.select("call_id", "person_id").iter_rows())
    rows = assigned_calls(book, "2026-10").sort("call_id").select("call_id", "inspector").rows()
    for place, (call, who) in enumerate(rows):
        if agents[call] in without:
            continue
        fails = ["closing"] if agents[call] != "a1" and place % 2 else []
        for action in (*(GiveVerdict(item, "fail") for item in fails), PassRest(ITEMS), HandIn()):
            append(book.database, call, who, action, RUBRIC)


def inputs(book, **changes):
    judged = pl.when(pl.col("score") < 5).then(pl.lit(["rude"]))
    machine = MONTH.select(
        "call_id",
        "score",
        confidence=pl.lit(None, pl.Float64),
        critical=judged.otherwise(pl.lit([], pl.List(pl.String))),
        audio_sha256="sha256",
        turns=pl.lit(None, pl.String),
        findings=pl.lit(None, pl.String),
    )  # fmt: skip
    assert machine.schema == CALLS
    values = {
        "month": "2026-10",
        "machine": "m",
        "samples": book,
        "calls": machine,
        "sheets": sheets_frame(book.database, RUBRIC),
        "history": pl.DataFrame(schema=HISTORY),
        "earlier": pl.DataFrame(schema=MONTHS),
        "scale": PayScale(),
    }
    return MonthInputs(**{**values, **changes})


def by_agent(figures):
    return {row["agent"].partition(":")[2]: row for row in figures.agents.iter_rows(named=True)}


def test_every_agent_has_a_row_and_a_figure_or_the_reason_why_not(book):
    hear(book, without=["a2"])
    figures = month_figures(inputs(book))
    assert dict(figures.agents.schema) == dict(FIGURES)
    found = by_agent(figures)
    assert list(found) == ["a0", "a1", "a2", "p0", "p1"]
    assert {name: (row["calls"], row["heard"], row["reason"]) for name, row in found.items()} == {
        "a0": (40, 6, None),
        "a1": (40, 6, None),
        "a2": (40, 0, "no_audits"),
        "p0": (0, 0, "no_calls"),
        "p1": (1, 1, None),
    }
    assert all(found[name]["estimate"] is None for name in ("a2", "p0"))
    assert all(found[name]["pay_yuan"] is None for name in ("a2", "p0"))
    assert figures.department["agents"] == 4


def test_one_call_that_was_heard_is_the_month_itself(book):
    hear(book)
    one = by_agent(month_figures(inputs(book)))["p1"]
    assert (one["low"], one["high"], one["half_width"]) == (one["estimate"], one["estimate"], 0.0)
    assert one["grade_open"] == []


def test_audits_that_all_agree_still_have_an_interval(book):
    hear(book)
    same = by_agent(month_figures(inputs(book)))["a1"]
    assert same["reason"] is None
    assert same["half_width"] > 0


def test_critical_faults_are_a_rate_beside_the_mean(book):
    hear(book)
    figures = month_figures(inputs(book))
    found = by_agent(figures)["a0"]
    # Of a0's forty calls the machine calls two critical; nobody who heard six of them did.
    assert (found["critical_heard"], found["critical_rate"] <= 0.05) == (0, True)
    assert found["critical_low"] <= found["critical_rate"] <= found["critical_high"]
    assert figures.critical["calls"] == 121
    without = inputs(book).calls.with_columns(critical=pl.lit([], pl.List(pl.String)))
    again = by_agent(month_figures(inputs(book, calls=without)))["a0"]
    assert again["estimate"] == found["estimate"]


def test_the_department_s_rate_of_critical_faults_knows_that_unheard_agents_differ(book):
    hear(book, without=["a2"])
    severe = pl.col("call_id").is_in(MONTH.filter(person_id="a0")["call_id"].to_list())
    found = sheets_frame(book.database, RUBRIC).with_columns(
        ruled_critical=pl.when(severe).then(pl.lit(["rude"])).otherwise("ruled_critical")
    )
    rows = [month_figures(inputs(book, sheets=found, method=method)).critical for method in (1, 2)]
    assert [(row["heard_judged"], row["heard_faults"]) for row in rows] == [(13, 6)] * 2
    assert rows[0]["rate"] == rows[1]["rate"] > 0.4
    assert rows[1]["low"] < rows[0]["low"] - 0.1
    assert rows[1]["high"] > rows[0]["high"] + 0.1


def test_rows_in_another_order_give_the_same_digits(book):
    hear(book)
    given = inputs(book)
    mixed = inputs(
        book, calls=given.calls.sample(fraction=1, shuffle=True, seed=3), sheets=given.sheets.reverse()
    )
    assert printed(month_figures(mixed)) == printed(month_figures(given))


def test_the_agents_own_months_before_move_the_figure_and_draw_the_chart(book):
    hear(book)
    alone = month_figures(inputs(book))
    before = pl.concat(
        [alone.history.with_columns(month=pl.lit(f"2026-{at:02d}"), bias=pl.lit(0.0)) for at in (8, 9)]
    )
    charts = pl.concat(
        [alone.trend.with_columns(month=pl.lit(f"2026-{at:02d}"), estimate=pl.lit(20.0)) for at in (7, 8, 9)]
    )
    found = by_agent(month_figures(inputs(book, history=before, earlier=charts)))["a0"]
    first = by_agent(alone)["a0"]
    assert (first["months"], found["months"]) == (1, 3)
    assert abs(found["correction"]) < abs(first["correction"])
    assert found["alone"] == first["alone"]
    assert (first["centre"], found["centre"], found["signal"]) == (None, pytest.approx(20.0), "above")


def test_the_funnel_is_about_the_department(book):
    hear(book)
    figures = month_figures(inputs(book))
    found, centre = by_agent(figures)["a0"], figures.department["estimate"]
    limits = [found["outer_low"], found["inner_low"], centre, found["inner_high"], found["outer_high"]]
    assert limits == sorted(limits)


def test_a_month_without_a_draw_has_no_figures(tmp_path):
    engine = open_database(tmp_path / "other.db")
    with pytest.raises(QaError) as error:
        month_figures(inputs(SampleBook(engine, lambda _month: MONTH)))
    assert error.value.code == "audited.no_draw"
    engine.dispose()
