"""`qa-audit rubric history`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from qa_audit.commands.rubric import json_option, workspace_option
from qa_audit.commands.rule_status import rubric
from qa_audit.console import SpokenOption, print_json, table
from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.audit.rubric_uses import RubricUse

__all__ = ["rubric"]


@rubric.command(says="rubric_history")
@click.option("--text", type=int, default=None, cls=SpokenOption, says="cli.option.rubric_text")
@click.option("--diff", type=int, default=None, cls=SpokenOption, says="cli.option.rubric_diff")
@workspace_option
@json_option
def history(text: int | None, diff: int | None, workspace: Path | None, as_json: bool) -> int:
    import qa_audit
    from qa_audit.audit.rubric_uses import rubric_uses_of
    from qa_audit.shown.rubric_uses import difference, shown_uses

    uses = rubric_uses_of(qa_audit.open(workspace).database)
    if text is not None:
        click.echo(_numbered(uses, text).text, nl=False)
    elif diff is not None:
        after = _numbered(uses, diff)
        if after is uses[0]:
            raise QaError("rubric_use.first", number=diff)
        told = difference(uses[uses.index(after) - 1], after)
        print_json(told.as_json()) if as_json else click.echo(str(told))
    elif as_json:
        print_json({"uses": [asdict(one) | {"at": one.at.isoformat()} for one in uses]})
    elif uses:
        shown = shown_uses(uses)
        click.echo(table(*shown[:2], right=shown.right))
    else:
        click.echo(say("rubric_use.nothing"))
    return 0


def _numbered(uses: list[RubricUse], number: int) -> RubricUse:
    for one in uses:
        if one.number == number:
            return one
    raise QaError("rubric_use.no_number", number=number, last=len(uses))
