import subprocess
import sys

import pytest

from qa_audit.transcribe.trial import peak_bytes

TELL = "from qa_audit.transcribe.trial import peak_bytes; print(peak_bytes())"
STARTED_BY_A_LARGE_ONE = f"""
import subprocess, sys
held = bytearray(b"1" * 1_200_000_000)
print(subprocess.run([sys.executable, "-c", {TELL!r}], capture_output=True, text=True, check=True).stdout)
"""


def told_by(code):
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(told.stdout)


def test_the_most_that_this_process_held():
    held = bytearray(b"1" * 300_000_000)
    assert peak_bytes() > len(held)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system counts the process alone")
def test_what_held_the_process_that_started_it_does_not_count():
    # With CUDA's libraries torch alone holds 600 MB.
    assert told_by(TELL) < 1_000_000_000
    assert told_by(STARTED_BY_A_LARGE_ONE) < 1_000_000_000
