from collections.abc import Callable
from datetime import datetime

import polars as pl

from qa_audit.reports.context import ReportContext
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.registers import COACHING, FAULT_REGISTER
from qa_audit.reports.sheets import all_tables

Month = tuple[pl.DataFrame, pl.DataFrame]
MakeContext = Callable[..., ReportContext]


def names(*given: object) -> list[str]:
    return [table.name for table in all_tables(*given)]  # type: ignore[arg-type]


def test_what_a_machine_alone_tells_is_five_sheets(by_hand: Month, make_context: MakeContext) -> None:
    assert names(*by_hand, make_context()) == ["班组", "员工", "项目", "明细", "问题清单"]


def test_a_register_with_rows_stands_between_items_and_calls(
    by_hand: Month, make_context: MakeContext
) -> None:
    fault = dict.fromkeys(FAULT_REGISTER) | {"call_id": "20261003-001", "item": "closing", "start_s": 61.9}
    coached = dict.fromkeys(COACHING) | {"agent_no": "0012", "item": "closing"}
    coached |= {"coached_at": datetime(2026, 10, 9)}
    figures = MonthFigures(
        faults=pl.DataFrame([fault], FAULT_REGISTER),
        coaching=pl.DataFrame([coached], COACHING),
        appeals=pl.DataFrame(),
    )
    assert names(*by_hand, make_context(), figures) == [
        *("班组", "员工", "项目"),
        *("工差", "辅导"),
        *("明细", "问题清单"),
    ]
