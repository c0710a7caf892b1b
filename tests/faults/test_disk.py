"""A disk that is full or a clock that was set back: what was kept stays, what was not is said."""

import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append, read_sheet
from qa_audit.audit.proof import verify_chain
from qa_audit.backup import back_up
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
from qa_audit.workspace import Workspace

RUBRIC = load_rubric()

FILLER = """
import resource, signal, sys
from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
database, rubric = open_database(sys.argv[1]), load_rubric()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
for number in range(1000):
    try:
        append(database, f"c{number}", "李敏", WriteComment("长" * 200), rubric)
    except QaError as error:
        print(error.code)
        break
    print("kept")
"""


@pytest.mark.slow
def test_a_full_disk_loses_nothing_that_was_kept(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", FILLER, str(tmp_path / "qa.db")], capture_output=True, text=True, check=True
    )
    *kept, code = run.stdout.split()
    assert len(kept) > 3
    assert code in ("store.disk_full", "store.disk_fault")
    database = open_database(tmp_path / "qa.db")
    proof = verify_chain(database)
    assert (proof.findings, proof.counts) == ((), {"audit_events": len(kept)})
    append(database, "after", "李敏", WriteComment("继续"), RUBRIC)
    assert verify_chain(database).head.length == len(kept) + 1
    database.dispose()


def test_a_backup_onto_a_full_disk_leaves_no_half_backup(tmp_path):
    made = Workspace.create(tmp_path / "ws")
    made.database.dispose()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, before[1]))
        with pytest.raises(QaError) as error:
            back_up(made.folder, tmp_path / "kept")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert error.value.code in ("store.disk_full", "store.disk_fault")
    assert [one.name for one in tmp_path.iterdir()] == ["ws"]


def test_a_clock_set_back_changes_neither_order_nor_proof(tmp_path):
    database = open_database(tmp_path / "qa.db")
    noon = datetime(2026, 11, 27, 12, tzinfo=UTC)
    for hours, said in ((0, "一"), (-48, "二"), (-1, "三")):
        append(database, "c1", "李敏", WriteComment(said), RUBRIC, now=noon + timedelta(hours=hours))
    assert read_sheet(database, "c1", "李敏").comment == "三"
    assert verify_chain(database).findings == ()
    database.dispose()
