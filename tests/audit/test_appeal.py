from datetime import UTC, datetime, timedelta

from qa_audit.audit.appeal import APPEALS_SCHEMA, Appeal, AppealStep, appeals_frame

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FILED = Appeal(
    7, "c1", "greeting", 3.5, "说了您好", "张三", NOON, ("李敏",), None,
    NOON + timedelta(days=3), NOON + timedelta(days=7),
)  # fmt: skip


def with_steps(*steps):
    return Appeal(*(getattr(FILED, name) for name in Appeal.__slots__[:-1]), steps)


def test_the_state_follows_from_the_steps():
    reply = AppealStep("reply", "王芳", NOON, "好")
    decision = AppealStep("decision", "主管", NOON, "对", outcome="partly")
    added = AppealStep("added", "赵", NOON, "还有")
    gone = AppealStep("withdrawal", "张三", NOON, "算了")
    states = [
        with_steps(*steps).state for steps in ((), (added,), (reply,), (reply, decision), (added, gone))
    ]
    assert states == ["filed", "filed", "replied", "partly", "withdrawn"]


def test_a_moment_of_grace_is_no_delay():
    assert FILED.late(FILED.reply_by) == ()
    assert FILED.late(FILED.reply_by + timedelta(seconds=1)) == ("reply",)


def test_appeals_as_a_frame():
    reply = AppealStep("reply", "王芳", NOON, "好")
    frame = appeals_frame([FILED, with_steps(reply)], NOON + timedelta(days=8))
    assert frame.schema == APPEALS_SCHEMA
    assert frame.select("appeal", "state", "open", "replied_by", "late").rows() == [
        (7, "filed", True, None, ["reply", "decision"]),
        (7, "replied", True, "王芳", ["decision"]),
    ]
    assert appeals_frame([], NOON).schema == APPEALS_SCHEMA
