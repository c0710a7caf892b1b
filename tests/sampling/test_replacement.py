import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.messages import QaError
from qa_audit.sampling.design import Design
from qa_audit.sampling.drawing import draw
from qa_audit.sampling.frame import make_frame
from qa_audit.sampling.replacement import replacement
from tests.sampling.made_calls import calls_of, month_of_calls

SIX = calls_of(*({"call_id": f"A{n}"} for n in range(1, 7)))


def test_the_next_ticket_follows():
    tickets = draw(make_frame(SIX, "2026-10", Design(calls_per_agent=2)), "seed")  # A3 A5 | A2 A4 A1 A6
    assert replacement(tickets, "A3", {"A3", "A5"}) == "A2"
    assert replacement(tickets, "A5", {"A3", "A5", "A2"}) == "A4"
    assert replacement(tickets, "A2", {"A3", "A5", "A2", "A4"}) == "A1"
    assert replacement(tickets, "A5", {f"A{n}" for n in range(1, 7)}) is None


@pytest.mark.parametrize("call", ["A6", "B1"])
def test_only_calls_of_the_draw_are_replaced(call):
    tickets = draw(make_frame(SIX, "2026-10", Design(calls_per_agent=2)), "seed")
    with pytest.raises(QaError) as error:
        replacement(tickets, call, {"A3", "A5"})
    assert error.value.code == "sampling.not_in_draw"


@given(st.text(max_size=3), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_a_replacement_is_never_a_drawn_call_and_stays_in_its_stratum(seed, chance):
    tickets = draw(make_frame(month_of_calls(2, 14), "2026-10", Design()), seed)
    where = {row["call_id"]: (row["agent"], row["stratum"]) for row in tickets.iter_rows(named=True)}
    used = set(tickets.filter("drawn")["call_id"])
    for _ in range(8):
        call = chance.choice(sorted(used))
        following = replacement(tickets, call, used)
        rest = tickets.filter(
            pl.col("agent") == where[call][0],
            pl.col("stratum") == where[call][1],
            ~pl.col("call_id").is_in(list(used)),
        )
        if following is None:
            assert rest.is_empty()
            continue
        assert following not in used
        assert following == rest.sort("ticket")["call_id"][0]
        used.add(following)
