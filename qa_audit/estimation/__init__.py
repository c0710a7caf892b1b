"""From findings and audits to the scores of a month."""

from qa_audit.estimation.agreement import item_agreement
from qa_audit.estimation.bands import GRADES, Bands, band_note, with_bands
from qa_audit.estimation.difference import MonthEstimate, estimate_month, past_biases
from qa_audit.estimation.filtered import PayEstimate, history_rows, pay_figures
from qa_audit.estimation.funnel import funnel_curve, with_funnel
from qa_audit.estimation.groups import department_estimate, team_estimates
from qa_audit.estimation.inspectors import icc_agreement, inspector_offsets
from qa_audit.estimation.month import (
    agent_month,
    calls_of_month,
    department_month,
    findings_of,
    item_month,
    month_of,
    team_month,
)
from qa_audit.estimation.rates import critical_verdicts, fault_rates
from qa_audit.estimation.rule_quality import audits_needed, rule_quality
from qa_audit.estimation.trend import with_control_limits

__all__ = [
    "GRADES",
    "Bands",
    "MonthEstimate",
    "PayEstimate",
    "agent_month",
    "audits_needed",
    "band_note",
    "calls_of_month",
    "critical_verdicts",
    "department_estimate",
    "department_month",
    "estimate_month",
    "fault_rates",
    "findings_of",
    "funnel_curve",
    "history_rows",
    "icc_agreement",
    "inspector_offsets",
    "item_agreement",
    "item_month",
    "month_of",
    "past_biases",
    "pay_figures",
    "rule_quality",
    "team_estimates",
    "team_month",
    "with_bands",
    "with_control_limits",
    "with_funnel",
]
