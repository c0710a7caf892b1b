"""Actions and events as hypothesis makes them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from qa_audit.audit.actions import (
    SEVERITIES,
    SKIP_REASONS,
    SPEAKERS,
    CorrectRole,
    CorrectText,
    Fault,
    GiveVerdict,
    HandIn,
    PassRest,
    Redo,
    RemoveFault,
    Skip,
    SwapRoles,
    Undo,
    WriteComment,
)
from qa_audit.audit.sheet import AuditEvent
from qa_audit.scoring.verdicts import VERDICTS

ITEMS = ("greeting", "closing", "please")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)

_items = st.sampled_from(ITEMS)
_fault_ids = st.sampled_from([digit * 32 for digit in "abc"])
_words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_turns = st.integers(0, 2)
_times = st.tuples(st.floats(0, 60), st.floats(0, 60)).map(sorted)

CHANGES = st.one_of(
    st.builds(GiveVerdict, _items, st.sampled_from([*VERDICTS, None])),
    st.sets(_items, min_size=1).map(lambda chosen: PassRest(tuple(sorted(chosen)))),
    st.builds(
        lambda fault, item, severity, times, *words: Fault(fault, item, severity, *times, *words),
        _fault_ids,
        _items,
        st.sampled_from(SEVERITIES),
        _times,
        _words,
        _words,
    ),
    st.builds(RemoveFault, _fault_ids),
    st.builds(WriteComment, _words),
    st.builds(CorrectText, _turns, _words.map(lambda text: " ".join(text.split()))),
    st.builds(
        CorrectRole,
        st.sets(_turns, min_size=1).map(lambda turns: tuple(sorted(turns))),
        st.sampled_from(SPEAKERS),
    ),
    st.just(SwapRoles()),
    st.builds(Skip, st.sampled_from(SKIP_REASONS)),
)
"""Actions that may be undone."""

ACTIONS = CHANGES | st.sampled_from([HandIn(), Undo(), Redo()])


def event(number, action, who="李敏", call_id="c1", transcript_sha256=None):
    """An event at so many seconds after noon."""
    return AuditEvent(
        uuid=f"{number:032x}",
        at=NOON + timedelta(seconds=number),
        who=who,
        call_id=call_id,
        action=action,
        blind=True,
        rubric_sha256="0" * 64,
        rubric_version="1.0.0",
        transcript_sha256=transcript_sha256,
    )


def events(*actions, **common):
    """Events of these actions, a second apart."""
    return [event(number, action, **common) for number, action in enumerate(actions)]
