import os
import subprocess
import sys

from qa_audit.store.processes import host_name, is_running, machine_id


def test_a_process_runs_until_it_ends_whether_or_not_it_is_waited_for():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_running(process.pid)
    process.stdin.close()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # ended, but not waited for
    assert not is_running(process.pid)
    process.wait()
    assert not is_running(process.pid)


def test_a_number_that_can_be_no_process_does_not_run():
    assert not is_running(2**40)


def test_processes_of_one_machine_agree_which_it_is():
    told = subprocess.check_output(
        [sys.executable, "-c", "from qa_audit.store.processes import machine_id; print(machine_id())"],
        text=True,
    )
    assert told.strip() == machine_id()
    assert host_name().replace("-", "").isalnum()
