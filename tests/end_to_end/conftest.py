import shutil
from pathlib import Path

import pytest

from qa_audit.demo import run_demo

SAMPLES = Path(__file__).parents[2] / "recordings_sample"


@pytest.fixture(scope="session")
def samples():
    return SAMPLES


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo workspace, run once for all tests: every sample call, the real model.

    Heard with the quicker engine: the default one takes two minutes longer, and has tests of its own.
    """
    folder = tmp_path_factory.mktemp("demo") / "demo"
    told = []
    lines = run_demo(folder, tell=told.append, engine="ctranslate2")
    (folder / "told.txt").write_text("\n".join(told), encoding="utf-8")
    (folder / "printed.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def own_demo(demo, tmp_path):
    """A copy of the demo workspace that a test may change."""
    return Path(shutil.copytree(demo, tmp_path / "demo"))
