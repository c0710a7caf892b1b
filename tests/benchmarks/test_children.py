import subprocess
import sys

from benchmarks.children import children_s


def test_what_a_child_used_is_counted_when_it_has_ended():
    before = children_s()
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    assert children_s() > before
