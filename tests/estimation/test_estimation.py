import subprocess
import sys


def test_importing_the_package_does_not_load_scipy():
    """Scoring and reports import it too, and scipy takes a third of a second."""
    code = "import sys, qa_audit.estimation; print(any(name.startswith('scipy') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
