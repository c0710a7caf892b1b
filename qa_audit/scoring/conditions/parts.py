"""Things that must be said in a place of the call: opening, title, further help, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain
from qa_audit.scoring.conditions.windows import find_in, stretch_of

if TYPE_CHECKING:
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.rubric import Parts


def judge_parts(check: Parts, case: Case) -> Judgement:
    """Pass when every part is said in the window; a fail earns the points of the parts that are.

    A missing part can't be told where it may be meant, where it is said just outside the window, or where the
    window was recognised too poorly. With unknown roles, a part that nobody says is missing all the same.
    """
    call = case.call
    speakers = call.maybe_agent
    if not _applies(check, case):
        return NOT_APPLICABLE
    window = stretch_of(check.window, call, speakers)
    wider = stretch_of(check.wider, call, speakers) if check.wider else window
    evidence, missing, unclear, points = [], [], [], 0.0
    for part in check.parts:
        if match := find_in(part.said, call, window):
            points += part.points
            evidence.append(call.evidence(match))
        elif match := find_in(part.doubtful, call, window) or find_in(part.said, call, wider):
            unclear.append(call.evidence(match))
        else:
            missing.append(call.absence(window.turns, part.name))
    if not missing and not unclear:
        return passed(evidence)
    if not missing or _too_little(check, case, window.turns):
        return uncertain([*missing, *unclear, *evidence])
    return failed([*missing, *unclear, *evidence], points / sum(part.points for part in check.parts))


def _too_little(check: Parts, case: Case, turns: tuple[int, ...]) -> bool:
    """Whether too little is known to call something absent: heard poorly, or few words without roles."""
    call = case.call
    if not call.roles_known:
        syllables = sum(len(call.lines[turn]) for turn in call.speech)
        # Half of the turns may be the customer's: the agent's own are too few for the item to apply.
        few_turns = check.min_agent_turns > 1 and len(call.speech) < 2 * check.min_agent_turns
        if syllables < check.min_unknown_syllables or few_turns:
            return True
    return case.doubtful(turns)


def _applies(check: Parts, case: Case) -> bool:
    call, facts = case.call, case.facts
    if check.not_when_customer_hangs_up and facts.hangup_by == "customer":
        return False
    if check.not_outbound and facts.direction == "outbound":
        return False
    if call.roles_known and len(call.agent) < check.min_agent_turns:
        return False
    return check.without_customer or bool(call.maybe_customer)
