"""`make demo`: the sample calls from recording to month, in one go; the second time nothing is done twice."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa_audit.console import table
from qa_audit.messages import QaError, say
from qa_audit.settings import SETTINGS_FILE
from qa_audit.transcribe.journal import hearing
from qa_audit.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_audit.outcomes import RunOutcome

SAMPLES = Path(__file__).parents[1] / "recordings_sample"


def run_demo(
    folder: Path,
    samples: Path = SAMPLES,
    tell: Callable[[str], None] = print,
    *,
    engine: str | None = None,
) -> list[str]:
    """Make (or reopen) the demo workspace, run it, write every month; returns the lines to print at the end.

    `tell` is given a line as each stage begins and, where no bar shows it, one for each recording.
    A new workspace hears with `engine`, the usual one where none is given.
    """
    tell(say("demo.working", folder=folder.absolute()))
    if (folder / SETTINGS_FILE).is_file():
        workspace = Workspace.open(folder)
    else:
        workspace = Workspace.create(
            folder,
            recordings=samples,
            call_list=samples / "call_list.csv",
            roster=samples / "roster.csv",
            department=say("demo.department"),
            engine=engine,
        )
    lines = [say("demo.title", folder=workspace.folder), str(_run(workspace, tell))]
    written: list[Path] = []
    reports = workspace.folder / "reports"
    headings = [say(f"demo.column.{name}") for name in ("agent", "name", "team", "calls", "score", "faults")]
    for month in workspace.months():
        tell(say("demo.reporting", month=month))
        figures = workspace.month(month)
        context = workspace.report_context(month)
        rows = [
            (
                row["agent_no"],
                row["agent_name"] or "",
                row["team"],
                row["scored"],
                "" if row["mean"] is None else f"{row['mean']:.1f}",
                say("run.list_comma").join(context.name(fault["item"]) for fault in row["faults"]),
            )
            for row in figures.agents.iter_rows(named=True)
        ]
        lines += ["", say("demo.month", month=month), table(headings, rows, right=(3, 4))]
        written += workspace.report(month, reports)
    lines += ["", say("demo.files", count=len(written), folder=reports), say("demo.next")]
    return lines


def _run(workspace: Workspace, tell: Callable[[str], None]) -> RunOutcome:
    done = total = 0

    def count(event: str) -> None:
        nonlocal done, total
        if event == "run.started":  # all is imported, nothing heard yet
            total = workspace.status().total.waiting
            tell(say("demo.imported", total=total))
        if event == "recording.done" and not sys.stderr.isatty():
            done += 1
            tell(say("demo.counted", done=done, total=total))

    with hearing(count):
        return workspace.run()


def main() -> None:
    """Entry point of `python -m qa_audit.demo FOLDER`."""
    try:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else "demo")
        # At once, also into a file or a pipe: the whole takes minutes.
        print("\n".join(run_demo(folder, tell=partial(print, flush=True))))
    except QaError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
