"""A QA call-audit workbench: local transcripts, rubric scores with evidence, monthly figures.

>>> import qa_audit as qa
>>> ws = qa.open("demo")            # doctest: +SKIP
>>> ws.run()                        # doctest: +SKIP
>>> ws.month("2026-10").agents      # doctest: +SKIP
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa_audit.workspace import Workspace

__version__ = "0.1.0"
__all__ = ["__version__", "open"]


def open(path: str | Path | None = None) -> Workspace:
    """Open a workspace: the folder given, else the one that `QA_AUDIT_WORKSPACE` names, else the nearest.

    The nearest is the current folder or one above it. Raises `QaError` when there is none.
    """
    from qa_audit.workspace import Workspace
    from qa_audit.workspace_folder import find_workspace

    chosen = path or os.environ.get("QA_AUDIT_WORKSPACE")
    return Workspace.open(chosen) if chosen else Workspace.open(find_workspace(Path.cwd()))
