"""Questions of many recordings answered and stored."""

import numpy as np
import pytest
import soundfile

from qa_audit.messages import QaError, speaking
from qa_audit.store.parts import write_part
from qa_audit.transcribe import engine as engine_module
from qa_audit.transcribe.answer_parts import AnswerJob, AnswerOutcome, answer_pending, answers_by_turns
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.questions import Question
from qa_audit.transcribe.settings import TranscribeSettings
from qa_audit.transcribe.turns import Transcript, Turn
from tests.transcribe.said_engine import SaidEngine

SAID, EMPTY = Question((0,), ("再见",)), Question((1,), ("再见",))


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_module, "load_engine", lambda _: SaidEngine("好的，再见。"))
    turns = (Turn("agent", 0.5, 2.0, "好的，在建。", 0.5), Turn("agent", 3.0, 3.5, "好。", 0.5, 1))
    for key in ("t1", "t2"):
        one = Transcript(key, 5.0, 1, "said", "toy", "balanced", turns)
        write_part(turns_frame(one), tmp_path, "turns", "2026-10", key)
    soundfile.write(tmp_path / "a.wav", np.zeros(80_000), 16_000)
    return [
        AnswerJob(tmp_path / "a.wav", "t1", "2026-10", (SAID, EMPTY)),
        AnswerJob(tmp_path / "gone.wav", "t2", "2026-10", (SAID,)),
    ]


def test_answers_are_stored_by_turns_and_question(jobs, tmp_path):
    outcome = answer_pending(jobs, tmp_path, TranscribeSettings(), "a" * 64)
    found = answers_by_turns(tmp_path)
    assert set(found) == {"t1"}
    assert found["t1"][EMPTY.id] is None
    answer = found["t1"][SAID.id]
    assert answer is not None
    assert (answer.phrase, answer.heard, answer.gain) == ("再见", "在建", 6.0)
    assert (outcome.recordings, outcome.questions) == (1, 2)
    assert [(path, error.code) for path, error in outcome.failures] == [
        (str(tmp_path / "gone.wav"), "audio.missing")
    ]


def test_another_model_than_fixed_is_refused(jobs, tmp_path):
    with pytest.raises(QaError) as error:
        answer_pending(jobs, tmp_path, TranscribeSettings(), "b" * 64)
    assert error.value.code == "jobs.other_model"


def test_without_questions_no_model_is_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_module, "load_engine", None)
    assert answer_pending([], tmp_path, TranscribeSettings(), "a" * 64) == AnswerOutcome()
    assert answers_by_turns(tmp_path) == {}


def test_two_rounds_are_told_together():
    first = AnswerOutcome(2, 5, 1.25, (("a.wav", QaError("audio.missing", path="a.wav")),))
    both = first + AnswerOutcome(1, 1, 0.5)
    assert (both.recordings, both.questions, both.spent_s, len(both.failures)) == (3, 6, 1.75, 1)
    with speaking("en"):
        assert str(both).splitlines()[0] == "audio asked: 3 recordings, 6 places in 1.8 s"
        assert both.as_json()["failures"][0]["code"] == "audio.missing"
