"""Appeals in words and as JSON: for a terminal, a script, a notebook."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qa_audit.estimation.frames import local_time
from qa_audit.estimation.rounding import rounded
from qa_audit.messages import language, say
from qa_audit.shown.audited import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.audit.appeal import Appeal, AppealStep
    from qa_audit.messages import Language
    from qa_audit.scoring.rubric import Rubric

_COLUMNS = ("appeal", "call", "item", "at", "who", "state", "due", "late")


def appeal_json(one: Appeal, now: datetime | None = None) -> dict[str, Any]:
    """An appeal as JSON; times in ISO 8601, UTC."""
    return {
        "appeal": one.appeal_id,
        "call_id": one.call_id,
        "item": one.item,
        "at_s": one.at_s,
        "state": one.state,
        "open": one.is_open,
        "late": list(one.late(now or datetime.now(UTC))),
        "who": one.who,
        "text": one.text,
        "filed_at": one.filed_at.isoformat(),
        "first_inspectors": list(one.first_inspectors),
        "reply_by": one.reply_by.isoformat(),
        "decide_by": one.decide_by.isoformat(),
        "steps": [_step_json(step) for step in one.steps],
    }


def appeal_text(one: Appeal, rubric: Rubric) -> str:
    """How an appeal stands, after something was done about it."""
    lines = [
        say(
            "appeals.stands",
            appeal=one.appeal_id,
            call_id=one.call_id,
            item=rubric.name_of(one.item, language()),
            state=say(f"appeals.state.{one.state}"),
        )
    ]
    if one.steps and one.steps[-1].kind == "added":
        lines.append(say("appeals.joined", who=one.who))
    if one.is_open:
        lines.append(say("appeals.due", reply=_day(one.reply_by), decide=_day(one.decide_by)))
    for who, change in ((one.decision.scores if one.decision else None) or {}).items():
        lines.append(say("appeals.scores", who=who, before=_score(change.before), after=_score(change.after)))
    return "\n".join(lines)


def shown_appeals(
    found: Iterable[Appeal], rubric: Rubric, lang: Language, now: datetime | None = None
) -> Shown:
    """Appeals as a table, in their order; `due` is the day of the next step."""
    moment = now or datetime.now(UTC)
    rows = [
        (
            one.appeal_id,
            one.call_id,
            rubric.name_of(one.item, lang),
            "–" if one.at_s is None else f"{int(one.at_s) // 60:02d}:{int(one.at_s) % 60:02d}",
            one.who,
            say(f"appeals.state.{one.state}"),
            _day(one.reply_by if one.state == "filed" else one.decide_by) if one.is_open else "",
            say("run.list_comma").join(say(f"appeals.late.{step}") for step in one.late(moment)),
        )
        for one in found
    ]
    return Shown([say(f"appeals.column.{name}") for name in _COLUMNS], rows, (0, 3))


def _step_json(step: AppealStep) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": step.kind, "who": step.who, "at": step.at.isoformat(), "text": step.text}
    if step.at_s is not None:
        told["at_s"] = step.at_s
    if step.outcome is not None:
        told["outcome"] = step.outcome
        told["scores"] = {who: list(change) for who, change in (step.scores or {}).items()}
    return told


def _day(moment: datetime) -> str:
    return f"{local_time(moment):%Y-%m-%d %H:%M}"


def _score(value: float | None) -> str:
    return "–" if value is None else f"{rounded(value, 1):.1f}"
