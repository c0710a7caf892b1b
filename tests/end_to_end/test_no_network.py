"""The product works where there is no network at all, and the tests' own guard against one holds."""

import json
import shutil
import socket
import subprocess
import sys

import pytest


def test_a_connection_to_the_outside_fails_the_test():
    with socket.socket() as outside, pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_a_connection_within_the_machine_is_allowed():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


@pytest.mark.slow
def test_a_recording_is_checked_in_a_network_namespace_without_a_route(samples):
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this machine does not let the test make a network namespace")
    recording = min((samples / "calls").glob("*.wav"), key=lambda file: file.stat().st_size)
    command = [*alone, sys.executable, "-m", "qa_audit.cli", "check", str(recording), "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(run.stdout)
    assert told["turns"]
    assert told["score"] is not None
