"""Corrections of a transcript: the turns as a person heard them, beside those of the machine."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from qa_audit.audit.sheet import OTHER_SPEAKER

if TYPE_CHECKING:
    from qa_audit.audit.sheet import Sheet
    from qa_audit.transcribe.turns import Role, Transcript, Turn


def transcript_digest(transcript: Transcript) -> str:
    """SHA-256 over what a person sees of the turns (speaker, times, words), in hexadecimal.

    Corrections name turns by number, so they hold for these turns only: another model or glossary may cut the
    call otherwise.
    """
    turns = [(turn.role, turn.start_s, turn.end_s, turn.text) for turn in transcript.turns]
    seen = json.dumps([transcript.sha256, turns], ensure_ascii=False)
    return hashlib.sha256(seen.encode()).hexdigest()


def is_corrected(transcript: Transcript, sheet: Sheet) -> bool:
    """Whether the sheet says of these turns that some were said otherwise, or by somebody else."""
    return corrected(transcript, sheet) is not transcript


def corrected(transcript: Transcript, sheet: Sheet) -> Transcript:
    """The transcript with the sheet's corrections; the same object when there are none of these turns.

    Words that a person wrote are certain, and nothing was measured of their 您. When all speakers were
    swapped, who is who counts as known; when single turns were put right, as sure as before.
    """
    if sheet.transcript_sha256 is None or sheet.transcript_sha256 != transcript_digest(transcript):
        return transcript
    turns = tuple(_corrected(turn, place, sheet) for place, turn in enumerate(transcript.turns))
    sure = 1.0 if sheet.roles_swapped else transcript.role_confidence
    if turns == transcript.turns and sure == transcript.role_confidence:
        return transcript
    return replace(transcript, turns=turns, role_confidence=sure)


def corrected_roles(transcript: Transcript, sheet: Sheet) -> dict[int, Role]:
    """Who spoke in the turns whose speaker the machine got wrong, as the sheet says: by turn."""
    turns = zip(transcript.turns, corrected(transcript, sheet).turns, strict=True)
    return {place: now.role for place, (before, now) in enumerate(turns) if now.role != before.role}


def _corrected(turn: Turn, place: int, sheet: Sheet) -> Turn:
    swapped = OTHER_SPEAKER.get(turn.role, turn.role) if sheet.roles_swapped else turn.role
    role = sheet.roles.get(place, swapped)
    text = sheet.texts.get(place, turn.text)
    if text == turn.text:
        return turn if role == turn.role else replace(turn, role=role)
    return replace(turn, role=role, text=text, confidence=1.0, formal=())
