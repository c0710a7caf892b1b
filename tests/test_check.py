import json

import pytest

from qa_audit.calls.facts import AskedFacts, CallFacts
from qa_audit.check import Checked, check_recordings, read_meta
from qa_audit.messages import QaError, speaking
from qa_audit.scoring import load_rubric
from qa_audit.scoring.verdicts import CallScore, Evidence, Finding, SituationFinding
from qa_audit.transcribe.turns import Transcript, Turn


def _checked():
    turns = (
        Turn("agent", 0.5, 3.25, "您好，请问有什么可以帮您？", 0.91234),
        Turn("customer", 3.6, 5.0, "我要投诉。", 0.8),
    )
    transcript = Transcript("ab" * 32, 49.1999, 2, "openai-whisper", "base", "balanced", turns, 0.98765)
    items = (
        Finding("greeting", "fail", 16 / 3, 8, (Evidence(0, 0.5, 3.25, "单位或工号", "absence"),)),
        Finding("title", "uncertain", 0, 5, (Evidence(1, 3.6, 5.0, "女是", "near"),)),
        Finding("no_harsh_language", "fail", 0, 10, (Evidence(0, 1.0, 2.0, "滚", "exact"),), critical=True),
        Finding("closing", "not_applicable", 0, 8),
    )
    complaint = SituationFinding("complaint", True, "fail", (Evidence(1, 3.6, 5.0, "投诉", "exact"),))
    score = CallScore(items, (complaint,), ("no_harsh_language",), 0.0)
    return Checked("a/b.wav", load_rubric(), transcript, score)


def test_the_object_of_a_call_word_for_word():
    rubric = load_rubric()
    assert _checked().as_json() == {
        "schema": 1,
        "recording": "a/b.wav",
        "sha256": "ab" * 32,
        "duration_s": 49.2,
        "channels": 2,
        "engine": "openai-whisper",
        "model": "base",
        "preset": "balanced",
        "role_confidence": 0.988,
        "notes": [],
        "rubric": {"id": "zh_service", "version": "1.0.0", "sha256": rubric.sha256},
        "turns": [
            {
                "role": "agent",
                "start_s": 0.5,
                "end_s": 3.25,
                "text": "您好，请问有什么可以帮您？",
                "confidence": 0.912,
            },
            {"role": "customer", "start_s": 3.6, "end_s": 5.0, "text": "我要投诉。", "confidence": 0.8},
        ],
        "items": [
            {
                "id": "greeting",
                "verdict": "fail",
                "points": 5.3333,
                "max_points": 8,
                "evidence": [
                    {"turn": 0, "start_s": 0.5, "end_s": 3.25, "quote": "单位或工号", "tier": "absence"}
                ],
            },
            {
                "id": "title",
                "verdict": "uncertain",
                "points": 0,
                "max_points": 5,
                "evidence": [{"turn": 1, "start_s": 3.6, "end_s": 5.0, "quote": "女是", "tier": "near"}],
            },
            {
                "id": "no_harsh_language",
                "verdict": "fail",
                "points": 0,
                "max_points": 10,
                "evidence": [{"turn": 0, "start_s": 1.0, "end_s": 2.0, "quote": "滚", "tier": "exact"}],
            },
            {"id": "closing", "verdict": "not_applicable", "points": 0, "max_points": 8, "evidence": []},
        ],
        "situations": [
            {
                "id": "complaint",
                "detected": True,
                "verdict": "fail",
                "evidence": [{"turn": 1, "start_s": 3.6, "end_s": 5.0, "quote": "投诉", "tier": "exact"}],
            }
        ],
        "critical": ["no_harsh_language"],
        "score": 0.0,
    }


def test_the_same_for_a_person():
    with speaking("zh"):
        assert _checked().as_text().splitlines() == [
            "a/b.wav  时长 00:49  得分 0.0",
            "  角色的把握：99%",
            "  不合格  开头语  5.33333/8",
            "      00:00  没有听到：单位或工号",
            "  待人工判断  称呼",
            "      00:03  女是",
            "  不合格  不使用生硬语言  0/10",
            "      00:01  滚",
            "  不适用  结束语",
            "  不合格  情景：投诉",
            "  一票否决：不使用生硬语言",
        ]


