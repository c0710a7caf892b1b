from datetime import datetime

import polars as pl

from qa_audit.estimation.agent_names import agent_names


def test_the_last_number_and_name_by_key():
    calls = pl.DataFrame(
        [
            ("c2", datetime(2026, 10, 2), "P1", "8002", "张三"),
            ("c1", datetime(2026, 10, 1), "P1", "8001", "张三"),
            ("c3", datetime(2026, 10, 3), None, "9001", None),
            ("c4", datetime(2026, 10, 4), "P2", None, None),
            ("c5", datetime(2026, 10, 5), None, None, None),
        ],
        {
            "call_id": pl.String,
            "start": pl.Datetime("us"),
            **dict.fromkeys(("person_id", "agent_no", "agent_name"), pl.String),
        },
        orient="row",
    )
    assert agent_names(calls) == {"person:P1": "8002 张三", "number:9001": "9001", "person:P2": "P2"}
