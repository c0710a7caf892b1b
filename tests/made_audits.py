"""What inspectors say of the calls of the `scored` workspace."""

from qa_audit.audit.actions import Fault, GiveVerdict, HandIn, PassRest
from qa_audit.audit.events import append
from tests.browser.made_workspace import CALLS

RUDE, HARSH = CALLS[4], CALLS[3]


def hand_in(workspace, call_id, who, *fails, faults=()):
    """Hand a call in: `fails` fail, `faults` (item, start_s, end_s) are marked, all else passes."""
    actions = [GiveVerdict(item, "fail") for item in fails]
    for number, (item, start_s, end_s) in enumerate(faults, 1):
        actions.append(Fault(f"{number:032x}", item, "major", start_s, end_s, "您好", "开头没问候"))
    rest = PassRest(tuple(item.id for item in workspace.rubric.items))
    for action in (*actions, rest, HandIn()):
        append(workspace.database, call_id, who, action, workspace.rubric)
