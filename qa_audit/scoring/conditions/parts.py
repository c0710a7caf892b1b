"""Things that must be said in a place of the call: opening, title, further help, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain
from qa_audit.scoring.conditions.likely import UNLIKELY, likely_said
from qa_audit.scoring.conditions.windows import Stretch, find_in, stretch_of
from qa_audit.scoring.hearing import NOT_HEARD
from qa_audit.scoring.wording import find_all

if TYPE_CHECKING:
    from qa_audit.scoring.call_text import Match
    from qa_audit.scoring.checks import Parts, RequiredPart
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.conditions.likely import Likelihood
    from qa_audit.scoring.hearing import Heard

CONTINUES_S = 0.3
"""A machine that stops talking so short before the agent begins may be the agent."""
OWN_WORDS = 4
"""From so many syllables on words of the script are the agent's, whoever seems to say them."""


def judge_parts(check: Parts, case: Case) -> Judgement:
    """Pass when every part is said in the window; a fail earns the points of the parts that are.

    A missing part can't be told where it may be meant, where it is said just outside the window, where the
    window was recognised too poorly, or where a machine seems to say it right before the agent's first words.
    With unknown roles, a part that nobody says is missing all the same. The audio is asked for parts that the
    text lacks or has by tolerance, and goes before the text.
    """
    call = case.call
    speakers = call.maybe_agent
    if not _applies(check, case):
        return NOT_APPLICABLE
    window = stretch_of(check.window, call, speakers)
    wider = stretch_of(check.wider, call, speakers) if check.wider else window
    run_in, machine = _run_in(check, case, window), _machine_before(check, case, window)
    evidence, missing, unclear, asked, points, faults = [], [], [], [], 0.0, 0
    for part in check.parts:
        match = find_in(part.said, call, window) or _in_run_in(part, case, run_in)
        chance = UNLIKELY if match else _within(window, case, likely_said(part.likely, case, window.turns))
        if chance.says == "yes":
            match = chance.match
        heard = _heard(part, match, chance, case, window, anywhere=not check.window.narrow)
        asked += heard.open
        if match and heard.says != "no":
            points += part.points
            evidence.append(call.evidence(match))
        elif heard.says == "yes" or (heard.says == "unclear" and chance.phrase):
            # What may stand in a place by the text, and by the sound, stands there.
            points += part.points
            evidence += heard.shown
        elif heard.says == "unclear":
            unclear += heard.shown
        elif open_at := chance.left_open(heard.says):
            unclear += [call.evidence(open_at), *heard.shown]
        elif other := find_in(part.doubtful, call, window) or (
            None if match else find_in(part.said, call, wider)
        ):
            unclear.append(call.evidence(other))
        elif find_in(part.said, call, machine):
            unclear.append(call.absence(window.turns, part.name))
        else:
            missing += [call.absence(window.turns, part.name), *heard.shown]
            faults += 1
    if not missing and not unclear:
        return passed(evidence).asking(asked)
    lost = not evidence and _lost_edge(check, case)
    if not missing or lost or _too_little(check, case, window.turns):
        return uncertain([*missing, *unclear, *evidence]).asking(asked)
    share = points / sum(part.points for part in check.parts)
    return failed([*missing, *unclear, *evidence], share, hits=faults).asking(asked)


def _run_in(check: Parts, case: Case, window: Stretch) -> dict[int, int]:
    """Turns that seem the customer's and hold words of the script, and where these begin.

    Where both are on one channel, the recogniser may run the agent's words into the customer's turn beside
    them; words of the script that are too many to be the customer's own (感谢您的来电) tell.
    """
    call = case.call
    if not (call.one_channel and call.roles_known and window.turns and check.window.narrow):
        return {}
    first, last = window.turns[0] - 1, window.turns[-1] + 1
    beside = [turn for turn in call.customer if first <= turn <= last]
    found: dict[int, int] = {}
    for part in check.parts:
        for match in find_all(part.said, call, beside):
            if match.end - match.start >= OWN_WORDS:
                found[match.turn] = min(match.start, found.get(match.turn, match.start))
    return found


