"""Things that the agent must never say to the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, sure, uncertain
from qa_audit.scoring.conditions.learned import NOTHING_LEARNED, learned, unsuspected
from qa_audit.scoring.hearing import NOT_HEARD
from qa_audit.scoring.wording import SURE_TIERS, compiled, find_all, overlapped
from qa_audit.text.nearest import nearest
from qa_audit.text.phrases import fold_honorific

if TYPE_CHECKING:
    from qa_audit.scoring.call_text import Match
    from qa_audit.scoring.checks import Banned
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.hearing import Heard
    from qa_audit.scoring.said import Wording


def judge_banned(check: Banned, case: Case) -> Judgement:
    """A fault for every clear instance by the agent; what only sounds like one can't be told.

    The item's detector, where the rubric names one, adds its sentences to those of the lists. What the lists
    call a fault stays one, unless the detector does not even suspect its sentence: then a person decides, as
    where the lists say nothing and the detector is uncertain. Clear abuse is the lists' alone. Words that
    only sound like a banned phrase are never a fault without a person, and none where the audio lacks the
    phrase; what the detector finds in such a sentence is a person's in both cases.
    """
    call = case.call
    if not call.maybe_agent:
        return NOT_APPLICABLE
    abuse = _instances(check, check.abuse, case)
    ambiguous = _instances(check, check.ambiguous_abuse, case)
    said = [*abuse, *ambiguous, *_instances(check, check.said, case)]
    sounds = {match: _heard(match, check, case) for match in said if match.tier not in SURE_TIERS}
    asked = [one for each in sounds.values() for one in each.open]
    said = [match for match in said if match not in sounds or sounds[match].says != "no"]
    clear = [match for match in said if sure(match, case)]
    if clear and check.detector:
        clean = unsuspected(check.detector, case)
        clear = [match for match in clear if match in abuse or call.sentence_number(match.start) not in clean]
    heard = learned(check.detector, case) if check.detector else NOTHING_LEARNED
    heard = heard.doubting(list(sounds))
    if clear or heard.faults:
        by_lists = [call.evidence(match) for match in sorted(clear, key=lambda match: match.start)]
        turns = {match.turn for match in clear}
        evidence = [*by_lists, *heard.evidence(call, heard.faults, besides=turns)]
        hits = len(clear) + sum(said.turn not in turns for said in heard.faults)
        return failed(
            evidence, critical=any(match in abuse or match in ambiguous for match in clear), hits=hits
        )
    unclear = [*said, *_instances(check, check.doubtful, case)]
    if unclear or heard.unclear:
        turns = {match.turn for match in unclear}
        found = [call.evidence(match) for match in unclear]
        found += [one for match in said if match in sounds for one in sounds[match].shown]
        return uncertain([*found, *heard.evidence(call, heard.unclear, besides=turns)]).asking(asked)
    return passed().asking(asked)


def _heard(match: Match, check: Banned, case: Case) -> Heard:
    """What the audio says of words that only sound like a banned phrase: the phrase that is nearest."""
    call = case.call
    words = call.plain[match.start : match.end]
    known = [*check.abuse.phrases, *check.ambiguous_abuse.phrases, *check.said.phrases]
    near = min(known, key=lambda one: _distance(one, words), default=None)
    return NOT_HEARD if near is None else case.hearing.ask((match.turn,), (near,))


def _distance(phrase: str, words: str) -> float:
    return min((one.distance for one in nearest(fold_honorific(phrase), words, 1)), default=1.0)


def _instances(check: Banned, wording: Wording, case: Case) -> list[Match]:
    call = case.call
    found = find_all(wording, call, call.maybe_agent, in_a_sentence=True)
    if not found or not check.unless:
        return found
    exceptions = compiled(check.unless)
    return [match for match in found if not overlapped(exceptions, call, match)]