def test_a_file_that_cannot_be_used():
    checked = Checked("x.wav", load_rubric(), error=QaError("audio.empty", path="x.wav"))
    with speaking("en"):
        message = "x.wav: the file is empty (0 bytes). Copy the recording again from the recorder."
        assert checked.as_json() == {
            "recording": "x.wav",
            "error": {"code": "audio.empty", "message": message},
        }
        assert checked.as_text() == message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "meta.json",
            json.dumps({"a.wav": {"ring_s": 6, "direction": "inbound", "internal": False, "other": 1}}),
        ),
        (
            "meta.json",
            json.dumps([{"recording": "x/a.wav", "ring_s": "6", "direction": "呼入", "internal": "否"}]),
        ),
        ("meta.csv", "recording,ring_s,direction,internal,hangup_by\na.wav,6,Inbound,false,\n"),
        ("meta.csv", '录音文件,振铃秒数,呼叫方向,内部\n"a.wav",6,呼入,否\n'),
        ("meta.csv", "\ufeffrecording,ring_s,direction,internal\r\nC:\\rec\\a.wav,6.0,inbound,0\r\n"),
    ],
)
def test_facts_are_read_by_file_name(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert read_meta(file) == {"a.wav": CallFacts(direction="inbound", ring_s=6.0, internal=False)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("meta.csv", "录音文件,技能组,班组,开始时间,业务类型,备注\na.wav,宽带,一班,2026/10/3 8:05,新装,\n"),
        (
            "meta.csv",
            "recording,line,team,start,业务 类型,备注\na.wav,宽带,一班,2026-10-03 08:05:59,新装,-\n",
        ),
        (
            "meta.json",
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
    assert read_meta(file, asked) == {
        "a.wav": CallFacts(
            line="宽带", team="一班", time="08:05", weekday="周六", columns=(("业务类型", "新装"),)
        )
    }
    assert read_meta(file, AskedFacts(frozenset(["team"]))) == {"a.wav": CallFacts(team="一班")}
    assert read_meta(file) == {"a.wav": CallFacts()}


def test_a_start_that_is_no_time_is_a_mistake_where_it_is_asked(tmp_path):
    file = tmp_path / "meta.csv"
    file.write_text("recording,start\na.wav,昨天\nb.wav,\n", encoding="utf-8")
    with pytest.raises(QaError) as error:
        read_meta(file, AskedFacts(frozenset(["weekday"])))
    assert error.value.text("en").splitlines()[1:] == ["  1. a.wav: start = '昨天' (2026-10-03 21:35)"]
    assert read_meta(file) == {"a.wav": CallFacts(), "b.wav": CallFacts()}


def test_all_mistakes_in_facts_are_told(tmp_path):
    file = tmp_path / "meta.csv"
    file.write_text(
        "recording,ring_s,direction,hangup_by\na.wav,soon,inbound,\nb.wav,3,up,agent\nc.wav,1,,\n",
        encoding="utf-8",
    )
    with pytest.raises(QaError) as error:
        read_meta(file)
    assert error.value.code == "check.meta_mistakes"
    told = error.value.text("en").splitlines()
    assert told[1:] == [
        "  1. a.wav: ring_s = 'soon' (0 … 3600)",
        "  2. b.wav: direction = 'up' (inbound | outbound | 呼入 | 呼出)",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "check.meta_unreadable"),
        ("3", "check.meta_shape"),
        ('[{"ring_s": 3}]', "check.meta_shape"),
        ('{"a.wav": 5}', "check.meta_shape"),
    ],
)
def test_facts_of_another_form_are_told(tmp_path, text, code):
    file = tmp_path / "meta.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(QaError) as error:
        read_meta(file)
    assert error.value.code == code
    with pytest.raises(QaError):
        read_meta(tmp_path / "none.json")


def test_a_glossary_with_mistakes_stops_the_check_before_the_first_recording(tmp_path):
    file = tmp_path / "glossary.txt"
    file.write_text("云岭宽带\n为您服务\n", encoding="utf-8")
    with pytest.raises(QaError) as error:
        next(check_recordings(["none.wav"], glossary=file))
    assert error.value.code == "glossary.invalid"
    assert "line 2, 为您服务" in error.value.text("en")


def test_facts_in_gbk_are_read(tmp_path):
    file = tmp_path / "meta.csv"
    file.write_bytes("录音文件,挂断方\n甲.wav,客户\n".encode("gb18030"))
    assert read_meta(file) == {"甲.wav": CallFacts(hangup_by="customer")}
