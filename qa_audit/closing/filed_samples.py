"""The draws of a month as they were filed: frame and record of each, checked against each other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.messages import QaError
from qa_audit.sampling.assignment import Assignment
from qa_audit.sampling.book import SAMPLE_SCHEMA
from qa_audit.sampling.drawing import draw as all_tickets
from qa_audit.sampling.draws import KEPT_SCHEMA, Draw, receipt_of
from qa_audit.sampling.frame import Frame
from qa_audit.sampling.hand_outs import HandOut, Replacement, in_force
from qa_audit.sampling.replacement import replacement
from qa_audit.sampling.tickets import Nonce, commitment, seed_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class FiledDraw:
    """One random draw with its frame, its replacements and who heard what."""

    draw: Draw
    frame: Frame
    replacements: tuple[Replacement, ...]
    hand_out: HandOut | None

    @classmethod
    def read(cls, record: Mapping[str, Any], frame: bytes) -> FiledDraw:
        """From `sampling.export.draw_json` and the frame's text, all that follows from them computed again.

        Raises `QaError` `closing.draw_wrong` where frame, seed, words, receipt, tickets or replacements do
        not fit together, which also tells a seed or words that were known before the frame was frozen, or
        where the record lacks something; `sampling.bad_frame`.
        """
        try:
            return cls._computed(record, frame)
        except (KeyError, TypeError, ValueError) as error:
            what = f"record: {type(error).__name__} {error}"
            raise QaError("closing.draw_wrong", draw=record.get("draw_id", "?"), what=what) from error

    @classmethod
    def _computed(cls, record: Mapping[str, Any], frame: bytes) -> FiledDraw:
        made = _draw_of(record)
        _check_seed(record, made, frame)
        found = Frame.read(frame)
        replaced = tuple(_dated(Replacement, one, "replaced_at") for one in record["replacements"])
        wanted = [one.replaced_by for one in replaced if one.replaced_by is not None]
        tickets = all_tickets(found, made.seed or "")
        again = tickets.filter(pl.col("drawn") | pl.col("call_id").is_in(wanted))
        if not made.tickets.sort("call_id").equals(again.select(KEPT_SCHEMA.names()).sort("call_id")):
            raise QaError("closing.draw_wrong", draw=made.draw_id, what="tickets")
        _check_receipt(record, made)
        _check_replacements(made, tickets, replaced)
        handed = record["hand_out"]
        if handed is not None:
            rows = tuple(Assignment(**one) for one in handed["assignments"])
            values = {**handed, "assignments": rows, "inspectors": tuple(handed["inspectors"])}
            handed = _dated(HandOut, values, "handed_out_at")
        return cls(made, found, replaced, handed)


def _dated(kind: Any, values: Mapping[str, Any], moment: str) -> Any:
    return kind(**{**values, moment: datetime.fromisoformat(values[moment])})


def _draw_of(record: Mapping[str, Any]) -> Draw:
    names = ("draw_id", "month", "kind", "frame_id", "seed", "instead_of", "reason", "code_version")
    return Draw(
        **{name: record[name] for name in (*names, "receipt", "who")},
        nonces=tuple((one["commitment_id"], Nonce(one["who"], one["words"])) for one in record["nonces"]),
        drawn_at=datetime.fromisoformat(record["drawn_at"]),
        tickets=pl.DataFrame(record["tickets"], KEPT_SCHEMA),
    )


def _check_seed(record: Mapping[str, Any], made: Draw, frame: bytes) -> None:
    sha256 = hashlib.sha256(frame).hexdigest()
    if sha256 != record["frame"]["sha256"]:
        raise QaError("closing.draw_wrong", draw=made.draw_id, what="frame")
    if seed_of(sha256, [nonce for _, nonce in made.nonces]) != made.seed:
        raise QaError("closing.draw_wrong", draw=made.draw_id, what="seed")
    bound = {one["commitment_id"]: one for one in record["commitments"]}
    for number, nonce in made.nonces:
        if number is None:
            continue
        known = bound.get(number)
        if (
            known is None
            or known["sha256"] != commitment(made.month, nonce.who, nonce.words)
            or datetime.fromisoformat(known["committed_at"])
            >= datetime.fromisoformat(record["frame"]["frozen_at"])
        ):
            raise QaError("closing.draw_wrong", draw=made.draw_id, what="words")


def _check_receipt(record: Mapping[str, Any], made: Draw) -> None:
    if receipt_of(record, record["frame"]["sha256"], made.first_calls()) != made.receipt:
        raise QaError("closing.draw_wrong", draw=made.draw_id, what="receipt")


def _check_replacements(made: Draw, tickets: pl.DataFrame, replaced: Sequence[Replacement]) -> None:
    """Whether each call that was put in the place of another had the next ticket of its stratum."""
    used, gone = set(made.first_calls()), set[str]()
    for one in replaced:
        try:
            right = one.call_id not in gone and replacement(tickets, one.call_id, used) == one.replaced_by
        except QaError:
            right = False
        if not right:
            raise QaError("closing.draw_wrong", draw=made.draw_id, what=f"replacement of {one.call_id}")
        gone.add(one.call_id)
        if one.replaced_by is not None:
            used.add(one.replaced_by)


@dataclass(frozen=True, slots=True)
class FiledSamples:
    """The draws in force of one month; speaks as `sampling.book.SampleBook` does (`audited.Samples`)."""

    draws: Mapping[int, FiledDraw]

    def sample(self, _month: str) -> pl.DataFrame:
        """As `SampleBook.sample`."""
        frames = [pl.DataFrame(schema=SAMPLE_SCHEMA)]
        for draw_id, one in sorted(self.draws.items()):
            why = {gone.call_id: gone.reason for gone in one.replacements}
            skipped = [why.get(call) for call in one.draw.tickets["call_id"]]
            frames.append(
                one.draw.tickets.with_columns(
                    draw_id=pl.lit(draw_id, pl.Int64),
                    kind=pl.lit(one.draw.kind),
                    skipped=pl.Series(skipped, dtype=pl.String),
                    alone=pl.lit(one.draw.alone),
                ).select(SAMPLE_SCHEMA.names())
            )
        return pl.concat(frames)

    def draw_of(self, draw_id: int) -> Draw:
        """As `SampleBook.draw_of`."""
        return self.draws[draw_id].draw

    def frame_of(self, draw_id: int) -> Frame:
        """As `SampleBook.frame_of`."""
        return self.draws[draw_id].frame

    def assignments(self, draw_id: int) -> Sequence[Assignment]:
        """As `SampleBook.assignments`."""
        one = self.draws[draw_id]
        return [] if one.hand_out is None else in_force(one.hand_out, one.replacements)
