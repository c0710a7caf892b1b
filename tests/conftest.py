"""What all tests share. None may reach outside this machine: an attempt to connect fails the test."""

import ipaddress
import shutil
import sys

import pytest

from qa_audit.workspace import Workspace
from tests.browser.made_workspace import make_workspace


def _stay_home(event, arguments):
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = arguments[1][0]
    try:
        inside = not host or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = host == "localhost"
    if not inside:
        raise PermissionError(f"a test tried to connect to {host}")


sys.addaudithook(_stay_home)


@pytest.fixture(scope="session")
def scored_folder(tmp_path_factory):
    """A workspace of a few sample calls, scored by what was said in them; not to be changed."""
    folder = tmp_path_factory.mktemp("scored") / "ws"
    make_workspace(folder)
    return folder


@pytest.fixture
def scored(scored_folder, tmp_path):
    """A copy of that workspace that a test may change."""
    return Workspace.open(shutil.copytree(scored_folder, tmp_path / "ws"))
