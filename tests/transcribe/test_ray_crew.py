"""Ray in earnest where it is installed (`make test-ray`): two models on this machine, some killed at work."""

import contextlib
import importlib.util
import ipaddress
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from sqlalchemy import select

from qa_audit.messages import QaError
from qa_audit.store.database import reading
from qa_audit.store.schema import jobs as table
from qa_audit.transcribe import ray_crew
from qa_audit.transcribe.jobs import transcribe_pending
from qa_audit.transcribe.ray_actors import EngineModel, Halves, load_model, read_held
from qa_audit.transcribe.ray_crew import RayCrew, Shares, shares
from qa_audit.workspace import Workspace
from tests.transcribe.fake_transcribers import (
    SETTINGS,
    load,
    load_and_die,
    load_another_model,
    load_nothing,
    make_jobs,
    read,
)

SAMPLES = Path(__file__).parents[2] / "recordings_sample" / "calls"
INSTALLED = importlib.util.find_spec("ray") is not None


def in_earnest(test):
    """Mark a test that starts Ray: left out by `make test-fast`, and by all where the extra is missing."""
    needs_ray = pytest.mark.skipif(not INSTALLED, reason="the extra [ray] is not installed")
    old = pytest.mark.filterwarnings("error:.*removed in Ray")
    return pytest.mark.ray(pytest.mark.slow(needs_ray(old(test))))


@pytest.mark.parametrize("cpus", [1, 2, 3, 8, 16, 64, 200])
@pytest.mark.parametrize("gpus", [0, 1, 8])
def test_readers_and_models_always_fit(cpus, gpus):
    for most in (1, 3, 10_000):
        found = shares(cpus, gpus, 1e12, most)
        assert 1 <= found.models <= most
        assert found.readers >= 1
        assert found.models * found.model_cpus + 0.5 * found.readers <= cpus
        assert found.models * found.model_gpus <= gpus


def test_models_on_cpus_need_memory():
    assert shares(64, 0, 6e9, 500) == Shares(4, 1, 1.0, 0.0)
    assert shares(64, 0, 1e9, 500).models == 1


