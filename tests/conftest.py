"""What all tests share. None may reach outside this machine: an attempt to connect fails the test.

With QA_AUDIT_TEST_ON=postgres, what opens a database file opens a PostgreSQL database in its place.
"""

import ipaddress
import os
import shutil
import sys
from unittest import mock

import pytest
from xdist.scheduler import LoadFileScheduling

from qa_audit.transcribe import weights
from qa_audit.workspace import Workspace
from tests.browser.made_workspace import make_workspace
from tests.postgres.cluster import running_cluster, server_binaries
from tests.postgres.in_place import databases_in_place_of_files


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

_INJECTED = []


@pytest.fixture
def injected():
    """Says, at the end of a test, how many faults it injected and survived; the run's end prints them all."""
    return lambda step, count, what: _INJECTED.append((step, count, what))


@pytest.fixture(scope="session", autouse=True)
def _weights_digested_once():
    """Each workspace that is made asks for the digest of the installed weights, 145 MB."""
    original, digests = weights.weights_digest, {}

    def weights_digest(model="base", path=None):
        place = next((one for one in weights.available_models(path, model) if one.chosen), None)
        if path is not None or place is None or place.source != "package":
            return original(model, path)
        key = tuple((file, file.stat().st_mtime_ns) for file in weights.package_files(model))
        if key not in digests:
            digests[key] = original(model, path)
        return digests[key]

    with mock.patch.object(weights, "weights_digest", weights_digest):
        yield


_ON_THE_DEMO = {f"tests/end_to_end/test_{name}.py" for name in ("demo", "notebooks")}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A file's tests in one process, and those on the demo in one: it takes minutes to make."""

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return "demo" if file in _ON_THE_DEMO else file

    return ByFile(config, log)


def pytest_collection_modifyitems(items):
    """Files with slow tests first, so that none is begun last where several processes share the work."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_sessionfinish(session):
    """Where processes share the work, each tells the first one what it injected."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["injected"] = _INJECTED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """A process of the run has ended."""
    _INJECTED.extend(getattr(node, "workeroutput", {}).get("injected", ()))


def pytest_terminal_summary(terminalreporter):
    """One line a test, and one for the whole run."""
    if not _INJECTED:
        return
    terminalreporter.section("faults")
    for step, count, what in _INJECTED:
        terminalreporter.write_line(f"{step}: injected {count}, survived {count}; {what}")
    total = sum(count for _, count, _ in _INJECTED)
    terminalreporter.write_line(f"in all: injected {total}, survived {total}")


@pytest.fixture(scope="session")
def server():
    """Where the programs of a PostgreSQL server lie."""
    binaries = server_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server on this machine (Debian: apt install postgresql)")
    return binaries


@pytest.fixture(scope="session")
def cluster(server):
    """A PostgreSQL server for this run."""
    with running_cluster(server) as running:
        yield running


@pytest.fixture
def postgres(cluster):
    """The URL of a new, empty PostgreSQL database."""
    name = cluster.new_database()
    yield cluster.url(name)
    cluster.drop([name])


if os.environ.get("QA_AUDIT_TEST_ON") == "postgres":

    @pytest.fixture(scope="session", autouse=True)
    def _on_postgres(cluster):
        with databases_in_place_of_files(cluster):
            yield

    @pytest.fixture(autouse=True)
    def _no_databases_left(_on_postgres, cluster):
        before = set(cluster.databases)
        yield
        cluster.drop(set(cluster.databases) - before)


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
