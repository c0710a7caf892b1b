"""A call that lies open before an inspector, and what the player is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from qa_audit.audit.actions import Limits
from qa_audit.audit.corrections import corrected, transcript_digest
from qa_audit.audit.scores import person_score
from qa_audit.audit.sheet import sheet_json
from qa_audit.calls.query import facts_of
from qa_audit.messages import language, say
from qa_audit.scoring.evidence_words import shown_quote
from qa_audit.scoring.judge import score_call

if TYPE_CHECKING:
    from qa_audit.audit.sheet import Sheet
    from qa_audit.calls.facts import CallFacts, Columns
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.scoring.verdicts import CallScore, Finding
    from qa_audit.transcribe.questions import Answer
    from qa_audit.transcribe.turns import Note, Transcript, Turn

# What was read of the last call's words is remembered by the rubric, for all threads.
_judging = Lock()

_TITLE = ("agent_no", "agent_name", "team", "direction")
_NOTES = {
    f"audio.{name}": f"audit.note.{name}"
    for name in (
        "truncated",
        "same_channels",
        "dead_channel",
        "shared_channel",
        "maybe_shared_channel",
        "swapped_channels",
    )
}
"""What is said of a recording's notes: without its path, which may hold names and numbers."""
_SWAPPED = "audio.swapped_channels"
_ROLES_TOLD = ("audio.maybe_shared_channel", _SWAPPED)
"""Notes that say that the roles are in doubt."""


@dataclass(frozen=True, slots=True)
class CallMaterial:
    """A call as it was imported and transcribed."""

    call: Mapping[str, Any]
    """Its row of `calls.query.calls_frame`."""
    transcript: Transcript
    answers: Mapping[str, Answer | None] = field(default_factory=dict)
    """What its audio has answered, by the id of the question."""
    columns: Columns = ()
    """Its cells in further columns of the call list that the rubric asks."""


def judged(
    transcript: Transcript,
    facts: CallFacts,
    rubric: Rubric,
    answers: Mapping[str, Answer | None] | None = None,
) -> CallScore:
    """What the machine says of a call, as `score_call`; of several threads one after the other."""
    with _judging:
        return score_call(transcript, facts, rubric, answers)