def test_without_ray_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(ray_crew.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(QaError) as error:
        RayCrew(2, SETTINGS, tmp_path, lambda _digest: None)
    assert error.value.code == "jobs.no_ray"
    assert "qa-audit[ray]" in error.value.text("en")


class SlowRay(ModuleType):
    """Ray on a machine so busy that its parts are late so many times."""

    def __init__(self, late):
        super().__init__("ray")
        self.late, self.shut_down = late, 0
        self.util = SimpleNamespace(get_node_ip_address=lambda: "127.0.0.1")

    def init(self, **options):
        self.late -= 1
        if self.late >= 0:
            raise Exception("The current node timed out during startup.")

    def shutdown(self):
        self.shut_down += 1


def test_a_ray_that_is_late_is_started_again_and_at_last_said_to_be(monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    late = SlowRay(2)
    monkeypatch.setitem(sys.modules, "ray", late)
    ray_crew.start()
    assert late.shut_down == 2
    monkeypatch.setitem(sys.modules, "ray", SlowRay(3))
    with pytest.raises(QaError) as error:
        ray_crew.start()
    assert error.value.code == "jobs.ray_failed"
    assert "timed out" in error.value.text("en")


@pytest.fixture(scope="module")
def two_cpus():
    """Ray on this machine with two processors, whatever it has."""
    ray_crew.set_up()
    import ray

    ray_crew.start(num_cpus=2, object_store_memory=200_000_000)
    yield ray
    ray.shutdown()


def _run(made, **options):
    jobs, database, results = made
    return transcribe_pending(jobs, database, results, SETTINGS, "d", workers=2, **{"load": load} | options)


def _parts(results):
    return {path.name: path.read_bytes() for path in results.rglob("*.parquet")}


def _hold_up(folder, name):
    os.mkfifo(folder / f"{name}.started")
    os.mkfifo(folder / f"{name}.gate")


def _kill_when_at_work(folder, name):
    """Kill -9 the process that is at work on a recording, in the midst of it; returns its id."""
    with (folder / f"{name}.started").open() as told:
        worker = int(told.readline())
        (folder / f"{name}.started").unlink()
        (folder / f"{name}.gate").unlink()
        os.kill(worker, signal.SIGKILL)
        assert told.read() == ""  # it is gone
    return worker


@in_earnest
def test_faults_cost_only_their_recordings_and_the_rest_is_as_here(two_cpus, tmp_path, injected):
    good = {f"{number:02d}": f"第{number}句" for number in range(6)}
    faulty = {"bad": "bad", "odd": "odd", "dies": "die", "dies-read": "die reading"}
    (tmp_path / "here").mkdir()
    _run(make_jobs(tmp_path / "here", good))
    folder = tmp_path / "ray"
    folder.mkdir()
    made = make_jobs(folder, good | faulty)
    _hold_up(folder, "03")
    outcomes = []
    run = threading.Thread(target=lambda: outcomes.append(_run(made, on="ray", halves=Halves(read, load))))
    run.start()
    _kill_when_at_work(folder, "03")
    run.join()
    (outcome,) = outcomes
    assert (outcome.done, outcome.workers, outcome.device) == (6, 2, "cpu")
    assert {Path(path).stem: error.code for path, error in outcome.failures} == {
        "bad": "audio.channels",
        "odd": "transcribe.failed",
        "dies": "jobs.worker_died",
        "dies-read": "jobs.worker_died",
    }
    with reading(made[1]) as connection:
        rows = {row.key: (row.state, row.attempts) for row in connection.execute(select(table))}
    assert rows == {
        **{f"k-{name}": ("done", 1) for name in good},
        "k-03": ("done", 2),
        **{f"k-{name}": ("failed", 3) for name in ("odd", "dies", "dies-read")},
        "k-bad": ("failed", 1),
    }
    attempts = (folder / "log").read_text().split()
    assert sorted(attempts) == sorted([*good, "03", "bad", *["odd", "dies", "dies-read"] * 3])
    assert _parts(made[2]) == _parts(tmp_path / "here" / "results")
    injected("Ray", 9, "7 kills of processes at work, 2 faults of recordings; 6 of 6 calls whole")


def _listening():
    """Addresses at which this process and all that it started listen, as the system's tables tell them."""
    family, own = {}, {os.getpid()}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            family[int(status.parent.name)] = int(status.read_text().rsplit(")", 1)[1].split()[1])
    while more := {one for one, parent in family.items() if parent in own} - own:
        own |= more
    sockets = set()
    for descriptor in (path for one in own for path in Path(f"/proc/{one}/fd").glob("*")):
        with contextlib.suppress(OSError):
            sockets.add(str(descriptor.readlink()))
    found = []
    for kind in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and f"socket:[{words[9]}]" in sockets:
                found.append(_address(words[1].split(":")[0]))
    return found


def _address(digits):
    """An address of the system's table, in which every four bytes stand in the machine's own order."""
    parts = [bytes.fromhex(digits[place : place + 8])[::-1] for place in range(0, len(digits), 8)]
    found = ipaddress.ip_address(b"".join(parts))
    return getattr(found, "ipv4_mapped", None) or found


def test_addresses_of_the_systems_table_are_read():
    told = ["0100007F", "00000000", "0000000000000000FFFF00000100007F", "0" * 32]
    assert [str(_address(one)) for one in told] == ["127.0.0.1", "0.0.0.0", "127.0.0.1", "::"]


@in_earnest
@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's tables of sockets")
def test_nothing_of_a_run_here_listens_to_other_machines(two_cpus, tmp_path):
    made = make_jobs(tmp_path, {"a": "x"})
    _hold_up(tmp_path, "a")
    outcomes = []
    run = threading.Thread(target=lambda: outcomes.append(_run(made, on="ray", halves=Halves(read, load))))
    run.start()
    with (tmp_path / "a.started").open() as told:
        told.readline()
        found = _listening()
        (tmp_path / "a.gate").open("w").close()
    run.join()
    assert outcomes[0].done == 1
    assert len(found) >= 5  # the table of the cluster, the node, the worker at work …
    assert [str(one) for one in found if not one.is_loopback] == []


def test_a_ray_that_listens_to_others_is_refused():
    ray_crew.check_alone("127.0.0.1")
    with pytest.raises(QaError) as error:
        ray_crew.check_alone("192.0.2.7")
    assert error.value.code == "jobs.ray_listens"
    assert "192.0.2.7" in error.value.text("en")
    assert "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0" in error.value.text("en")


@pytest.mark.parametrize(("address", "wanted"), [(None, "0"), ("10.0.0.5:6379", None)])
def test_only_where_a_cluster_is_joined_ray_may_listen_to_others(monkeypatch, address, wanted):
    monkeypatch.setattr(os, "environ", {} if address is None else {"RAY_ADDRESS": address})
    ray_crew.set_up()
    assert os.environ.get("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER") == wanted
    assert (os.environ["RAY_USAGE_STATS_ENABLED"], os.environ["RAY_AUTH_MODE"]) == ("0", "token")


@in_earnest
def test_models_that_die_while_they_load_stop_the_run(two_cpus, tmp_path, monkeypatch):
    monkeypatch.setattr(ray_crew, "RESTARTS", 1)
    made = make_jobs(tmp_path, {"a": "x"})
    with pytest.raises(QaError) as error:
        _run(made, on="ray", halves=Halves(read, load_and_die))
    assert error.value.code == "jobs.ray_failed"
    assert _parts(made[2]) == {}


@in_earnest
@pytest.mark.parametrize(
    ("loading", "code"),
    [(load_another_model, "jobs.other_model"), (load_nothing, "transcribe.model_missing")],
)
def test_what_keeps_every_model_from_working_stops_the_run(two_cpus, tmp_path, loading, code):
    made = make_jobs(tmp_path, {"a": "x", "b": "x"})
    with pytest.raises(QaError) as error:
        _run(made, on="ray", halves=Halves(read, loading))
    assert error.value.code == code
    assert _parts(made[2]) == {}
    with reading(made[1]) as connection:
        rows = connection.execute(select(table.c.state, table.c.attempts, table.c.token)).all()
    assert set(rows) == {("waiting", 0, None)}


@dataclass(frozen=True)
class Gated:
    """The real model, held up at the recording beside which pipes lie, as the fakes are."""

    model: EngineModel

    @property
    def digest(self):
        return self.model.digest

    def __call__(self, one):
        path = Path(one.recording.path)
        if path.with_suffix(".started").exists():
            told = os.open(path.with_suffix(".started"), os.O_WRONLY)
            os.write(told, f"{os.getpid()}\n".encode())
        if path.with_suffix(".gate").exists():
            path.with_suffix(".gate").read_bytes()
        return self.model(one)


def load_gated(settings):
    return Gated(load_model(settings))


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """The three shortest sample calls, and a workspace in which they were transcribed here."""
    folder = tmp_path_factory.mktemp("calls")
    (folder / "recordings").mkdir()
    for path in sorted(SAMPLES.glob("*.wav"), key=lambda path: path.stat().st_size)[:3]:
        shutil.copy(path, folder / "recordings")
    made = Workspace.create(folder / "here", recordings=folder / "recordings", engine="ctranslate2")
    made.import_calls()
    assert made.transcribe(workers=1).done == 3
    return folder


def _another(calls, folder):
    made = Workspace.create(folder, recordings=calls / "recordings", engine="ctranslate2")
    made.import_calls()
    return made


@in_earnest
def test_a_real_model_killed_at_work_gives_the_same_bytes(two_cpus, calls, tmp_path, monkeypatch, injected):
    made = _another(calls, tmp_path / "ray")
    held = sorted(path.stem for path in (calls / "recordings").glob("*.wav"))[0]
    _hold_up(calls / "recordings", held)
    monkeypatch.setattr(ray_crew, "ENGINE", Halves(read_held, load_gated))
    outcomes = []
    run = threading.Thread(target=lambda: outcomes.append(made.transcribe(workers=2, on="ray")))
    run.start()
    _kill_when_at_work(calls / "recordings", held)
    run.join()
    assert (outcomes[0].done, outcomes[0].failed) == (3, False)
    assert _parts(made.results) == _parts(calls / "here" / "results")
    injected("Ray", 1, "kill of whisper-base at work; 3 of 3 calls byte for byte as here")


@in_earnest
def test_the_command_starts_ray_without_a_route_to_the_outside(calls, tmp_path):
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode:
        alone = []
    made = _another(calls, tmp_path / "ray")
    command = [sys.executable, "-m", "qa_audit.cli", "transcribe", "--on", "ray", "--workers", "1"]
    shell = 'ip link set lo up 2>/dev/null; exec "$@"' if alone else 'exec "$@"'
    words = [*alone, "sh", "-c", shell, "sh", *command, "--workspace", str(made.folder), "--json"]
    told = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    assert (told["transcribed"], told["workers"], told["failures"]) == (3, 1, [])
    assert _parts(made.results) == _parts(calls / "here" / "results")
