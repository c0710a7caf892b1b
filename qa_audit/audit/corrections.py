"""Corrections of a transcript: the turns as a person heard them, beside those of the machine."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from qa_audit.audit.sheet import OTHER_SPEAKER

if TYPE_CHECKING:
    from qa_audit.audit.sheet import Sheet
    from qa_audit.transcribe.turns import Transcript, Turn


def transcript_digest(transcript: Transcript) -> str:
    """SHA-256 over what a person sees of the turns (speaker, times, words), in hexadecimal.

    Corrections name turns by number, so they hold for these turns only: another model or glossary may cut the
    call otherwise.
    """
    turns = [(turn.role, turn.start_s, turn.end_s, turn.text) for turn in transcript.turns]
    seen = json.dumps([transcript.sha256, turns], ensure_ascii=False)
    return hashlib.sha256(seen.encode()).hexdigest()


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


def _corrected(turn: Turn, place: int, sheet: Sheet) -> Turn:
    swapped = OTHER_SPEAKER.get(turn.role, turn.role) if sheet.roles_swapped else turn.role
    role = sheet.roles.get(place, swapped)
    text = sheet.texts.get(place, turn.text)
    if text == turn.text:
        return turn if role == turn.role else replace(turn, role=role)
    return replace(turn, role=role, text=text, confidence=1.0, formal=())
