from datetime import datetime, timedelta

import polars as pl

COLUMNS = {
    "call_id": pl.String,
    "recording": pl.String,
    "sha256": pl.String,
    "start": pl.Datetime("us"),
    "agent_no": pl.String,
    "person_id": pl.String,
    "agent_name": pl.String,
    "team": pl.String,
    "duration_s": pl.Float64,
    "score": pl.Float64,
}


def calls_of(*rows):
    """Calls as `Workspace.calls` gives them; what a row does not say is that of a plain call."""
    plain = {"recording": "/a.wav", "sha256": "ab" * 32, "start": datetime(2026, 10, 5, 9), "score": 80.0}
    plain |= {"person_id": "P1", "agent_no": "8001", "agent_name": "王芳", "team": "一班", "duration_s": 60.0}
    return pl.DataFrame([plain | row for row in rows], COLUMNS)


def month_of_calls(agents=3, calls=40, month=10):
    """Calls of a month, agents a0, a1, … in teams 一班 and 二班; scores 0 to 99, none twice for an agent."""
    rows = [
        {
            "call_id": f"{month}-{agent:02d}-{number:03d}",
            "person_id": f"a{agent}",
            "agent_no": str(8000 + agent),
            "agent_name": f"员工{agent}",
            "team": "一班" if agent % 2 == 0 else "二班",
            "start": datetime(2026, month, 1, 8) + timedelta(hours=12 * number),
            "score": float((number * 37 + agent * 11) % 100),
        }
        for agent in range(agents)
        for number in range(calls)
    ]
    return calls_of(*rows)
