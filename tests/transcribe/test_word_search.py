import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.messages import QaError
from qa_audit.store.parts import write_part
from qa_audit.text.search import find, searchable
from qa_audit.transcribe import word_search
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.turns import Transcript, Turn
from qa_audit.transcribe.word_search import FOUND_SCHEMA, find_words, index_turns, indexed_keys, spoken_frame

CALLS = {
    "k1": ("您好，请问有什么可以帮您？", "我要退款，上个月多扣了。"),
    "k2": ("您好。", "我要推宽。", "好的，为您办理退款。"),
    "k3": ("您好。", "呃，退 款！什么时候到账？"),
    "k4": (),
}


@pytest.fixture
def results(tmp_path):
    for key, texts in CALLS.items():
        write(tmp_path, key, texts)
    return tmp_path


def write(results, key, texts, month="2026-10"):
    turns = tuple(
        Turn("agent" if place % 2 == 0 else "customer", 5.0 * place, 5.0 * place + 4, text, 0.9)
        for place, text in enumerate(texts)
    )
    transcript = Transcript(key * 32, 30.0, 1, "openai-whisper", "base", "balanced", turns)
    write_part(turns_frame(transcript), results, TURNS, month, key)


def test_words_are_found_by_writing_and_by_sound(results):
    assert index_turns(results, CALLS) == 4
    found = find_words(results, ["退款"])
    assert found.schema == FOUND_SCHEMA
    assert found.select("key", "turn", "role", "start_s", "tier").sort("key", "turn").rows() == [
        ("k1", 1, "customer", 5.0, "exact"),
        ("k2", 1, "customer", 5.0, "pinyin"),
        ("k2", 2, "agent", 10.0, "exact"),
        ("k3", 1, "customer", 5.0, "exact"),
    ]
    assert found["words"].unique().to_list() == ["退款"]


def test_a_recording_must_hold_all_words(results):
    index_turns(results, CALLS)
    assert set(find_words(results, ["退款", "到账"])["key"]) == {"k3"}
    assert set(find_words(results, ["您好", "推宽"])["key"]) == {"k1", "k2", "k3"}
    assert find_words(results, ["退款", "天气"]).is_empty()


def test_tolerance_is_as_strict_or_lax_as_asked(results):
    index_turns(results, CALLS)
    assert set(find_words(results, ["退款"], "exact")["key"]) == {"k1", "k2", "k3"}
    assert set(find_words(results, ["推宽"], "exact")["key"]) == {"k2"}
    assert find_words(results, ["什么时候道站"], "exact").is_empty()
    assert find_words(results, ["什么时候出账"], "pinyin").is_empty()
    assert find_words(results, ["什么时候出账"], "near")["tier"].to_list() == ["near"]


@pytest.mark.parametrize("words", [[], ["，。"], ["退款", "！"]])
def test_signs_alone_are_no_words(results, words):
    with pytest.raises(QaError) as error:
        find_words(results, words)
    assert error.value.code == "find.no_words"


def test_only_new_turns_enter_the_index(results, monkeypatch):
    monkeypatch.setattr(word_search, "CALLS_A_PART", 3)
    assert index_turns(results, ["k1", "unknown"]) == 1
    assert indexed_keys(results) == {"k1"}
    write(results, "k5", ("退款",), month="2026-11")
    assert index_turns(results, [*CALLS, "k5"]) == 4
    assert index_turns(results, [*CALLS, "k5"]) == 0
    assert indexed_keys(results) == {*CALLS, "k5"}
    assert set(find_words(results, ["退款"])["key"]) == {"k1", "k2", "k3", "k5"}


def test_a_recording_put_in_twice_is_found_once(results):
    index_turns(results, CALLS)
    again = spoken_frame(turns_frame(Transcript("k1" * 32, 9.0, 1, "e", "m", "p", (
        Turn("agent", 0.0, 4.0, CALLS["k1"][0], 0.9), Turn("customer", 5.0, 9.0, CALLS["k1"][1], 0.9),
    ))).with_columns(key=pl.lit("k1")))  # fmt: skip
    write_part(again, results, word_search.SPOKEN, "2026-10", "f" * 32)
    assert find_words(results, ["退款"]).filter(pl.col("key") == "k1").height == 1


def test_a_damaged_part_of_the_index_is_set_aside_and_named(results):
    index_turns(results, CALLS)
    (part,) = (results / "spoken" / "2026-10").glob("*.parquet")
    whole = part.read_bytes()
    part.write_bytes(whole[:4] + bytes(len(whole) // 2) + whole[4 + len(whole) // 2 :])
    with pytest.raises(QaError) as error:
        find_words(results, ["退款"])
    assert (error.value.code, part.exists()) == ("store.damaged_part", False)
    index_turns(results, CALLS)
    assert set(find_words(results, ["退款"])["key"]) == {"k1", "k2", "k3"}


def test_without_turns_nothing_is_found(tmp_path):
    assert index_turns(tmp_path, ["k1"]) == 0
    assert find_words(tmp_path, ["退款"]).schema == FOUND_SCHEMA


SIGNS = st.text("您好退款推宽吗,。 a100%請問呃\n", min_size=0, max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(texts=st.lists(SIGNS, min_size=1, max_size=4))
def test_the_index_spells_turns_as_the_search_does(texts):
    turns = pl.DataFrame({"key": "k", "turn": 0, "role": "agent", "start_s": 0.0, "text": texts})
    assert spoken_frame(turns)["spelt"].to_list() == [searchable(text).spelt for text in texts]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(text=SIGNS, words=st.sampled_from(["退款", "您好", "推", "100%", "请问您好"]), near=st.booleans())
def test_it_finds_what_looking_through_every_turn_finds(tmp_path_factory, text, words, near):
    results = tmp_path_factory.mktemp("results")
    write(results, "k1", (text,))
    index_turns(results, ["k1"])
    tolerance = "near" if near else "pinyin"
    assert find_words(results, [words], tolerance).height == int(bool(find(words, text, tolerance)))