def _machine_before(check: Parts, case: Case, window: Stretch) -> Stretch:
    """What seems a machine's and runs into the agent's first words; one person may have said both."""
    call = case.call
    if not (check.window.first_turns and window.turns and window.turns[0]):
        return Stretch(())
    before, first = call.turns[window.turns[0] - 1], call.turns[window.turns[0]]
    runs_on = before.channel == first.channel and first.start_s - before.end_s <= CONTINUES_S
    return Stretch((window.turns[0] - 1,) if before.role == "system" and runs_on else ())


def _in_run_in(part: RequiredPart, case: Case, run_in: dict[int, int]) -> Match | None:
    found = find_all(part.said, case.call, run_in)
    return next((match for match in found if match.start >= run_in[match.turn]), None)


def _within(window: Stretch, case: Case, chance: Likelihood) -> Likelihood:
    """A likelihood, unless its place lies outside the seconds of the window."""
    match = chance.match
    if match is None or window.start_s <= case.call.seconds(match.turn, match.start) <= window.end_s:
        return chance
    return UNLIKELY


def _heard(
    part: RequiredPart,
    match: Match | None,
    chance: Likelihood,
    case: Case,
    window: Stretch,
    *,
    anywhere: bool,
) -> Heard:
    """What the audio says of a part that the text does not have, or only in what may be other words.

    Where the text tells which phrase may stand in which turns, it is asked for that one there. Words of two
    syllables that may stand anywhere (女士) are asked for nowhere else: in 55 spoken calls whose text had no
    title, the three places that were one sounded less like it than some that were none.
    """
    if chance.phrase and (match is None or match is chance.match):
        return case.hearing.ask(chance.turns, (chance.phrase,))
    if match is None:
        if anywhere and part.likely.lead:
            return NOT_HEARD
        heard = case.hearing.ask(window.turns, part.said.phrases)
        inside = all(window.start_s <= one.start_s <= window.end_s for one in heard.shown)
        return heard if inside else NOT_HEARD
    return case.hearing.ask((match.turn,), part.said.phrases) if match.tier == "near" else NOT_HEARD


def _too_little(check: Parts, case: Case, turns: tuple[int, ...]) -> bool:
    """Whether too little is known to call something absent: heard poorly, or few words without roles."""
    call = case.call
    if turns and sum(call.turns[one].end_s - call.turns[one].start_s for one in turns) < check.least_s:
        return False
    if not call.roles_known:
        syllables = sum(len(call.lines[turn]) for turn in call.speech)
        # Half of the turns may be the customer's: the agent's own are too few for the item to apply.
        few_turns = check.min_agent_turns > 1 and len(call.speech) < 2 * check.min_agent_turns
        if syllables < check.min_unknown_syllables or few_turns:
            return True
    return case.mostly_doubtful(turns)


def _lost_edge(check: Parts, case: Case) -> bool:
    """Whether the customer speaks first, or last, and there was time for the agent beyond it."""
    call, edge_s = case.call, check.lost_edge_s
    if edge_s is None or not call.speech or not call.roles_known:
        return False
    first, last = call.speech[0], call.speech[-1]
    if check.window.last_turns:
        left_s = (case.duration_s or 0.0) - max(call.turns[one].end_s for one in call.speech)
        return call.roles[last] == "customer" and left_s >= edge_s
    before_s = call.turns[first].start_s
    return call.roles[first] == "customer" and before_s >= edge_s and bool(call.agent)


def _applies(check: Parts, case: Case) -> bool:
    call, facts = case.call, case.facts
    if check.not_when_customer_hangs_up and facts.hangup_by == "customer":
        return False
    if check.not_outbound and facts.direction == "outbound":
        return False
    if call.roles_known and len(call.agent) < check.min_agent_turns:
        return False
    return check.without_customer or call.customer_there
