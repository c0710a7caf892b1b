"""Events of one call by two people, for what is kept of them."""

from qa_audit.audit.actions import CorrectText, Fault, GiveVerdict, Undo, WriteComment
from qa_audit.audit.events import append
from qa_audit.scoring import load_rubric
from qa_audit.store.chain import read_head

RUBRIC = load_rubric()


def six_events(database):
    """Six events of two people, numbered 1 to 6; the heads after each."""
    done = (
        ("李敏", GiveVerdict("closing", "fail")),
        ("李敏", Fault("a" * 32, "closing", "major", 1.0, 2.5, "感谢来电", "")),
        ("王芳", WriteComment("客户报了手机号")),
        ("李敏", CorrectText(3, "我姓欧阳")),
        ("王芳", GiveVerdict("greeting", "pass")),
        ("李敏", Undo()),
    )
    heads = []
    for who, action in done:
        append(database, "c1", who, action, RUBRIC, transcript_sha256="t")
        heads.append(read_head(database))
    return heads
