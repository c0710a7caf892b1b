import pytest

from qa_audit.check import Checked, check_recordings
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


def test_a_glossary_with_mistakes_stops_the_check_before_the_first_recording(tmp_path):
    file = tmp_path / "glossary.txt"
    file.write_text("云岭宽带\n为您服务\n", encoding="utf-8")
    with pytest.raises(QaError) as error:
        next(check_recordings(["none.wav"], glossary=file))
    assert error.value.code == "glossary.invalid"
    assert "line 2, 为您服务" in error.value.text("en")
