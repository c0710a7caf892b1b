import hashlib
from datetime import datetime, timedelta

import pytest

from qa_audit.calls.importing import import_calls
from qa_audit.store.database import open_database


class Centre:
    """A folder of recordings, imported: three calls of July, one of November; one recording in July twice."""

    def __init__(self, home, database):
        self.home, self.database = home, database
        self.recordings, self.archive = home / "录音", home / "disk"
        self.hashes = {}

    def add(self, day, contents, folder="七月"):
        path = self.recordings / folder / f"8001_{day:%Y%m%d%H%M%S}_13800138000.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)
        self.hashes[path.relative_to(self.recordings).as_posix()] = hashlib.sha256(contents).hexdigest()
        return path

    def imported(self):
        import_calls(self.database, self.recordings, who="李敏")
        return self


@pytest.fixture
def centre(tmp_path):
    home = tmp_path.resolve()
    database = open_database(home / "qa.db")
    made = Centre(home, database)
    made.archive.mkdir()
    start = datetime(2026, 7, 3, 9)
    for number in range(3):
        made.add(start + timedelta(hours=number), bytes([number]) * (700_000 + number))
    made.add(datetime(2026, 11, 3, 9), b"new" * 5000, "十一月")
    yield made.imported()
    database.dispose()
