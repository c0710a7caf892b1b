"""Who may read and add what: one table, from which PostgreSQL's rules are made and by which Python checks.

Conditions are SQL over the functions of `role_sql`: `qa_me()` is the name of whoever is logged in,
`qa_own_call` tells calls that they took, `qa_handed_in` calls that they have judged and handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal["inspector", "trainer", "team_leader", "supervisor", "agent", "batch"]
ROLES: tuple[Role, ...] = get_args(Role)

Some = frozenset[str]
_STAFF: Some = frozenset(ROLES) - {"agent"}
_ALL: Some = frozenset(ROLES)
_NOBODY: Some = frozenset()
_PEOPLE = _STAFF - {"batch"}
_LEADERS: Some = frozenset({"team_leader", "supervisor"})
_TEACHERS = _LEADERS | {"trainer"}
_SUPERVISOR: Some = frozenset({"supervisor"})
_MACHINE: Some = frozenset({"batch", "supervisor"})

SEES_COLLEAGUES = _STAFF - {"inspector"}
"""Who may read verdicts of others at any time; an inspector only of calls they handed in themselves."""

OWN_NUMBER = "qa_own_call(call_id)"
_NOT_OWN = "NOT qa_took_call(call_id)"
_NOW = "abs(extract(epoch FROM at - timezone('UTC', now()))) < 600"


@dataclass(frozen=True, slots=True)
class Rights:
    """What is allowed with one table. Nothing else is; owners of the database are not bound by it."""

    read: Some
    add: Some = _NOBODY
    change: Some = _NOBODY
    """Update and delete: what is imported, and what is known of work under way."""
    remove: Some = _NOBODY
    """Delete alone."""
    empty: Some = _NOBODY
    """Put `salted.ERASED` in place of `text`, and change nothing else."""
    named: str | None = "who"
    """The column that must hold the writer's own name; None where rows name nobody."""
    seen: Mapping[str, str] = field(default_factory=dict)
    """By role: the rows that it may read, where not all."""
    added: Mapping[str, str] = field(default_factory=dict)
    """By role, "" for all: what must be true of a new row."""


def _imported(read: Some = _STAFF, seen: Mapping[str, str] | None = None) -> Rights:
    return Rights(read, _MACHINE, _MACHINE, named=None, seen=seen or {})


_OF_OWN_CALL = "EXISTS (SELECT FROM calls c WHERE c.sha256 = {table}.sha256)"
_AGENTS_APPEAL = "EXISTS (SELECT FROM appeals a WHERE a.appeal_id = {table}.appeal_id)"
_NOT_FIRST = (
    "kind NOT IN ('reply', 'decision') OR NOT EXISTS (SELECT FROM appeals a WHERE a.appeal_id ="
    " appeal_steps.appeal_id AND (a.who = qa_me() OR jsonb_exists(a.first_inspectors::jsonb, qa_me())"
    " OR qa_took_call(a.call_id) OR qa_failed(a.call_id, a.item)))"
)


_OF_DISPUTES = {"appeals": "appeal_id", "appeal_steps": "step_id", "rulings": "ruling_id"}
_OF_COMPLAINTS = {
    "complaints": "complaint_id",
    "complaint_steps": "step_id",
    "vexatious_events": "event_id",
}
_WROTE = " AND d.who = qa_me()"
_RULED = " AND jsonb_exists(d.by::jsonb, qa_me())"


def _words_of(keys: Mapping[str, str], *, own: bool) -> str:
    """Words of rows of these tables that whoever asks may read (`own`: that they wrote)."""
    rows = "(source = '{}' AND EXISTS (SELECT FROM {} d WHERE d.{} = row_id{}))"
    wrote = {one: "" if not own else _RULED if one == "rulings" else _WROTE for one in keys}
    return " OR ".join(rows.format(one, one, key, wrote[one]) for one, key in keys.items())


CHAINED: Mapping[str, str] = {
    **{"audit_events": "event_id", "erasures": "erasure_id", "decision_erasures": "decision_erasure_id"},
    **(_OF_DISPUTES | _OF_COMPLAINTS),
    **{"confirmations": "confirmation_id", "closings": "closing_id", "role_events": "role_event_id"},
    **{"closing_erasures": "closing_erasure_id", "recording_events": "recording_event_id"},
    **{"hold_events": "hold_event_id", "rule_status_events": "rule_status_event_id"},
    "rubric_uses": "rubric_use_id",
}
"""Tables whose rows are links of the chain, each with its number."""

