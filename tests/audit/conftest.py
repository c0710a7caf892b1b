from datetime import datetime

import pytest

from qa_audit.audit.desk import Desk
from qa_audit.audit.opened import CallMaterial
from qa_audit.audit.queue import QueuedCall
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
from qa_audit.transcribe.turns import Transcript, Turn

TURNS = (
    Turn("agent", 0.5, 3.0, "喂，什么事？", 0.91234),
    Turn("customer", 3.2, 6.0, "我家的宽带上不去了。", 0.8),
    Turn("agent", 6.5, 9.0, "好的，我帮您报修。", 0.9),
    Turn("customer", 9.5, 11.0, "谢谢，再见。", 0.9),
)
TRANSCRIPT = Transcript("ab" * 32, 12.0, 2, "openai-whisper", "base", "balanced", TURNS)
CALL = {
    "start": datetime(2026, 11, 3, 9, 15, 7),
    "agent_no": "8001",
    "agent_name": "张三",
    "team": "一班",
    "direction": "inbound",
    "ring_s": 6.0,
    "internal": False,
    "hangup_by": "customer",
}


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def rubric():
    return load_rubric()


@pytest.fixture
def make_desk(database, rubric):
    """Desks on calls c1, c2, c3; c3 was never transcribed."""

    def material(call_id):
        if call_id == "c3":
            raise QaError("workspace.not_transcribed", call_id=call_id)
        return CallMaterial({**CALL, "call_id": call_id}, TRANSCRIPT)

    def make(who="李敏", **options):
        calls = [QueuedCall(f"c{number}", CALL["start"], "张三", 12.0) for number in (1, 2, 3)]
        return Desk(database, rubric, who, calls, material, **options)

    return make
