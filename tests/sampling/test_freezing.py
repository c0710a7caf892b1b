from datetime import datetime

import pytest
from sqlalchemy import select

from qa_audit.messages import QaError
from qa_audit.sampling.design import Design
from qa_audit.sampling.frame import make_frame
from qa_audit.sampling.freezing import commit, commitments, freeze, frozen_frame, frozen_frames
from qa_audit.sampling.tickets import commitment
from qa_audit.store.database import reading, writing
from qa_audit.store.sample_schema import seed_commitments
from tests.sampling.made_calls import month_of_calls

WORDS = "一二三四五六七八九十甲乙"


def test_words_are_not_kept_only_their_hash(database):
    with writing(database) as connection:
        bound = commit(connection, "2026-10", " 王芳 ", f"{WORDS}\n", datetime(2026, 11, 1))
        commit(connection, "2026-11", "李强", WORDS)
    with reading(database) as connection:
        assert commitments(connection, "2026-10") == [bound]
        rows = str(connection.execute(select(seed_commitments)).all())
    assert (bound.who, bound.committed_at) == ("王芳", datetime(2026, 11, 1))
    assert WORDS not in rows


@pytest.mark.parametrize(
    ("month", "who", "words", "code"),
    [
        ("2026-13", "王芳", WORDS, "calls.bad_month"),
        ("2026-10", "  ", WORDS, "sampling.no_name"),
        ("2026-10", "王芳", "短", "sampling.short_nonce"),
    ],
)
def test_what_nobody_can_be_bound_by(database, month, who, words, code):
    with pytest.raises(QaError) as error, writing(database) as connection:
        commit(connection, month, who, words)
    assert error.value.code == code


def test_a_person_is_known_by_any_blanks_in_the_name(database):
    with writing(database) as connection:
        assert commit(connection, "2026-10", "王　芳", WORDS).who == "王 芳"
        assert commit(connection, "2026-10", " 王  芳", WORDS).sha256 == commitment("2026-10", "王 芳", WORDS)


def test_a_frozen_frame_is_there_again(database):
    frame = make_frame(month_of_calls(), "2026-10", Design())
    with writing(database) as connection:
        frozen = freeze(connection, frame, "王芳")
    with reading(database) as connection:
        again = frozen_frame(connection, frozen.frame_id)
        assert frozen_frames(connection, "2026-10") == [again]
        assert frozen_frames(connection, "2026-09") == []
    assert again == frozen
    assert again.frame().calls.equals(frame.calls)
    with pytest.raises(QaError) as error, reading(database) as connection:
        frozen_frame(connection, 99)
    assert error.value.code == "sampling.no_frame"