RIGHTS: Mapping[str, Rights] = {
    "schema_version": Rights(_ALL, named=None),
    "role_events": Rights(
        _ALL, _SUPERVISOR, seen=dict.fromkeys(("inspector", "trainer", "agent"), "login = session_user")
    ),
    **dict.fromkeys(("imports", "call_changes"), _imported()),
    **dict.fromkeys(("folders", "fixed"), _imported(_ALL)),
    **{
        table: _imported(_ALL, seen={"agent": _OF_OWN_CALL.format(table=table)})
        for table in ("recordings", "recording_files", "jobs")
    },
    "roster": _imported(
        _ALL, seen={"agent": "ARRAY[person_id, new_no, old_no] && ARRAY(SELECT qa_numbers())"}
    ),
    "calls": _imported(_ALL, seen={"agent": OWN_NUMBER}),
    "audit_events": Rights(
        _ALL,
        _PEOPLE,
        seen={
            "inspector": "who = qa_me() OR qa_handed_in(call_id, qa_me())",
            "agent": f"{OWN_NUMBER} AND qa_handed_in(call_id, who)",
        },
        added={"": f"{_NOT_OWN} AND {_NOW}"},
    ),
    "audit_words": Rights(
        _ALL,
        _PEOPLE,
        remove=_SUPERVISOR,
        named=None,
        seen=dict.fromkeys(
            ("inspector", "agent"),
            "EXISTS (SELECT FROM audit_events e WHERE e.event_id = audit_words.event_id)",
        ),
        added={
            "": "EXISTS (SELECT FROM audit_events e"
            " WHERE e.event_id = audit_words.event_id AND e.who = qa_me())"
        },
    ),
    "erasures": Rights(_STAFF, _SUPERVISOR),
    "chain": Rights(
        _ALL,
        _ALL,
        named=None,
        added={"": "qa_follows(place, head, source, row_id, digest) AND qa_linked(source, row_id)"},
    ),
    "plays": Rights(_ALL, _ALL, remove=_SUPERVISOR, seen={"agent": OWN_NUMBER}),
    "seed_commitments": Rights(_STAFF, _PEOPLE),
    "sample_frames": Rights(_STAFF, _LEADERS),
    "draws": Rights(_STAFF, _LEADERS),
    "tickets": Rights(_STAFF, _PEOPLE, named=None),
    "replacements": Rights(_STAFF, _PEOPLE),
    "hand_outs": Rights(_STAFF, _LEADERS),
    "assignments": Rights(_STAFF, _LEADERS, named=None),
    "draw_locks": Rights(_STAFF, _LEADERS),
    "confirmations": Rights(
        _ALL, _LEADERS, seen={"agent": "split_part(agent, ':', 2) IN (SELECT qa_numbers())"}
    ),
    "closings": Rights(_STAFF, _SUPERVISOR),
    # Whoever reads a score must know which rules it goes by.
    "rule_status_events": Rights(_ALL, _SUPERVISOR, added={"": _NOW}),
    "rubric_uses": Rights(_STAFF, _STAFF, added={"": _NOW}),
    "closing_files": Rights(_STAFF - {"inspector", "trainer"}, _SUPERVISOR, remove=_SUPERVISOR, named=None),
    "closing_erasures": Rights(_STAFF, _SUPERVISOR),
    "appeals": Rights(
        _ALL,
        _ALL - {"batch"},
        seen={"agent": OWN_NUMBER},
        added={
            "agent": OWN_NUMBER,
            "": "NOT qa_left_out(call_id, item, first_inspectors::jsonb)",
        },
    ),
    "appeal_steps": Rights(
        _ALL,
        _ALL - {"batch"},
        seen={"agent": _AGENTS_APPEAL.format(table="appeal_steps")},
        added={
            "agent": "kind IN ('added', 'withdrawal') AND " + _AGENTS_APPEAL.format(table="appeal_steps"),
            "inspector": "kind <> 'decision'",
            "": _NOT_FIRST,
        },
    ),
    "rulings": Rights(
        _ALL,
        _PEOPLE,
        named=None,
        seen={"agent": OWN_NUMBER},
        added={"": "jsonb_exists(by::jsonb, qa_me())", "inspector": "source = 'adjudication'"},
    ),
    "decision_words": Rights(
        _ALL,
        _ALL - {"batch"},
        remove=_SUPERVISOR,
        named=None,
        seen={"agent": _words_of(_OF_DISPUTES, own=False)},
        added={
            "agent": _words_of(_OF_DISPUTES, own=True),
            **dict.fromkeys(_PEOPLE, _words_of(_OF_DISPUTES | _OF_COMPLAINTS, own=True)),
        },
    ),
    "decision_erasures": Rights(_STAFF, _SUPERVISOR),
    "fault_clips": Rights(_STAFF, _PEOPLE, named=None),
    "coachings": Rights(_STAFF, _TEACHERS, empty=_SUPERVISOR),
    "praises": Rights(_STAFF, _PEOPLE, empty=_SUPERVISOR),
    **dict.fromkeys(("complaints", "complaint_steps", "vexatious_events"), Rights(_STAFF, _TEACHERS)),
    **dict.fromkeys(("archives", "recording_events"), Rights(_STAFF, _MACHINE)),
    # A machine must not free what a court asked for.
    "hold_events": Rights(_STAFF, _SUPERVISOR),
}
"""By table."""
