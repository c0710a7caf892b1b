import ipywidgets
import numpy as np
import pytest
import soundfile

from qa_audit.calls.facts import CallFacts
from qa_audit.messages import QaError, speaking
from qa_audit.scoring import load_rubric
from qa_audit.transcribe.audio import open_recording
from qa_audit.transcribe.turns import Transcript, Turn
from qa_audit.widgets.audit_calls import CallScores, CallSounds, audit_calls


class _Workspace:
    """One recording in memory's stead, and who speaks on it."""

    rubric = load_rubric()

    def __init__(self, path, turns):
        self.path = path
        self.turns = turns

    def recording(self, _call_id):
        return open_recording(self.path)

    def transcript(self, _call_id):
        return Transcript("ab", 2.0, 2, "openai-whisper", "base", "balanced", self.turns), CallFacts()


@pytest.mark.parametrize(
    ("channels", "turns", "lanes"),
    [
        (2, (("agent", 0, 5.0), ("customer", 1, 5.0)), ("agent", "customer")),
        (2, (("agent", 1, 5.0), ("customer", 0, 5.0)), ("customer", "agent")),
        # One turn on the wrong channel does not turn the lanes round.
        (2, (("agent", 0, 5.0), ("agent", 1, 1.0), ("customer", 1, 5.0)), ("agent", "customer")),
        (2, (), ("agent", "customer")),
        (1, (("agent", 0, 5.0), ("customer", 0, 5.0)), ("both",)),
    ],
)
def test_lanes_are_named_by_who_speaks_on_them(tmp_path, channels, turns, lanes):
    soundfile.write(tmp_path / "a.wav", np.zeros((16_000, channels)), 8_000)
    spoken = tuple(Turn(role, 0.0, seconds, "好", 0.9, channel) for role, channel, seconds in turns)
    assert CallSounds(_Workspace(tmp_path / "a.wav", spoken))("c1").lanes == lanes


def test_a_missing_recording_is_told(tmp_path):
    with pytest.raises(QaError) as error:
        CallSounds(_Workspace(tmp_path / "gone.wav", ()))("c1")
    assert error.value.code == "audio.missing"


def test_a_call_is_judged_before_it_is_handed_in(tmp_path):
    turns = (Turn("agent", 0.5, 1.5, "喂，什么事？", 0.9), Turn("customer", 1.5, 2.0, "报修。", 0.9))
    score = CallScores(_Workspace(tmp_path / "a.wav", turns))("c1")
    assert [(one.id, one.verdict) for one in score.items][:1] == [("greeting", "fail")]


def test_a_missing_workspace_is_said_in_place_of_the_player(tmp_path):
    with speaking("en"):
        said = audit_calls(tmp_path)
    assert isinstance(said, ipywidgets.HTML)
    assert "No workspace (qa_audit.toml)" in said.value
