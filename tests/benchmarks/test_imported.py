from datetime import datetime

from benchmarks.imported import import_numbered, sha256_of
from qa_audit.calls.query import calls_frame
from qa_audit.workspace import Workspace


def test_made_up_calls_are_there_as_if_imported(tmp_path):
    workspace = Workspace.create(tmp_path / "ws")
    start = datetime(2026, 10, 3, 9)
    import_numbered(workspace, [(7, start, {"agent_no": "8001"}), (8, start, {})])
    found = calls_frame(workspace.database, "2026-10")
    assert found.select("call_id", "sha256", "agent_no", "start").rows() == [
        ("C000007", sha256_of(7), "8001", start),
        ("C000008", sha256_of(8), None, start),
    ]
    assert found["recording"].to_list() == [
        "/recordings/20261003/000007.wav",
        "/recordings/20261003/000008.wav",
    ]
