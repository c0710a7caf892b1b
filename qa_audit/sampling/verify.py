"""Whether a draw is what its frame and its seed say: all of it computed again from what is stored alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.messages import QaError, say
from qa_audit.sampling.drawing import draw as all_tickets
from qa_audit.sampling.draws import CHOSEN_KINDS, KEPT_SCHEMA, draw_ids, made_instead, read_draw, receipt_of
from qa_audit.sampling.freezing import commitments, frozen_frame, frozen_frames
from qa_audit.sampling.hand_outs import (
    hand_out_of,
    lock_of,
    lock_receipt,
    replacements,
    shared_out,
)
from qa_audit.sampling.heard import first_heard
from qa_audit.sampling.replacement import REASONS, replacement
from qa_audit.sampling.tickets import commitment, seed_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from qa_audit.sampling.draws import Draw
    from qa_audit.sampling.freezing import FrozenFrame
    from qa_audit.sampling.hand_outs import Replacement


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `wrong` when it is not as it must be."""

    code: str
    """Key of its message in the catalogue, without `sampling.verify.`."""
    wrong: bool
    values: Mapping[str, object]

    def __str__(self) -> str:
        return say(f"sampling.verify.{self.code}", **self.values)


@dataclass(frozen=True, slots=True)
class Verification:
    """All that was found of one draw."""

    draw_id: int
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """True when anything is not as it must be."""
        return any(finding.wrong for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """For scripts: every finding with its code and words."""
        found = [{"code": one.code, "wrong": one.wrong, "message": str(one)} for one in self.findings]
        return {"draw": self.draw_id, "ok": not self.failed, "findings": found}

    def __str__(self) -> str:
        head = say("sampling.verify.bad" if self.failed else "sampling.verify.good", draw=self.draw_id)
        marks = {True: "✗", False: "✓"}
        return "\n".join([head, *(f"  {marks[one.wrong]} {one}" for one in self.findings)])


def verify_all(connection: Connection) -> list[Verification]:
    """Every draw there is, in order."""
    return [verify(connection, draw_id) for draw_id in draw_ids(connection)]


def verify(connection: Connection, draw_id: int) -> Verification:
    """Compute a draw again: frame, commitments, seed, tickets, probabilities, replacements, who hears what.

    Raises `QaError` `sampling.no_draw`.
    """
    made = read_draw(connection, draw_id)
    findings: list[Finding] = []

    def note(code: str, wrong: bool = False, **values: object) -> None:
        findings.append(Finding(code, wrong, values))

    if made.kind == "random":
        frozen = _frozen(connection, made)
        if isinstance(frozen, QaError):
            note("frame_unreadable", True, reason=frozen)
            return Verification(draw_id, tuple(findings))
        findings += _frame_and_seed(connection, made, frozen)
        frame = frozen.frame()
        tickets = all_tickets(frame, made.seed or "")
        replaced = replacements(connection, draw_id)
        findings += _tickets(made, tickets, replaced)
        findings += _replacements(tickets, replaced)
        findings += _after_hand_in(connection, replaced)
    else:
        given = made.tickets.select(pl.exclude("call_id", "agent")).null_count().row(0)
        wrong = any(count != made.tickets.height for count in given)
        known = made.kind in CHOSEN_KINDS
        kind = say(f"sampling.kind.{made.kind}") if known else made.kind
        note("chosen_with_probability" if wrong else "chosen", wrong or not known, kind=kind)
        replaced = []
    frame_sha256 = None if made.frame_id is None else frozen_frame(connection, made.frame_id).sha256
    values = {name: getattr(made, name) for name in ("month", "kind", "seed", "reason")}
    receipt = receipt_of(values, frame_sha256, made.first_calls())
    right = receipt == made.receipt
    note("receipt" if right else "receipt_wrong", not right, short=receipt[:8])
    findings += _hand_out(connection, made, replaced)
    newer = made_instead(connection).get(draw_id)
    if newer is not None:
        note("superseded", draw=newer)
    if made.instead_of is not None:
        note("instead_of", draw=made.instead_of, reason=made.reason)
    return Verification(draw_id, tuple(findings))


def _frozen(connection: Connection, made: Draw) -> FrozenFrame | QaError:
    try:
        frozen = frozen_frame(connection, made.frame_id or 0)
        frozen.frame()
    except QaError as error:
        return error
    return frozen


def _frame_and_seed(connection: Connection, made: Draw, frozen: FrozenFrame) -> list[Finding]:
    found = []
    sha256 = hashlib.sha256(frozen.content).hexdigest()
    fits = sha256 == frozen.sha256 and frozen.frame().content == frozen.content
    found.append(Finding("frame" if fits else "frame_changed", not fits, {"sha256": sha256}))
    known = {one.commitment_id: one for one in commitments(connection, made.month)}
    for number, nonce in made.nonces:
        if number is None:
            continue
        bound = known.get(number)
        right = (
            bound is not None
            and bound.sha256 == commitment(made.month, nonce.who, nonce.words)
            and bound.who == nonce.who
            and bound.committed_at < frozen.frozen_at
        )
        found.append(Finding("commitment" if right else "commitment_wrong", not right, {"who": nonce.who}))
    seed = seed_of(sha256, [nonce for _, nonce in made.nonces])
    found.append(Finding("seed" if seed == made.seed else "seed_wrong", seed != made.seed, {"seed": seed}))
    names = say("run.list_comma").join(nonce.who for _, nonce in made.nonces)
    found.append(Finding("alone" if made.alone else "together", False, {"who": names}))
    revealed = {number for number, _ in made.nonces}
    for other in draw_ids(connection, made.month):
        revealed |= {number for number, _ in read_draw(connection, other).nonces}
    found += [
        Finding("not_revealed", False, {"who": one.who, "at": f"{one.committed_at:%Y-%m-%d %H:%M} UTC"})
        for one in known.values()
        if one.commitment_id not in revealed and one.committed_at < frozen.frozen_at
    ]
    drawn = {read_draw(connection, other).frame_id for other in draw_ids(connection, made.month)}
    others = [
        one.frame_id
        for one in frozen_frames(connection, made.month)
        if one.frame_id not in drawn and one.frozen_at <= made.drawn_at
    ]
    if others:
        found.append(Finding("frames_not_drawn", False, {"frames": ", ".join(map(str, others))}))
    return found


def _tickets(made: Draw, tickets: pl.DataFrame, replaced: Sequence[Replacement]) -> list[Finding]:
    drawn = tickets.filter("drawn")["call_id"].to_list()
    wanted = {*drawn, *(one.replaced_by for one in replaced if one.replaced_by is not None)}
    kept = {row["call_id"]: row for row in made.tickets.iter_rows(named=True)}
    computed = {row["call_id"]: row for row in tickets.select(KEPT_SCHEMA.names()).iter_rows(named=True)}
    found = [Finding("call_not_drawn", True, {"call": call}) for call in sorted(set(kept) - wanted)]
    found += [Finding("call_missing", True, {"call": call}) for call in sorted(wanted - set(kept))]
    for call in sorted(set(kept) & wanted & set(computed)):
        wrong = [name for name in KEPT_SCHEMA if kept[call][name] != computed[call][name]]
        if wrong:
            found.append(Finding("ticket_wrong", True, {"call": call, "fields": ", ".join(wrong)}))
    return found or [Finding("tickets", False, {"count": len(drawn), "of": tickets.height})]


def _replacements(tickets: pl.DataFrame, replaced: Sequence[Replacement]) -> list[Finding]:
    used = set(tickets.filter("drawn")["call_id"])
    found = []
    for one in replaced:
        try:
            following = replacement(tickets, one.call_id, used)
        except QaError:
            following = ""
        if following != one.replaced_by or one.reason not in REASONS:
            found.append(
                Finding("replacement_wrong", True, {"call": one.call_id, "by": one.replaced_by or "–"})
            )
        if one.replaced_by is not None:
            used.add(one.replaced_by)
    return found or ([Finding("replacements", False, {"count": len(replaced)})] if replaced else [])


def _after_hand_in(connection: Connection, replaced: Sequence[Replacement]) -> list[Finding]:
    heard = first_heard(connection, {one.call_id for one in replaced})
    return [
        Finding("replaced_late", False, {"call": one.call_id, "who": one.who})
        for one in replaced
        if one.call_id in heard and heard[one.call_id] < one.replaced_at
    ]


def _hand_out(connection: Connection, made: Draw, replaced: Sequence[Replacement]) -> list[Finding]:
    handed = hand_out_of(connection, made.draw_id)
    found = []
    if handed is not None:
        before = [one for one in replaced if one.replacement_id <= handed.after_replacement]
        try:
            again = shared_out(
                connection, made, before, handed.inspectors, twice=handed.twice, common=handed.common
            )
        except (QaError, KeyError):
            again = None
        right = again == handed.assignments
        # Who is the agent of chosen calls, and so could not hear them, is not kept with them.
        wrong = "hand_out_wrong" if made.kind == "random" else "hand_out_otherwise"
        values = {"count": len(handed.assignments)}
        found.append(Finding("hand_out" if right else wrong, not right and made.kind == "random", values))
    locked = lock_of(connection, made.draw_id)
    if locked is not None:
        right = handed is not None and locked.receipt == lock_receipt(made, handed)
        right = right and handed is not None and locked.hand_out_id == handed.hand_out_id
        values = {"short": locked.receipt[:8], "who": locked.who}
        found.append(Finding("locked" if right else "lock_wrong", not right, values))
    return found
