"""Facts of recordings from call lists and JSON: names of files, mistakes, forms."""

import json

import polars as pl
import pytest

from qa_audit.calls.facts import AskedFacts, CallFacts
from qa_audit.calls.facts_file import read_facts
from qa_audit.messages import QaError


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "facts.json",
            json.dumps({"a.wav": {"ring_s": 6, "direction": "inbound", "internal": False, "other": 1}}),
        ),
        (
            "facts.json",
            json.dumps([{"recording": "x/a.wav", "ring_s": "6", "direction": "呼入", "internal": "否"}]),
        ),
        ("facts.csv", "recording,ring_s,direction,internal,hangup_by\na.wav,6,Inbound,false,\n"),
        ("facts.csv", '录音文件,振铃秒数,呼叫方向,内部\n"a.wav",6,呼入,否\n'),
        ("facts.csv", "\ufeffrecording,ring_s,direction,internal\r\nC:\\rec\\a.wav,6.0,inbound,0\r\n"),
    ],
)
def test_facts_are_read_by_file_name(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert read_facts(file) == {"a.wav": CallFacts(direction="inbound", ring_s=6.0, internal=False)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("facts.csv", "录音文件,技能组,班组,开始时间,业务类型,备注\na.wav,宽带,一班,2026/10/3 8:05,新装,\n"),
        (
            "facts.csv",
            "recording,line,team,start,业务 类型,备注\na.wav,宽带,一班,2026-10-03 08:05:59,新装,-\n",
        ),
        (
            "facts.json",
            json.dumps(
                {
                    "a.wav": {
                        "line": "宽带",
                        "team": "一班",
                        "start": "2026-10-03T08:05:00",
                        "业务类型": "新装",
                        "备注": None,
                    }
                }
            ),
        ),
    ],
)
def test_of_further_facts_those_are_read_that_the_rubric_asks(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    asked = AskedFacts(frozenset(["line", "team", "time", "weekday"]), frozenset(["业务类型", "满意度"]))
    assert read_facts(file, asked) == {
        "a.wav": CallFacts(
            line="宽带", team="一班", time="08:05", weekday="周六", columns=(("业务类型", "新装"),)
        )
    }
    assert read_facts(file, AskedFacts(frozenset(["team"]))) == {"a.wav": CallFacts(team="一班")}
    assert read_facts(file) == {"a.wav": CallFacts()}


def test_all_mistakes_in_facts_are_told_with_their_places(tmp_path):
    file = tmp_path / "facts.csv"
    rows = "a.wav,soon,inbound,", "b.wav,3,up,agent", "c.wav,1,,", "a.wav,2,,", "d.wav,1,,nobody"
    file.write_text("\n".join(("recording,ring_s,direction,hangup_by", *rows)), encoding="utf-8")
    with pytest.raises(QaError) as error:
        read_facts(file)
    assert error.value.code == "calls.facts_mistakes"
    told = error.value.text().splitlines()
    assert [line.split("：")[0] for line in told[1:]] == [
        "  facts.csv 第 2 行“ring_s”",
        "  facts.csv 第 3 行“direction”",
        "  facts.csv 第 5 行",
        "  facts.csv 第 6 行“hangup_by”",
    ]


def test_a_start_that_is_no_time_is_a_mistake_in_json_too(tmp_path):
    file = tmp_path / "facts.json"
    file.write_text('[{"recording": "a.wav"}, {"recording": "b.wav", "start": "昨天"}]', encoding="utf-8")
    with pytest.raises(QaError) as error:
        read_facts(file)
    assert error.value.text().splitlines()[1].startswith("  facts.json 第 2 行“start”：“昨天”不是可用的时间")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("facts.json", "{", "calls.facts_json"),
        ("facts.json", "3", "calls.facts_json"),
        ("facts.json", '{"a.wav": 5}', "calls.facts_json"),
        ("facts.json", '[{"ring_s": 3}]', "calls.facts_unnamed"),
        ("facts.json", "[]", "calls.facts_unnamed"),
        ("facts.csv", "ring_s,direction\n3,呼入\n", "calls.facts_unnamed"),
        ("facts.csv", "甲,乙\n3,呼入\n", "calls.list_headings"),
    ],
)
def test_facts_of_another_form_are_told(tmp_path, name, text, code):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(QaError) as error:
        read_facts(file)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("name", "code"), [("none.json", "calls.facts_json"), ("none.csv", "calls.list_missing")]
)
def test_a_file_that_is_not_there_is_told(tmp_path, name, code):
    with pytest.raises(QaError) as error:
        read_facts(tmp_path / name)
    assert error.value.code == code


def test_one_known_heading_is_enough(tmp_path):
    file = tmp_path / "facts.csv"
    file.write_text("录音文件,业务类型\na.wav,新装\n", encoding="utf-8")
    asked = AskedFacts(columns=frozenset(["业务类型"]))
    assert read_facts(file, asked) == {"a.wav": CallFacts(columns=(("业务类型", "新装"),))}


def test_a_list_without_recordings_names_calls_by_their_ids(tmp_path):
    file = tmp_path / "facts.csv"
    file.write_text("通话编号,振铃时长(分)\nA1,0.5\n", encoding="utf-8")
    assert read_facts(file) == {"A1": CallFacts(ring_s=30.0)}


def test_a_workbook_is_read_as_a_call_list_is(tmp_path):
    file = tmp_path / "话单.xlsx"
    pl.DataFrame({"录音文件": ["a.wav"], "呼叫方向": ["呼出"], "开始时间": ["2026-10-03 08:05"]}).write_excel(
        file
    )
    asked = AskedFacts(frozenset(["date"]))
    assert read_facts(file, asked) == {"a.wav": CallFacts(direction="outbound", date="2026-10-03")}


def test_facts_in_gbk_are_read(tmp_path):
    file = tmp_path / "facts.csv"
    file.write_bytes("录音文件,挂断方\n甲.wav,客户\n".encode("gb18030"))
    assert read_facts(file) == {"甲.wav": CallFacts(hangup_by="customer")}
