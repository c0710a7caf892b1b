import polars as pl
import pytest

from qa_audit.calls.query import calls_frame
from qa_audit.retention.forgetting import forget_words
from qa_audit.store.parts import part_path
from tests.made_audits import RUDE


def _holding(folder, words):
    """Files under a folder in which these words are."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            told = str(pl.read_parquet(path).to_dicts()) if path.suffix == ".parquet" else path.read_bytes()
            found += [path.relative_to(folder).parts[0]] if words in str(told) else []
    return sorted(set(found))


def _heard(workspace):
    return workspace.calls().filter(pl.col("status") == "scored")["call_id"]


@pytest.fixture
def words(scored):
    """Words that only the call `RUDE` holds, in turns, findings, index."""
    text = "".join(scored.turns(RUDE)["text"])
    others = "".join(turn for call in _heard(scored) if call != RUDE for turn in scored.turns(call)["text"])
    own = next(text[at : at + 6] for at in range(len(text) - 6) if text[at : at + 6] not in others)
    scored.find(own[:4])
    return own


def test_words_of_a_deleted_call_are_nowhere_and_the_others_stay(scored, words):
    call = calls_frame(scored.database, call_id=RUDE).row(0, named=True)
    before = scored.calls().height
    assert {"turns", "spoken"} <= set(_holding(scored.results, words))
    assert forget_words(scored.results, {call["sha256"]}, {RUDE}) == 1
    assert _holding(scored.results, words) == []
    assert forget_words(scored.results, {call["sha256"]}, {RUDE}) == 0
    assert scored.find(words[:4]).filter(pl.col("call_id") == RUDE).is_empty()
    assert scored.calls().height == before
    other = next(one for one in _heard(scored) if one != RUDE)
    assert scored.turns(other).height > 0


def test_verdicts_stay_without_the_words_that_showed_them(scored):
    month = scored.calls().filter(pl.col("call_id") == RUDE)["start"][0].strftime("%Y-%m")
    (path,) = (scored.results / "findings" / month).glob("*.parquet")
    before = pl.read_parquet(path)
    forget_words(scored.results, set(), {RUDE})
    after = pl.read_parquet(path)
    assert after.drop("evidence").equals(before.drop("evidence"))
    own = pl.col("call_id") == RUDE
    assert before.filter(own)["evidence"].list.len().sum() > 0
    assert after.filter(own)["evidence"].list.len().sum() == 0
    assert after.filter(~own).equals(before.filter(~own))


def test_damaged_parts_and_quick_ones_go_too(scored):
    call = calls_frame(scored.database, call_id=RUDE).row(0, named=True)
    month = call["start"].strftime("%Y-%m")
    torn = part_path(scored.results, "turns", month, "torn")
    damaged = torn.with_name("torn.parquet.damaged")
    damaged.write_text("什么事")
    quick = part_path(scored.results, "glance_moments", month, "k")
    quick.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({"quote": ["什么事"]}).write_parquet(quick)
    read = part_path(scored.results, "readings", month, "k")
    read.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({"sentence": [1]}).write_parquet(read)
    forget_words(scored.results, {call["sha256"]}, {RUDE})
    assert not damaged.exists()
    assert not quick.exists()
    assert not read.exists()


def test_nothing_deleted_changes_nothing(scored):
    before = {path: path.read_bytes() for path in scored.results.rglob("*.parquet")}
    assert forget_words(scored.results, set(), set()) == 0
    assert {path: path.read_bytes() for path in scored.results.rglob("*.parquet")} == before
