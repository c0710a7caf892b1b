import polars as pl

from qa_audit.estimation.frames import FINDINGS
from qa_audit.reports.figures import MonthFigures
from qa_audit.retention.masked_tables import mask_calls, mask_figures, mask_findings, mask_ids, mask_written


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
