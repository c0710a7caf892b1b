"""Complaints and the list of vexatious callers in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa_audit.estimation.frames import local_time
from qa_audit.messages import say
from qa_audit.shown.audited import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from qa_audit.audit.complaints import Complaint, ComplaintStep
    from qa_audit.audit.vexatious import Listing


def complaint_json(one: Complaint) -> dict[str, Any]:
    """A complaint as JSON; times in ISO 8601, UTC."""
    return {
        "complaint": one.complaint_id,
        "state": one.state,
        "outcome": one.decision.outcome if one.decision else None,
        "customer_no": one.customer_no,
        "text": one.text,
        "who": one.who,
        "opened_at": one.opened_at.isoformat(),
        "calls": list(one.calls),
        "steps": [_step_json(step) for step in one.steps],
    }


def complaint_text(one: Complaint) -> str:
    """A complaint with everything that was done about it."""
    head = say(
        "complaints.stands",
        complaint=one.complaint_id,
        number=one.customer_no or "–",
        state=_state(one),
        text=one.text,
    )
    return "\n".join([head, *(f"  {_step_text(step)}" for step in one.steps)])


def shown_complaints(found: Iterable[Complaint]) -> Shown:
    """Complaints as a table, in their order."""
    rows = [
        (
            one.complaint_id,
            _day(one.opened_at),
            one.customer_no or "–",
            ", ".join(one.calls) or "–",
            _state(one),
            one.who,
            one.text,
        )
        for one in found
    ]
    columns = ("complaint", "opened", "number", "calls", "state", "who", "text")
    return Shown([say(f"complaints.column.{name}") for name in columns], rows, (0,))


def listing_json(one: Listing) -> dict[str, Any]:
    """An entry of the list as JSON."""
    return {"number": one.customer_no, "who": one.who, "reason": one.reason, "at": one.at.isoformat()}


def shown_listings(found: Iterable[Listing]) -> Shown:
    """The list of vexatious callers as a table."""
    rows = [(one.customer_no, _day(one.at), one.who, one.reason) for one in found]
    columns = ("number", "listed", "who", "reason")
    return Shown([say(f"complaints.column.{name}") for name in columns], rows, ())


def _state(one: Complaint) -> str:
    words = say(f"complaints.state.{one.state}")
    if one.decision is None or one.decision.outcome is None:
        return words
    return say(
        "complaints.with_outcome", state=words, outcome=say(f"complaints.outcomes.{one.decision.outcome}")
    )


def _step_text(step: ComplaintStep) -> str:
    where = "" if step.call_id is None else f" {step.call_id}"
    where += "" if step.at_s is None else f"@{step.at_s:g}"
    where += "".join(f" {place.call_id}@{place.at_s:g}" for place in step.evidence)
    what = say(f"complaints.step.{step.kind}")
    return say("complaints.step_line", day=_day(step.at), what=what + where, who=step.who, text=step.text)


def _step_json(step: ComplaintStep) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": step.kind, "who": step.who, "at": step.at.isoformat(), "text": step.text}
    if step.call_id is not None:
        told["call_id"] = step.call_id
    if step.at_s is not None:
        told["at_s"] = step.at_s
    if step.outcome is not None:
        told |= {"outcome": step.outcome, "evidence": [list(place) for place in step.evidence]}
    return told


def _day(moment: datetime) -> str:
    return f"{local_time(moment):%Y-%m-%d %H:%M}"
