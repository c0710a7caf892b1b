"""The maker is no installed package: its folder is put on the path for these tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "recordings_sample"))
