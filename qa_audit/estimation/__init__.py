"""From findings to the scores of a month."""

from qa_audit.estimation.month import (
    agent_month,
    calls_of_month,
    department_month,
    findings_of,
    item_month,
    month_of,
    team_month,
)

__all__ = [
    "agent_month",
    "calls_of_month",
    "department_month",
    "findings_of",
    "item_month",
    "month_of",
    "team_month",
]
