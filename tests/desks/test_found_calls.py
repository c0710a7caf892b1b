from datetime import datetime

import polars as pl
import pytest

from qa_audit.desks.found_calls import FOUND_CALLS
from qa_audit.messages import QaError
from tests.browser.made_workspace import CALLS
from tests.made_audits import RUDE


def test_calls_are_found_by_what_was_said_also_by_sound(scored):
    turn = scored.turns(RUDE).row(0, named=True)
    words = turn["text"][:4]
    found = scored.find(words)
    assert dict(found.schema) == dict(FOUND_CALLS)
    row = found.filter(pl.col("call_id") == RUDE).row(0, named=True)
    assert (row["role"], row["at_s"], row["text"], row["tier"]) == (
        turn["role"], turn["start_s"], turn["text"], "exact",
    )  # fmt: skip
    assert scored.find("拟好").height == scored.find("您好").height > 0
    assert set(scored.find("拟好")["tier"]) == {"pinyin"}
    assert scored.find("今天天气真好啊").is_empty()


def test_what_else_is_known_narrows_it(scored):
    call = scored.calls().filter(pl.col("call_id") == RUDE).row(0, named=True)
    by_agent = scored.find("您好", agent=call["agent_no"])
    assert set(by_agent["agent_no"]) <= {call["agent_no"]}
    near = scored.find(at=call["start"], within_minutes=1.0, number=call["customer_no"])
    assert near["call_id"].to_list() == [RUDE]
    assert near["text"].to_list() == [None]
    assert scored.find(at=datetime(2020, 1, 1)).is_empty()
    assert scored.find("您好", month="2026-11").is_empty()


def test_without_words_the_newest_calls_come_first(scored):
    starts = scored.find()["start"].to_list()
    assert starts == sorted(starts, reverse=True)
    assert set(CALLS) <= set(scored.find()["call_id"])


def test_signs_alone_are_refused(scored):
    with pytest.raises(QaError) as error:
        scored.find("？！")
    assert error.value.code == "find.no_words"
