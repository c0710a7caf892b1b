"""Numbers of the whole call, what the call list says of it, and what other items were judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa_audit.calls.values import folded, parse_number, says_nothing
from qa_audit.scoring.conditions.dead_air import silences
from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome, all_of, beside, in_range
from qa_audit.scoring.conditions.rule_voice import loudness_of
from qa_audit.scoring.fact_schema import DAYS
from qa_audit.scoring.verdicts import Evidence

if TYPE_CHECKING:
    from qa_audit.calls.facts import CallFacts
    from qa_audit.scoring.conditions.rule_scene import Scene
    from qa_audit.scoring.fact_schema import Fact
    from qa_audit.scoring.rule_schema import ItemVerdict, Measure

RING_PERIOD_S = 5.0
"""The Chinese ringback tone: 1 s on, 4 s off (rubric_sources, `answer_promptly`)."""
_MARGIN_S = 0.5
"""Seconds within which recognised turns begin and end beside the truth; that of a pause."""
_BETWEEN_TURNS = ("longest_pause_s", "first_word_s", "last_silence_s", "talk_s")
_LEAST_PAUSE_S = 3.0
"""From here on a silence counts among the pauses of a call; people take breath in shorter ones."""
_SHOWN = 60
"""Characters of a cell that are shown."""
_UNKNOWN = Outcome(Belief.UNKNOWN, no_data=True)


def judge_measure(one: Measure, scene: Scene) -> Outcome:
    """A number of the call between its limits; without data nothing is inferred.

    Seconds measured by where turns begin and end can't be told near a limit.
    """
    value = _value(one, scene)
    if value is None:
        return _UNKNOWN
    if one.of == "pauses_s":
        belief = _pauses_in_limits(one, scene)
    else:
        belief = _in_limits(one, value, measured=bool(scene.case.call.turns))
    told = scene.case.call.roles_known or one.who == "either" or one.of in ("ring_s", "rings", "duration_s")
    if not told and belief != Belief.UNKNOWN:
        belief = Belief.LIKELY if belief > 0 else Belief.HARDLY
    return _told(belief, Evidence(None, 0.0, 0.0, f"{one.of} = {value:.4g}", "measure"))


def _in_limits(one: Measure, value: float, *, measured: bool) -> Belief:
    """Whether a number lies between its limits; `measured`: there are turns whose ends may lie beside."""
    if one.of not in _BETWEEN_TURNS or not measured:
        return in_range(value, one.at_least, one.at_most)
    limits = []
    if one.at_least is not None:
        limits.append(beside(value, one.at_least, _MARGIN_S))
    if one.at_most is not None:
        limits.append(-beside(value, one.at_most, _MARGIN_S))
    return all_of(limits)


def _pauses_in_limits(one: Measure, scene: Scene) -> Belief:
    """Whether all pauses together lie between the limits, each as far beside the truth as one may be."""
    least_s, most_s = _pauses_s(scene, -_MARGIN_S), _pauses_s(scene, _MARGIN_S)
    beliefs = []
    for limit, sign in ((one.at_least, 1), (one.at_most, -1)):
        if limit is not None:
            low, high = sorted((sign * (least_s - limit), sign * (most_s - limit)))
            beliefs.append(Belief.YES if low >= 0 else Belief.NO if high < 0 else Belief.UNKNOWN)
    return all_of(beliefs)


def _pauses_s(scene: Scene, beside_s: float) -> float:
    lasted = (silence.duration_s + beside_s for silence in silences(scene.case.call, 0.0))
    return sum(one for one in lasted if one >= _LEAST_PAUSE_S)


def judge_fact(one: Fact, scene: Scene) -> Outcome:
    """Something that the call list says, or who speaks first or last."""
    if one.fact in ("first_speaker", "last_speaker"):
        return _speaker(one, scene)
    got = listed(one, scene.case.facts)
    holds = None if got is None else _holds(one, got)
    # 无 answers a rule that names it, and no other.
    if got is None or holds is None or (not holds and one.fact == "column" and says_nothing(str(got))):
        return _UNKNOWN
    shown = str(got).lower() if isinstance(got, bool) else got
    shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
    belief = Belief.YES if holds else Belief.NO
    return _told(belief, Evidence(None, 0.0, 0.0, f"{one.column or one.fact} = {shown}", "metadata"))


def _speaker(one: Fact, scene: Scene) -> Outcome:
    call = scene.case.call
    if not call.speech:
        return _UNKNOWN
    turn = call.speech[0] if one.fact == "first_speaker" else call.speech[-1]
    role = call.roles[turn]
    if role == "unknown":
        return Outcome(Belief.UNKNOWN)
    return _told(Belief.YES if role in one.values else Belief.NO, call.whole_turn(turn, "measure"))


def listed(one: Fact, facts: CallFacts) -> bool | str | None:
    """What the call list says of what a condition asks; None where it says nothing."""
    if one.column is None:
        return getattr(facts, one.fact)
    wanted = folded(one.column)
    return next((text for heading, text in facts.columns if folded(heading) == wanted), None)


def _holds(one: Fact, got: bool | str) -> bool | None:
    """None where a number is asked for and the cell holds none."""
    if one.contains is not None:
        return any(folded(part) in folded(str(got)) for part in one.contains)
    if one.at_least is None and one.at_most is None:
        return _is_one_of(one, got)
    value = number_in(str(got))
    return None if value is None else in_range(value, one.at_least, one.at_most) == Belief.YES


def number_in(cell: str) -> float | None:
    """The number in a cell, of yuan too; None where it holds anything else: 8万 is not 8.

    >>> number_in("￥80,000.00"), number_in("300 元"), number_in("8万")
    (80000.0, 300.0, None)
    """
    try:
        return parse_number(re.sub(r"^[¥￥]|(?:人民币)?元整?$", "", folded(cell)))
    except ValueError:
        return None


def _is_one_of(one: Fact, got: bool | str) -> bool:
    if one.fact == "date" and isinstance(got, str) and not one.values:
        return (one.since or got) <= got <= (one.until or got)
    if one.since is not None and one.until is not None:
        after, before = one.since <= str(got), str(got) < one.until
        return after and before if one.since < one.until else after or before
    if one.fact == "weekday":
        return any(got in DAYS[str(day)] for day in one.values)
    if isinstance(got, str):
        return folded(got) in [folded(str(value)) for value in one.values]
    return got in one.values


def judge_item(one: ItemVerdict, scene: Scene) -> Outcome:
    """Whether another item has one of these verdicts; where it can't be told, neither can this."""
    judgement = scene.judged(one.item)
    if judgement.verdict in one.verdict:
        belief = Belief.YES
    else:
        belief = Belief.UNKNOWN if judgement.verdict == "uncertain" else Belief.NO
    hits = tuple(
        Hit(belief, piece.turn, -1, -1, piece.start_s, piece.end_s, piece)
        for piece in judgement.evidence
        if belief >= 0
    )
    return Outcome(belief, hits)


