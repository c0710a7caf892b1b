"""How a month's figures were made, as its reports say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit import __version__
from qa_audit.messages import language
from qa_audit.reports.context import ReportContext, report_items

if TYPE_CHECKING:
    from qa_audit.workspace import Workspace


def context_of(workspace: Workspace, month: str) -> ReportContext:
    """The rubric, the machine and the place in the event log that figures of now rest on."""
    rubric, choices = workspace.rubric, workspace.choices
    return ReportContext(
        month=month,
        language=language(),
        rubric_id=rubric.id,
        rubric_version=rubric.version,
        rubric_sha256=rubric.sha256,
        items=report_items(rubric.items),
        engine=choices.engine,
        model=choices.model,
        preset=choices.preset,
        department=workspace.settings.department.name or workspace.folder.name,
        code_version=__version__,
        situations=report_items(rubric.situations),
        zero_on_critical=rubric.zero_on_critical,
        chain_head=str(workspace.head),
    )
