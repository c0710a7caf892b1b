"""A call judged with its audio at hand."""

import numpy as np
import pytest
import soundfile

from qa_audit.calls.facts import CallFacts
from qa_audit.listening import score_by_ear
from qa_audit.messages import QaError
from qa_audit.scoring import judge, load_rubric
from qa_audit.scoring.hearing import Reading
from qa_audit.transcribe.turns import Transcript, Turn
from tests.transcribe.said_engine import SaidEngine

TURNS = (
    Turn("agent", 0.0, 2.0, "您好，长风物业客服中心，请问有什么可以帮您？", 0.9),
    Turn("customer", 2.5, 3.0, "没有了。", 0.9, 1),
    Turn("agent", 3.5, 6.0, "花开富贵了呀，再见。", 0.5),
)


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.setattr(judge, "readings", lambda: {"toy": Reading("toy", 0, 3, 0, 0, 1, 0.5, -1)})
    soundfile.write(tmp_path / "a.wav", np.zeros((7 * 16_000, 2)), 16_000)
    return tmp_path / "a.wav", Transcript("ab", 7.0, 2, "said", "toy", "balanced", TURNS)


def closing(path, transcript, said):
    engine = SaidEngine(TURNS[0].text, said)
    score = score_by_ear(path, transcript, CallFacts(), load_rubric(), engine)
    return next(one for one in score.items if one.id == "closing"), score.questions, engine


def test_what_was_not_said_stays_a_fault(call):
    finding, left, _ = closing(*call, "花开富贵了呀，再见。")
    assert (finding.verdict, left) == ("fail", ())


def test_a_recording_that_is_gone_is_told(call):
    path, transcript = call
    path.unlink()
    with pytest.raises(QaError) as error:
        closing(path, transcript, "")
    assert error.value.code == "audio.missing"
