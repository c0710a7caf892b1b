"""Situations: when one is recognised, its own script is required and may replace items."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.conditions.judgement import sure
from qa_audit.scoring.conditions.voice import usual_voice
from qa_audit.scoring.verdicts import Evidence, SituationFinding
from qa_audit.scoring.wording import find_each, find_first, find_in_tiers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.rubric import Detect, Faint, ScriptPart, Situation
    from qa_audit.scoring.said import Wording
    from qa_audit.scoring.verdicts import Verdict
    from qa_audit.transcribe.turns import Role


class Recognised(NamedTuple):
    """A situation that was recognised, by what, and whether it replaces its items."""

    situation: Situation
    signs: tuple[Evidence, ...]
    replaces: bool


def recognise(situation: Situation, case: Case) -> Recognised | None:
    """The situation, when every sign that its rule asks for is there for certain; None otherwise."""
    signs = _signs(situation.detect, case)
    if signs is None:
        return None
    only_when = situation.replaces_only_when
    replaces = only_when is None or find_first(only_when, case.call, case.call.agent) is not None
    return Recognised(situation, tuple(signs), replaces)


def judge_situation(known: Recognised, case: Case, items: Mapping[str, Judgement]) -> SituationFinding:
    """Whether the script was kept, and no item that must hold in the situation failed."""
    evidence, missing, verdicts = list(known.signs), [], set[str]()
    for part in known.situation.script:
        found = _script_part(part, case)
        if found is None:
            continue
        evidence.extend(found)
        if len(found) < part.times:
            missing.append(case.call.absence(case.call.maybe_agent, part.name))
    doubtful = bool(missing) and case.doubtful(case.call.maybe_agent)
    verdicts.update(items[item].verdict for item in known.situation.keeps if item in items)
    verdict: Verdict = "pass"
    if "fail" in verdicts or (missing and not doubtful):
        verdict = "fail"
    elif "uncertain" in verdicts or missing:
        verdict = "uncertain"
    return SituationFinding(known.situation.id, True, verdict, (*evidence, *missing))


def _signs(detect: Detect, case: Case) -> list[Evidence] | None:
    call, facts = case.call, case.facts
    signs: list[Evidence] = []
    if detect.direction is not None:
        if facts.direction != detect.direction:
            return None
        signs.append(Evidence(None, 0.0, 0.0, f"direction = {facts.direction}", "metadata"))
    if detect.internal is not None:
        if facts.internal != detect.internal:
            return None
        signs.append(Evidence(None, 0.0, 0.0, f"internal = {str(facts.internal).lower()}", "metadata"))
    if detect.customer_silent:
        if call.customer_there or not call.agent or not call.roles_known:
            return None
        signs.append(call.absence(call.agent, ""))
    if detect.customer_faint is not None:
        faint = _faint(detect.customer_faint, case)
        if faint is None:
            return None
        signs.append(faint)
    for wording, turns in ((detect.agent_says, call.agent), (detect.customer_says, call.customer)):
        if wording is None:
            continue
        found = find_in_tiers(wording, call, turns, ("exact", "regex", "pinyin"))
        if not found:
            return None
        signs.extend(call.evidence(match) for match in found[:3])
    return signs


def _faint(limits: Faint, case: Case) -> Evidence | None:
    call = case.call
    if not call.roles_known:
        return None
    theirs = usual_voice([call.turns[turn] for turn in call.customer])
    if theirs is None or theirs.loudness_db > limits.below_db:
        return None
    ours = usual_voice([call.turns[turn] for turn in call.agent])
    if ours is None:
        return None
    below_db = ours.loudness_db - theirs.loudness_db
    if below_db < limits.below_agent_db:
        return None
    first = call.customer[0]
    quote = f"{theirs.loudness_db:.0f} dBFS, {-below_db:+.0f} dB"
    return Evidence(first, call.turns[first].start_s, call.turns[first].end_s, quote, "measure")


def _script_part(part: ScriptPart, case: Case) -> list[Evidence] | None:
    """Where a part of the script is said, at most as often as needed; None when it is not needed here."""
    call = case.call
    conditions: tuple[tuple[Wording | None, Role], ...] = (
        (part.when_agent_says, "agent"),
        (part.when_customer_says, "customer"),
    )
    for wording, speaker in conditions:
        if wording is not None:
            need = find_first(wording, call, call.agent if speaker == "agent" else call.customer)
            if need is None or not sure(need, case, speaker):
                return None
    said = islice(find_each(part.said, call, call.maybe_agent), part.times)
    return [call.evidence(match) for match in said]