class OpenedCall:
    """A call with its transcript and rubric; the machine judges it when it is first asked."""

    def __init__(self, material: CallMaterial, rubric: Rubric) -> None:
        self.call = material.call
        self.transcript = material.transcript
        self.answers = material.answers
        self.facts = facts_of(material.call, rubric.asked_facts, material.columns)
        self.rubric = rubric
        self._rescored: tuple[Transcript, CallScore] | None = None

    @cached_property
    def digest(self) -> str:
        """Digest of the turns, by which events name them."""
        return transcript_digest(self.transcript)

    @cached_property
    def machine(self) -> CallScore:
        """What the machine says of the call as it was transcribed."""
        return judged(self.transcript, self.facts, self.rubric, self.answers)

    @property
    def limits(self) -> Limits:
        """What an action may name."""
        items = frozenset(item.id for item in self.rubric.items)
        return Limits(items, len(self.transcript.turns), self.transcript.duration_s)

    def rescored(self, sheet: Sheet) -> CallScore | None:
        """What the machine says with the sheet's corrections; None when there are none.

        A result beside `machine`, made anew from the events whenever it is asked for: nothing is overwritten.
        """
        transcript = corrected(self.transcript, sheet)
        if transcript is self.transcript:
            return None
        if self._rescored is None or self._rescored[0] != transcript:
            self._rescored = (transcript, judged(transcript, self.facts, self.rubric, self.answers))
        return self._rescored[1]

    def as_json(self, *, machine: bool) -> dict[str, Any]:
        """Title, turns and items; with the machine's findings only when `machine` says so."""
        start = self.call["start"]
        found = self.machine_json() if machine else {}
        return {
            "call_id": self.call["call_id"],
            "title": {
                "start": start and start.isoformat(timespec="seconds"),
                **{name: self.call[name] for name in _TITLE},
            },
            "duration_s": self.transcript.duration_s,
            "channels": self.transcript.channels,
            "notes": recording_notes(self.transcript),
            "zero_on_critical": self.rubric.zero_on_critical,
            "role_notes": role_notes(self.transcript, self.rubric),
            "turns": [
                {
                    "n": number,
                    "start_s": turn.start_s,
                    "end_s": turn.end_s,
                    "role": turn.role,
                    "text": turn.text,
                    "confidence": round(turn.confidence, 3),
                    **_pieces(turn),
                }
                for number, turn in enumerate(self.transcript.turns)
            ],
            "items": [
                {
                    "id": item.id,
                    "name": self.rubric.name_of(item.id, language()),
                    "weight": item.weight,
                    "section": item.section,
                    "critical": item.critical,
                    "bonus": item.bonus,
                    "machine": found.get(item.id),
                }
                for item in self.rubric.items
            ],
        }

    def machine_json(self) -> dict[str, Any]:
        """The machine's findings by item."""
        return {finding.id: finding_json(finding) for finding in self.machine.items}

    def rescored_json(self, sheet: Sheet) -> dict[str, Any] | None:
        """The machine's findings with the sheet's corrections, its score and which verdicts differ."""
        score = self.rescored(sheet)
        if score is None:
            return None
        pairs = zip(self.machine.items, score.items, strict=True)
        return {
            "items": {finding.id: finding_json(finding) for finding in score.items},
            "score": score.score,
            "changed": [now.id for before, now in pairs if now.verdict != before.verdict],
        }

    def scores_json(self, sheet: Sheet) -> dict[str, float | None]:
        """The call's score by the machine and by the sheet's verdicts."""
        return {
            "machine": self.machine.score,
            "person": person_score(sheet, self.rubric, self.machine.items).score,
        }

    def sheet_json(self, sheet: Sheet) -> dict[str, Any]:
        """The sheet; corrections of another transcript are about other turns: left out, and said to be."""
        outdated = sheet.transcript_sha256 not in (None, self.digest)
        told = {**sheet_json(sheet), "corrections_outdated": outdated}
        if outdated:
            return {**told, "texts": {}, "roles": {}, "roles_swapped": False}
        return told


def recording_notes(transcript: Transcript) -> list[str]:
    """What is odd about the recording itself, in words: cut off, channels mixed or silent.

    Notes on the words alone (invented, put right by the glossary) are left out.
    """
    return [_said(note) for note in transcript.notes if note.code in _NOTES and note.code != _SWAPPED]


def role_notes(transcript: Transcript, rubric: Rubric) -> list[str]:
    """That agent and customer may be swapped, in words: what an inspector can put right at once."""
    told = [_said(note) for note in transcript.notes if note.code == _SWAPPED]
    unsure = transcript.role_confidence < rubric.min_role_confidence
    if unsure and transcript.turns and not any(note.code in _ROLES_TOLD for note in transcript.notes):
        told.append(say("audit.note.roles"))
    return told


def _said(note: Note) -> str:
    return say(_NOTES[note.code], **dict(note.values))


def _pieces(turn: Turn) -> dict[str, Any]:
    """When each character is said, where that is known: `[character, start, end]`, seconds."""
    if len(turn.char_start_ms) != len(turn.text):
        return {}
    starts = [round(turn.at_s(place), 3) for place in range(len(turn.text) + 1)]
    spans = zip(turn.text, starts, starts[1:], strict=False)
    return {"pieces": [[char, start_s, max(end_s, start_s)] for char, start_s, end_s in spans]}


def finding_json(finding: Finding) -> dict[str, Any]:
    """What the machine says of an item, with the places that speak for it."""
    return {
        "verdict": finding.verdict,
        "points": finding.points,
        "evidence": [
            {
                "turn": one.turn,
                "start_s": one.start_s,
                "end_s": one.end_s,
                "quote": one.quote,
                "tier": one.tier,
                "told": shown_quote(one.quote, one.tier),
            }
            for one in finding.evidence
        ],
    }
