from datetime import datetime

import polars as pl
import pytest

from qa_audit.calls.looking import local_time, look_for
from qa_audit.messages import QaError

CALLS = pl.DataFrame(
    [
        ("c1", datetime(2026, 10, 3, 9, 0), "138-0000-1111", "P1", "8001", "王芳"),
        ("c2", datetime(2026, 10, 3, 11, 0), "13900002222", "P2", "8002", "李强"),
        ("c3", None, None, None, "8003", None),
    ],
    {"call_id": pl.String, "start": pl.Datetime("us"), "customer_no": pl.String, "person_id": pl.String,
     "agent_no": pl.String, "agent_name": pl.String},
    orient="row",
)  # fmt: skip


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({}, ["c1", "c2", "c3"]),
        ({"number": "00001111"}, ["c1"]),
        ({"number": "138 0000 1111"}, ["c1"]),
        ({"number": "0000"}, ["c1", "c2"]),
        ({"number": "anonymous"}, []),
        ({"agent": "王芳"}, ["c1"]),
        ({"agent": "8003"}, ["c3"]),
        ({"agent": "P2"}, ["c2"]),
        ({"at": datetime(2026, 10, 3, 9, 50)}, ["c1"]),
        ({"at": datetime(2026, 10, 3, 9, 50), "within_minutes": 90}, ["c1", "c2"]),
        ({"at": datetime(2026, 10, 3, 9, 50), "agent": "李强"}, []),
    ],
)
def test_calls_that_fit_all_that_is_known(known, found):
    assert look_for(CALLS, **known)["call_id"].to_list() == found


def test_times_as_people_write_them():
    assert local_time(" 2026-10-03 09:15:07 ") == datetime(2026, 10, 3, 9, 15, 7)
    assert local_time("2026-10-03") == datetime(2026, 10, 3)
    with pytest.raises(QaError) as error:
        local_time("yesterday")
    assert error.value.code == "find.bad_time"
