import math

import polars as pl
import pytest

from qa_audit.estimation.trend import MONTHS, with_control_limits


def months(*estimates: float | None, key: str = "a", variance: float = 4.0) -> pl.DataFrame:
    rows = [(key, f"2026-{at:02d}", one, variance) for at, one in enumerate(estimates, start=1)]
    return pl.DataFrame(rows, schema=MONTHS, orient="row")


def test_limits_come_from_the_months_before():
    row = with_control_limits(months(80.0, 82.0, 84.0, 75.0)).row(3, named=True)
    assert row["centre"] == 82.0
    reach = 3 * math.sqrt(4 + 4 / 3)
    assert (row["control_low"], row["control_high"]) == pytest.approx((82 - reach, 82 + reach))
    assert row["signal"] == "below"


def test_three_months_are_needed_and_empty_ones_do_not_count():
    rows = with_control_limits(months(80.0, None, 82.0, 84.0, 90.0))
    assert rows["centre"].to_list() == [None, None, None, None, 82.0]
    assert rows["signal"].to_list() == [None, None, None, None, "above"]


def test_eight_months_on_one_side_are_a_signal():
    rows = with_control_limits(months(80.0, 80.0, 80.0, *[81.0] * 9))
    assert rows["signal"].to_list() == [None] * 10 + ["run_above"] * 2


def test_a_closed_months_limits_never_change():
    first = with_control_limits(months(80.0, 82.0, 84.0, 81.0))
    assert with_control_limits(months(80.0, 82.0, 84.0, 81.0, 10.0)).head(4).equals(first)


def test_keys_stand_apart():
    both = pl.concat([months(80.0, 82.0, 84.0, 82.0, key="b"), months(50.0, 50.0, 50.0, 50.0)])
    assert with_control_limits(both)["centre"].drop_nulls().to_list() == [50.0, 82.0]
