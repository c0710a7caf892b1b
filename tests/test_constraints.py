"""constraints.txt installs on every Python that the project promises, Debian 12's 3.11.2 among them."""

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
PINNED = re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M)
DEBIAN_12 = "3.11.2"


def _wants(name, version):
    """What Python the pinned release wants; None where another one, or none, is installed."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    return found.get("Requires-Python", "") if found["Version"].split("+")[0] == version else None


def test_most_pinned_releases_are_installed_and_looked_at():
    assert len(PINNED) > 100
    assert sum(_wants(*one) is not None for one in PINNED) > 0.8 * len(PINNED)


@pytest.mark.parametrize(("name", "version"), PINNED)
def test_a_pinned_release_runs_on_the_oldest_python(name, version):
    wanted = _wants(name, version)
    assert wanted is None or SpecifierSet(wanted).contains(DEBIAN_12)
