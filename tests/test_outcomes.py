from pathlib import Path

from qa_audit.calls.importing import ImportReport
from qa_audit.calls.problems import Problem
from qa_audit.messages import QaError, speaking
from qa_audit.outcomes import ImportOutcome, RunOutcome
from qa_audit.scoring.batch import ScoreOutcome
from qa_audit.transcribe.answer_parts import AnswerOutcome
from qa_audit.transcribe.jobs import TranscribeOutcome

NOTE = Problem("calls.no_start", "list.csv", 3)
LEFT_OUT = Problem("calls.bad_start", "list.csv", 7, "开始时间", {"got": "明天"}, left_out=True)


def test_an_import_fails_when_something_was_left_out():
    assert not ImportOutcome(ImportReport(problems=(NOTE,))).failed
    assert ImportOutcome(ImportReport(problems=(NOTE, LEFT_OUT))).failed


def test_an_import_in_words_names_at_most_twenty():
    missing = tuple(f"c{number}" for number in range(23))
    report = ImportReport(calls_new=30, calls_unchanged=2, recordings_new=7, calls_without_recording=missing)
    with speaking("en"):
        assert str(ImportOutcome(report)).splitlines() == [
            "imported: 32 calls (30 new, 0 changed), 7 recordings (7 new)",
            "  23 calls without a recording: "
            + ", ".join(f"c{number}" for number in range(20))
            + " … and 3 more",
        ]


def test_an_import_tells_of_recordings_that_went():
    with speaking("en"):
        assert str(ImportOutcome(ImportReport(calls_unchanged=2, recordings_gone=3))).splitlines() == [
            "imported: 2 calls (0 new, 0 changed), 0 recordings (0 new)",
            "  3 recordings of the last import are no longer there "
            "(moved or deleted; put back and imported again they are as before)",
        ]


def test_an_import_for_scripts_has_everything():
    with speaking("en"):
        told = ImportOutcome(ImportReport(calls_new=1, problems=(LEFT_OUT,))).as_json()
    assert told["calls_new"] == 1
    (problem,) = told["problems"]
    message = problem.pop("message")
    assert problem == {
        "code": "calls.bad_start",
        "file": "list.csv",
        "sheet": "",
        "row": 7,
        "column": "开始时间",
        "left_out": True,
    }
    assert message.startswith("list.csv, row 7, 开始时间: '明天' is no time")


def test_a_run_is_its_steps():
    failure = ("/r/x.wav", QaError("audio.empty", path=Path("/r/x.wav")))
    transcribed = TranscribeOutcome(2, 3, 120.0, 9.9, (failure,))
    scored = ScoreOutcome(2, 3, 1)
    run = RunOutcome(None, transcribed, scored)
    assert run.failed
    assert not RunOutcome(None, TranscribeOutcome(0, 5, 0.0, 0.0), scored).failed
    with speaking("en"):
        assert str(run).splitlines() == [
            "transcribed: 2 new, 3 kept, 1 failed (120 s of recordings in 10 s)",
            "  /r/x.wav: the file is empty (0 bytes). Copy the recording again from the recorder.",
            "scored: 2 new, 3 kept, 1 not transcribed yet",
        ]
        assert run.as_json() == {
            "import": None,
            "transcribe": {
                "transcribed": 2,
                "kept": 3,
                "audio_s": 120.0,
                "spent_s": 9.9,
                "workers": 0,
                "device": None,
                "elsewhere": 0,
                "not_retried": 0,
                "failures": [
                    {
                        "recording": "/r/x.wav",
                        "code": "audio.empty",
                        "message": "/r/x.wav: the file is empty (0 bytes). "
                        "Copy the recording again from the recorder.",
                    }
                ],
            },
            "score": {"scored": 2, "kept": 3, "waiting": 1},
            "listen": None,
        }


def test_a_run_tells_what_the_audio_was_asked():
    scored, transcribed = ScoreOutcome(2, 3, 1), TranscribeOutcome(0, 5, 0.0, 0.0)
    with speaking("en"):
        told = str(RunOutcome(None, transcribed, scored, AnswerOutcome(1, 4, 2.0))).splitlines()
        assert told[-1] == "audio asked: 1 recordings, 4 places in 2.0 s"
        assert str(RunOutcome(None, transcribed, scored, AnswerOutcome())).splitlines() == told[:-1]