def _told(belief: Belief, evidence: Evidence) -> Outcome:
    hit = Hit(belief, evidence.turn, -1, -1, evidence.start_s, evidence.end_s, evidence)
    return Outcome(belief, (hit,), evidence) if belief > 0 else Outcome(belief, (), evidence)


def _value(one: Measure, scene: Scene) -> float | None:
    call, facts = scene.case.call, scene.case.facts
    duration_s = scene.case.duration_s
    end_s = max((turn.end_s for turn in call.turns), default=0.0)
    if duration_s is None:
        duration_s = end_s or None
    turns = scene.turns_of(one.who)
    talk_s = sum(call.turns[turn].end_s - call.turns[turn].start_s for turn in turns)
    value: float | None = None
    match one.of:
        case "duration_s":
            value = duration_s
        case "ring_s" | "rings":
            period_s = 1.0 if one.of == "ring_s" else RING_PERIOD_S
            value = None if facts.ring_s is None else facts.ring_s / period_s
        case "turns":
            value = float(len(turns))
        case "syllables":
            value = float(sum(call.syllables(turn) for turn in turns))
        case "talk_s":
            value = talk_s
        case "talk_share":
            all_s = sum(call.turns[turn].end_s - call.turns[turn].start_s for turn in call.speech)
            value = talk_s / all_s if all_s else None
        case "silence_share":
            value = _silent_s(scene, duration_s) / duration_s if duration_s else None
        case "longest_pause_s" | "pauses_s":
            longest_s = max((silence.duration_s for silence in silences(call, 0.0)), default=0.0)
            value = longest_s if one.of == "longest_pause_s" else _pauses_s(scene, 0.0)
        case "first_word_s":
            value = min((call.turns[turn].start_s for turn in turns), default=None)
        case "last_silence_s":
            value = None if scene.case.duration_s is None else max(0.0, scene.case.duration_s - end_s)
        case "loudness_db" | "louder_than_other_db":
            value = loudness_of(one, scene)
    return value


def _silent_s(scene: Scene, duration_s: float) -> float:
    """Seconds in which nobody speaks, announcements included."""
    spoken_s, until_s = 0.0, 0.0
    for turn in sorted(scene.case.call.turns, key=lambda one: one.start_s):
        start_s = max(turn.start_s, until_s)
        spoken_s += max(0.0, turn.end_s - start_s)
        until_s = max(until_s, turn.end_s)
    return max(0.0, duration_s - spoken_s)
