import polars as pl

from qa_audit.estimation.month import agent_month
from qa_audit.estimation.rule_quality import QUALITY
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.script_frames import frames_for_scripts

Month = tuple[pl.DataFrame, pl.DataFrame]


def frames(month: Month, figures: MonthFigures) -> dict[str, pl.DataFrame]:
    return frames_for_scripts(*month, figures, agent_month(*month))


def test_what_a_machine_alone_tells_is_five_frames(by_hand: Month) -> None:
    found = frames(by_hand, MonthFigures())
    assert {name: frame.height for name, frame in found.items()} == {
        "calls": 4,
        "findings": 7,
        "agents": 3,
        "teams": 3,
        "items": 7,
    }
    assert found["calls"] is by_hand[0]
    assert found["teams"].columns[:4] == ["team", "agents", "calls", "scored"]


def test_what_people_found_is_added_and_empty_frames_are_not(by_hand: Month) -> None:
    quality = pl.DataFrame([dict.fromkeys(QUALITY) | {"item": "closing"}], QUALITY)
    found = frames(by_hand, MonthFigures(quality=quality, rates_of_agents=pl.DataFrame(schema=QUALITY)))
    assert list(found) == ["calls", "findings", "agents", "teams", "items", "rules"]
    assert found["rules"] is quality
