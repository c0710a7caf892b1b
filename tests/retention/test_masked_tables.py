import polars as pl
import pytest

from qa_audit.estimation.frames import FINDINGS
from qa_audit.reports.figures import MonthFigures
from qa_audit.retention.masked_tables import (
    ids_in,
    mask_calls,
    mask_figures,
    mask_findings,
    mask_ids,
    mask_written,
    masked_id,
)


def _findings(*quotes):
    place = {"start_s": 1.0, "end_s": 2.0, "role": "agent", "tier": "exact"}
    return pl.DataFrame(
        [{"call_id": "c1", "item": "closing", "evidence": [{**place, "quote": one} for one in quotes]}]
    ).cast({"evidence": FINDINGS["evidence"]})


def test_quotes_are_masked_and_places_stay():
    found = mask_findings(_findings("请王小明先生听一下", "再见", None))
    assert [one["quote"] for one in found["evidence"][0]] == ["请***先生听一下", "再见", None]
    assert [one["start_s"] for one in found["evidence"][0]] == [1.0, 1.0, 1.0]
    assert found.schema == _findings("x").schema


def test_nothing_to_mask_and_nothing_at_all_stay_as_they_are():
    for given in (_findings("再见"), _findings(), _findings().clear()):
        assert mask_findings(given).equals(given)


def test_what_was_written_is_masked():
    rows = pl.DataFrame(
        {"words": ["我姓王", None], "comment": ["幺三八零零幺三八零零零", ""], "times": [1, 2]}
    )
    assert mask_written(rows).rows() == [("我姓*", "*" * 11, 1), (None, "", 2)]


def test_numbers_of_customers_are_masked_also_in_names_of_files():
    calls = pl.DataFrame(
        {
            "call_id": ["a", "b", "c"],
            "customer_no": ["13800138000", "8001234", None],
            "recording": ["/录音/8001_13800138000.wav", "/录音/20261003091500_8001234.wav", None],
            "file_name": ["x-13912345678.wav", None, "y.wav"],
        }
    )
    assert mask_calls(calls).rows() == [
        ("a", "138****8000", "/录音/8001_138****8000.wav", "x-139****5678.wav"),
        ("b", "*******", "/录音/20261003091500_*******.wav", None),
        ("c", None, None, "y.wav"),
    ]
    assert mask_calls(calls.select("call_id")).equals(calls.select("call_id"))


def test_figures_without_words_stay():
    assert mask_figures(MonthFigures()) == MonthFigures()
    faults = pl.DataFrame({"words": ["我姓王"]})
    masked = mask_figures(MonthFigures(faults=faults, appeals=pl.DataFrame({"reason": ["我姓李"]})))
    assert (masked.faults["words"][0], masked.appeals["reason"][0]) == ("我姓*", "我姓*")


def test_people_who_are_known_by_name_are_masked_in_words():
    faults = pl.DataFrame({"words": ["这事归晓东管"], "text": ["晓东"]})
    assert mask_written(faults, ["晓东"]).row(0) == ("这事归**管", "**")
    assert mask_findings(_findings("这事归晓东管"), ["晓东"])["evidence"][0][0]["quote"] == "这事归**管"


def test_ids_of_calls_that_were_made_from_names_of_files_hold_no_number():
    calls = pl.DataFrame({"call_id": ["8001_20261003091500_13800138000", "c1", None]})
    assert mask_ids(calls)["call_id"].to_list() == ["8001_20261003091500_138****8000", "c1", None]
    assert mask_ids(calls.select(x="call_id")).columns == ["x"]


@pytest.mark.parametrize(
    ("call_id", "number", "masked"),
    [
        ("8001_013800138000_20261005", None, "8001_013*****8000_20261005"),
        ("8001_8613800138000", None, "8001_861******8000"),
        ("8001_+8613800138000", None, "8001_+86*******8000"),
        ("8001_008613800138000", None, "8001_008********8000"),
        ("8001_02088886666_20261005", "02088886666", "8001_020****6666_20261005"),
        ("8001_02088886666", "020-8888 6666", "8001_020****6666"),
        ("2026100510150013800138000", "+8613800138000", "20261005101500138****8000"),
        ("8001_88886666", "88886666", "8001_********"),
        ("20261005101500_8001", None, "20261005101500_8001"),
        ("1759630500000", None, "1759630500000"),
        ("8001_20261005", "8001", "8001_20261005"),
        ("8001_x", "匿名", "8001_x"),
    ],
)
def test_an_id_holds_the_number_in_no_form(call_id, number, masked):
    assert masked_id(call_id, number) == masked


@pytest.mark.parametrize(
    ("number", "name", "masked"),
    [
        ("020-88886666", "8001_02088886666.wav", "8001_020****6666.wav"),
        ("0755 8234 5678", "075582345678_2.wav", "075*****5678_2.wav"),
        ("+86 138-0013-8000", "8613800138000_a.wav", "861******8000_a.wav"),
        ("95588", "95588.wav", "*****.wav"),
        (None, "02088886666.wav", "02088886666.wav"),
    ],
)
def test_the_name_of_a_file_holds_the_number_in_no_form(number, name, masked):
    calls = pl.DataFrame(
        {"customer_no": [number], "file_name": [name]}, {"customer_no": pl.String, "file_name": pl.String}
    )
    assert mask_calls(calls)["file_name"].to_list() == [masked]


def test_ids_are_masked_alike_in_every_table_and_column():
    numbers = {"8001_02088886666": "02088886666", "8002_02088886666": "02088886666"}
    calls = pl.DataFrame({"call_id": ["8001_02088886666"], "customer_no": ["02088886666"]})
    back = pl.DataFrame({"call_id": ["8001_02088886666"], "callback_id": ["8002_02088886666"]})
    callbacks = back.with_columns(customer_no=pl.lit("02088886666"))
    assert ids_in(calls, None, back) == {"8001_02088886666", "8002_02088886666"}
    assert mask_ids(mask_calls(calls), numbers).row(0) == ("8001_020****6666", "020****6666")
    masked = mask_figures(MonthFigures(callbacks=callbacks), (), numbers).callbacks
    assert masked.row(0) == ("8001_020****6666", "8002_020****6666", "020****6666")


def test_the_rubric_s_own_words_stay_and_the_same_words_of_a_call_do_not():
    said = {"turn": 0, "start_s": 1.0, "end_s": 2.0}
    places = [
        said | {"quote": "先生/女士/小姐", "tier": "absence"},
        said | {"quote": "王小姐 (-3.6)", "tier": "acoustic"},
        said | {"quote": "王小姐", "tier": "acoustic"},
        said | {"quote": "王小姐", "tier": "exact"},
    ]
    row = {"call_id": "c1", "kind": "item", "item": "title", "verdict": "fail", "evidence": places}
    found = mask_findings(pl.DataFrame([row], FINDINGS))
    assert [one["quote"] for one in found["evidence"][0]] == [
        *("先生/女士/小姐", "王小姐 (-3.6)", "*小姐", "*小姐"),
    ]
