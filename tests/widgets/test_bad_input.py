"""What goes wrong around the notebooks is said in them, and nothing that was done is taken for saved."""

import shutil
import struct
from itertools import pairwise

import ipywidgets
import pytest

from qa_audit.messages import speaking
from qa_audit.transcribe.audio import open_recording
from qa_audit.widgets.audit_calls import CallSounds, audit_calls
from qa_audit.widgets.peaks import peaks_of
from qa_audit.widgets.player import Player
from qa_audit.widgets.sound import PieceMaker
from tests.browser.made_workspace import make_workspace

CALL = "20261010001"
LONG_S, RATE = 3 * 3600 + 600, 8_000


@pytest.fixture
def workspace(tmp_path):
    return make_workspace(tmp_path / "workspace", (CALL,))


def verdict(player, item, uuid):
    action = {"kind": "verdict", "item": item, "verdict": "pass"}
    return player.answer({"id": 1, "ask": "act", "call_id": CALL, "action": action, "uuid": uuid * 32})[0]


def test_a_workspace_deleted_meanwhile_saves_nothing_and_goes_on_when_it_is_back(workspace, tmp_path):
    player = Player(workspace.desk("王芳", calls=[CALL]), CallSounds(workspace))
    assert verdict(player, "greeting", "a")["sheet"]["verdicts"] == {"greeting": "pass"}
    shutil.move(workspace.folder, tmp_path / "away")
    with speaking("zh"):
        for uuid in ("b", "c"):
            refused = verdict(player, "closing", uuid)["error"]
            assert refused["code"] == "store.gone"
            assert refused["again"]  # so the browser keeps it and tries once more
            assert "工作区被移动或删除了" in refused["text"]
    shutil.move(tmp_path / "away", workspace.folder)
    assert set(verdict(player, "closing", "b")["sheet"]["verdicts"]) == {"greeting", "closing"}


def test_an_inspector_without_a_name_is_asked_for_it(workspace):
    with speaking("zh"):
        said = audit_calls(workspace.folder, who="　 ")
    assert isinstance(said, ipywidgets.HTML)
    assert "姓名" in said.value


def test_a_call_longer_than_three_hours_is_drawn_bit_by_bit_and_played_anywhere(tmp_path):
    path = tmp_path / "long.wav"
    count = LONG_S * RATE
    form = (b"fmt ", 16, 1, 1, RATE, RATE, 1, 8)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + count, b"WAVE", *form, b"data", count)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + count)  # a sparse file: nothing is written for the hours
    recording = open_recording(path)
    assert recording.duration_s == LONG_S
    reader = peaks_of(recording)
    several = [reader.read(0.01) for _ in range(4)]
    assert not any(one.done for one in several)
    assert all(first.first_bin < second.first_bin for first, second in pairwise(several))
    pieces = PieceMaker(recording)
    for start_s in (LONG_S - 4.0, 0.0, LONG_S / 2):
        piece = pieces.piece(start_s, start_s + 2.5)
        assert piece.start_s <= start_s
        assert piece.end_s >= start_s + 2.5
        assert 0 < len(piece.data) < 60_000
