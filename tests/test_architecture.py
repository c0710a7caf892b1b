"""Data flows one way: a package imports only from those before it (docs/design.md)."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "qa_audit"
LEVELS = (
    *({"messages", "progress"}, {"text", "store"}, {"calls"}, {"transcribe"}, {"scoring"}, {"sampling"}),
    *({"audit"}, {"estimation"}, {"closing"}, {"reports"}, {"retention"}),
)
"""From the lowest up; what is not named composes them and may import from all."""
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] in LEVEL)
OUTER = {"widgets", "commands", "cli", "shown", "desks", "months", "workspace"}


def imported(path):
    """Names of the parts of the package that a module imports, for type checking only or in earnest."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("qa_audit."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (one.name.split(".")[1] for one in node.names if one.name.startswith("qa_audit."))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_package_imports_only_from_those_before_it(path):
    own = LEVEL[path.relative_to(PACKAGE).parts[0]]
    later = {name for name in imported(path) if LEVEL.get(name, len(LEVELS) if name in OUTER else -1) > own}
    assert later == set()


def test_transcription_and_scoring_know_no_notebook():
    for package in ("transcribe", "scoring"):
        for path in (PACKAGE / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "ipywidgets" not in text
            assert "IPython" not in text


def test_the_order_is_the_one_that_is_documented():
    page = (PACKAGE.parent / "docs" / "design.md").read_text(encoding="utf-8")
    line = next(line for line in page.splitlines() if line.startswith("messages, progress"))
    told = [set(part.strip().split(", ")) for part in line.split("→")]
    assert told[0] == LEVELS[0] | LEVELS[1]
    assert told[1 : len(LEVELS) - 1] == list(LEVELS[2:])


UNPICKLING = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"}


# Between processes of one run, which `multiprocessing` would pickle as well: nothing of it is ever a file.
OWN_PROCESSES = {PACKAGE / "transcribe" / "ray_actors.py"}


@pytest.mark.parametrize(
    "path",
    sorted(set(PACKAGE.rglob("*.py")) - OWN_PROCESSES),
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_nothing_from_outside_is_unpickled(path):
    """`pickle` may be imported for the name of its error only; torch and numpy are told not to unpickle."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert not (node.value.id in UNPICKLING and node.attr in ("load", "loads", "Unpickler", "open"))
        if isinstance(node, ast.ImportFrom):
            assert node.module not in UNPICKLING
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "load":
            told = {one.arg: ast.unparse(one.value) for one in node.keywords}
            owner = ast.unparse(node.func.value)
            assert owner != "torch" or told.get("weights_only") == "True"
            assert owner != "np" or told.get("allow_pickle") == "False"
