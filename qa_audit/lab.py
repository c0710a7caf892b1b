"""JupyterLab at the notebooks, in Chinese, with everything switched off in it that would ask the internet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qa_audit.messages import QaError, language

if TYPE_CHECKING:
    from collections.abc import Sequence

WORKSPACE_VARIABLE = "QA_AUDIT_WORKSPACE"
"""Environment variable that tells a notebook which workspace to open."""

CONFIG = Path(__file__).parent / "jupyter_config"
"""What JupyterLab has no option for: no question about news; the start page is shown, not its source;
▶▶ runs a notebook without asking whether to restart or which kernel to take."""

CONFIG_ZH = Path(__file__).parent / "jupyter_config_zh"
"""JupyterLab in Chinese (its language pack is installed with the product); a user's own setting wins."""

ALLOW_ROOT = "--allow-root"
"""Without it JupyterLab refuses root, who may read and write all that the notebooks name."""

START_PAGE = "README.md"
"""In the folder of the notebooks; links them in the order of the work."""

# JupyterLab's own announcements, update check and extension catalogue call outside hosts.
STAY_HOME = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    # A language server that lies beside it would be started, and takes the keys by a dialog of its own.
    "--LanguageServerManager.autodetect=False",
)


def find_notebooks(start: Path) -> Path:
    """The `notebooks` folder in `start` or above it, else the one beside an editable install.

    Raises `QaError` when there is none.
    """
    candidates = [folder / "notebooks" for folder in (start, *start.parents, Path(__file__).parents[1])]
    for folder in candidates:
        if any(folder.glob("*.ipynb")):
            return folder
    raise QaError("lab.no_notebooks")


def lab_command(notebooks: Path, arguments: Sequence[str] = ()) -> list[str]:
    """The command line that opens JupyterLab at `notebooks`."""
    root = f"--ServerApp.root_dir={notebooks.resolve()}"
    start = [f"--LabApp.default_url=/lab/tree/{START_PAGE}"] if (notebooks / START_PAGE).is_file() else []
    return [sys.executable, "-m", "jupyterlab", root, *start, *STAY_HOME, *arguments]


def config_paths(before: str = "") -> str:
    """`JUPYTER_CONFIG_PATH` for the language in use; `before` is what it was and goes last."""
    own = [CONFIG, CONFIG_ZH] if language() == "zh" else [CONFIG]
    return os.pathsep.join([*map(str, own), *filter(None, [before])])


def start_lab(
    notebooks: Path | None, workspace: Path | None, arguments: Sequence[str] = (), *, as_root: bool = False
) -> int:
    """Run JupyterLab until it is closed; returns its exit code.

    Raises `QaError` `lab.root` for root, under whom it starts only `as_root`.
    """
    if as_root:
        arguments = (ALLOW_ROOT, *arguments)
    if os.geteuid() == 0 and ALLOW_ROOT not in arguments:
        raise QaError("lab.root")
    environment = dict(os.environ)
    environment["JUPYTER_CONFIG_PATH"] = config_paths(environment.get("JUPYTER_CONFIG_PATH", ""))
    if workspace is not None:
        environment[WORKSPACE_VARIABLE] = str(workspace.resolve())
    command = lab_command(notebooks or find_notebooks(Path.cwd()), arguments)
    return subprocess.run(command, env=environment, check=False).returncode
