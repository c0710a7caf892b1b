"""Deadlines are those of the centre's clocks, wherever the server stands."""

import time
from datetime import UTC, datetime

import pytest

from qa_audit.audit.appeal import Appeal
from qa_audit.messages import speaking
from qa_audit.scoring import load_rubric
from qa_audit.shown.appeals import appeal_text, shown_appeals

FILED = datetime(2026, 10, 31, 4, tzinfo=UTC)
REPLY, DECIDE = datetime(2026, 11, 3, 16, 30, tzinfo=UTC), datetime(2026, 11, 7, 4, tzinfo=UTC)
OPEN = Appeal(3, "c1", "closing", 61.5, "我说了再见", "张三", FILED, ("李敏",), None, REPLY, DECIDE, ())


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def _server(monkeypatch, request):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_server")
def test_the_next_step_is_due_in_beijing_time():
    with speaking("zh"):
        [row] = shown_appeals([OPEN], load_rubric(), "zh", FILED).rows
        assert row[6] == "2026-11-04 00:30"
        assert appeal_text(OPEN, load_rubric()) == (
            "第 3 号申诉：c1，项目 结束语，待答复。\n答复期限 2026-11-04 00:30，裁决期限 2026-11-07 12:00。"
        )
