"""Short calls on which conditions are tested one by one, and what their audio has answered."""

from dataclasses import replace

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.conditions.judgement import Case
from qa_audit.scoring.hearing import Hearing, Reading
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.transcribe.questions import Answer, Question

WELL_ENOUGH, POOR = 0.4, 0.39
READING = Reading("toy", 0.0, 1.0, 0.0, 0.0, yes=1.0, doubt=0.0, no=-1.0)


def case_of(lines, *, poor=(), known=True, channel=None, **more):
    """A call of these lines; turns in `poor` were heard just below the least that will do."""
    turns = []
    for place, turn in enumerate(example_turns(lines)):
        heard = replace(turn, confidence=POOR if place in poor else WELL_ENOUGH)
        turns.append(heard if channel is None else replace(heard, channel=channel))
    return Case(CallText(turns, roles_known=known), CallFacts(), WELL_ENOUGH, **more)


def shown(judgement):
    """Turn, words and tier of each piece of evidence."""
    return [(one.turn, one.quote, one.tier) for one in judgement.evidence]


def answer(question, odds):
    """That the first phrase is in the first turn that was asked about, at these log-odds."""
    turn, phrase = question.turns[0], question.phrases[0]
    return Answer(question.id, turn, phrase, "", 1.0, 2.0, 1, 0.0, gain=odds, lead=odds)


def answered(odds, turns, *phrases):
    """What the audio says of phrases in these turns, at these log-odds."""
    question = Question(turns, phrases)
    return Hearing(READING, {question.id: answer(question, odds)})
