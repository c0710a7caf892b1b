"""`make demo`: the sample calls from recording to month, in one go; the second time nothing is done twice."""

from __future__ import annotations

import sys
from pathlib import Path

from qa_audit.console import table
from qa_audit.messages import QaError, say
from qa_audit.settings import SETTINGS_FILE
from qa_audit.workspace import Workspace

SAMPLES = Path(__file__).parents[1] / "recordings_sample"


def run_demo(folder: Path, samples: Path = SAMPLES) -> list[str]:
    """Make (or reopen) the demo workspace, run it, write every month; returns the lines to print."""
    if (folder / SETTINGS_FILE).is_file():
        workspace = Workspace.open(folder)
    else:
        workspace = Workspace.create(
            folder,
            recordings=samples,
            call_list=samples / "call_list.csv",
            roster=samples / "roster.csv",
            department=say("demo.department"),
        )
    lines = [say("demo.title", folder=workspace.folder), str(workspace.run())]
    written: list[Path] = []
    headings = [say(f"demo.column.{name}") for name in ("agent", "name", "team", "calls", "score", "faults")]
    for month in workspace.months():
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
        written += workspace.report(month, workspace.folder / "reports")
    lines += ["", say("demo.files"), *(f"  {path}" for path in written), "", say("demo.next")]
    return lines


def main() -> None:
    """Entry point of `python -m qa_audit.demo FOLDER`."""
    try:
        print("\n".join(run_demo(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))))
    except QaError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
