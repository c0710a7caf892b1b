"""A call judged with its audio at hand: score, answer what the score asks of the audio, score again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring import score_call

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.calls.facts import CallFacts
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.scoring.verdicts import CallScore
    from qa_audit.transcribe.engine import Engine
    from qa_audit.transcribe.questions import Answer
    from qa_audit.transcribe.settings import RawFormat
    from qa_audit.transcribe.turns import Transcript

ROUNDS = 2
"""An answer may raise another question: a part that is there after all may be missing its neighbour."""


def score_by_ear(
    path: str | Path,
    transcript: Transcript,
    facts: CallFacts,
    rubric: Rubric,
    engine: Engine,
    *,
    raw: RawFormat | None = None,
) -> CallScore:
    """Judge a recording; where the verdict hangs on words that the text lacks, its audio is asked.

    Raises `QaError` `audio.…` when the recording cannot be read.
    """
    # Imported here: it takes torch, and this module is known to all that only scores stored turns.
    from qa_audit.transcribe.answering import answer_questions

    answers: dict[str, Answer | None] = {}
    score = score_call(transcript, facts, rubric, answers)
    for _ in range(ROUNDS):
        if not score.questions:
            break
        answers |= dict.fromkeys(one.id for one in score.questions)
        found = answer_questions(path, transcript, score.questions, engine, raw)
        answers |= {one.question: one for one in found}
        score = score_call(transcript, facts, rubric, answers)
    return score
