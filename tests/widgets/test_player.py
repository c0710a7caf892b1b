import asyncio
import json
import re
import threading
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from qa_audit.audit.desk import Desk
from qa_audit.audit.opened import CallMaterial
from qa_audit.audit.play_log import PlayLog
from qa_audit.audit.plays import plays_frame
from qa_audit.audit.queue import QueuedCall
from qa_audit.lab import CONFIG
from qa_audit.messages import QaError, catalogue, speaking
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
from qa_audit.transcribe.audio import open_recording
from qa_audit.transcribe.turns import Transcript, Turn
from qa_audit.widgets.player import STATIC, CallSound, Player, player_options, player_words

SOURCE = Path(__file__).parents[2] / "js" / "src"
TURNS = (Turn("agent", 0.5, 3.0, "喂，什么事？", 0.9), Turn("customer", 3.2, 6.0, "宽带上不去了。", 0.8))
CALL = {
    "start": datetime(2026, 11, 3, 9, 15, 7), "agent_no": "8001", "agent_name": "张三", "team": "一班",
    "direction": "inbound", "ring_s": 6.0, "internal": False, "hangup_by": "customer",
}  # fmt: skip


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


@pytest.fixture
def player(tmp_path, database):
    """Two calls of twelve seconds; the sound of the second is missing."""
    tone = 0.1 * np.sin(np.arange(12 * 8_000) / 5)
    soundfile.write(tmp_path / "c1.wav", np.stack([tone, tone / 4], axis=1), 8_000)

    def material(call_id):
        if call_id not in ("c1", "c2"):
            raise QaError("workspace.unknown_call", call_id=call_id)
        transcript = Transcript("ab" * 32, 12.0, 2, "openai-whisper", "base", "balanced", TURNS)
        return CallMaterial({**CALL, "call_id": call_id}, transcript)

    def sounds(call_id):
        return CallSound(open_recording(tmp_path / f"{call_id}.wav"), ("agent", "customer"))

    calls = [QueuedCall("c1", CALL["start"], "张三", 12.0), QueuedCall("c2")]
    desk = Desk(database, load_rubric(), "李敏", calls, material)
    return Player(desk, sounds, place="/w", plays=PlayLog(database, "李敏", "player"))


def test_the_queue_as_json(player):
    answer, buffers = player.answer({"id": "a-1", "ask": "queue"})
    assert buffers == []
    assert answer == {
        "id": "a-1",
        "queue": [
            {
                "call_id": "c1",
                "state": "open",
                "start": "2026-11-03T09:15",
                "agent": "张三",
                "duration_s": 12.0,
                "skip_stays": False,
            },
            {
                "call_id": "c2",
                "state": "open",
                "start": None,
                "agent": None,
                "duration_s": None,
                "skip_stays": False,
            },
        ],
    }


def test_a_call_comes_with_its_peaks_and_the_sound_at_the_place_asked_for(player):
    answer, (lanes, data) = player.answer({"id": 1, "ask": "open", "call_id": "c1", "at_s": 4.0})
    assert [turn["text"] for turn in answer["call"]["turns"]] == ["喂，什么事？", "宽带上不去了。"]
    sound = answer["sound"]
    assert (sound["duration_s"], sound["lanes"], sound["bins_per_s"]) == (12.0, ["agent", "customer"], 50)
    assert sound["peaks"]["done"]
    assert len(lanes) == 2 * 12 * 50
    assert (sound["piece"]["start_s"], sound["piece"]["end_s"]) == (4.0, 6.5)
    assert data[:4] == b"\x1a\x45\xdf\xa3"


def test_nothing_of_the_machine_is_sent_before_the_call_is_handed_in(player):
    def ask(**content):
        answer, _ = player.answer({"id": 1, "call_id": "c1", **content})
        assert "error" not in answer
        return answer

    items = [item.id for item in load_rubric().items]
    opened = ask(ask="open")["call"]
    before = [opened, ask(ask="act", action={"kind": "pass_rest", "items": items}), ask(ask="queue")]
    assert all(item["machine"] is None for item in opened["items"])
    assert not re.search('"(evidence|points|score|tier)"', json.dumps(before))
    after = ask(ask="act", action={"kind": "hand_in"})
    assert set(after["machine"]) == set(items)


def test_pieces_and_peaks_of_a_call_that_another_kernel_had_open(player):
    answer, (data,) = player.answer({"id": 1, "ask": "sound", "call_id": "c1", "start_s": 6.5, "end_s": 12.5})
    assert answer["piece"]["end_s"] == 12.0
    assert data[:4] == b"\x1a\x45\xdf\xa3"
    answer, (lanes,) = player.answer({"id": 2, "ask": "peaks", "call_id": "c1"})
    assert (answer["peaks"]["first"], answer["peaks"]["done"], len(lanes)) == (0, True, 1200)


def test_what_is_handed_out_is_kept_when_the_player_closes(player, database):
    player.answer({"ask": "open", "id": 1, "call_id": "c1", "at_s": 0.0})
    player.answer({"ask": "sound", "id": 2, "call_id": "c1", "start_s": 2.5, "end_s": 8.5})
    player.answer({"ask": "open", "id": 3, "call_id": "c2", "at_s": 0.0})
    assert plays_frame(database).is_empty()
    player.close()
    (row,) = plays_frame(database).iter_rows(named=True)
    assert (row["call_id"], row["who"], row["place"]) == ("c1", "李敏", "player")
    assert row["start_s"] == 0.0
    assert 8.0 < row["end_s"] < 9.0


def test_a_call_without_sound_can_still_be_judged(player):
    answer, buffers = player.answer({"id": 1, "ask": "open", "call_id": "c2"})
    assert buffers == []
    assert "c2.wav" in answer["sound"]["error"]
    assert answer["call"]["call_id"] == "c2"


@pytest.mark.parametrize(
    ("content", "code", "again"),
    [
        ({"ask": "open", "call_id": "c9"}, "audit.not_in_queue", False),
        ({"ask": "act", "call_id": "c1", "action": {"kind": "dance"}}, "audit.not_an_action", False),
        ({"ask": "dance"}, "fault", False),
        ({}, "fault", False),
    ],
)
def test_every_request_is_answered(player, content, code, again):
    answer, _ = player.answer({"id": 7, **content})
    assert (answer["id"], answer["error"]["code"], answer["error"]["again"]) == (7, code, again)
    assert answer["error"]["text"]


def test_a_read_only_disk_may_pass(player, tmp_path, monkeypatch):
    def refuse(*_args, **_values):
        raise QaError("store.not_writable", path=tmp_path, reason="read-only")

    monkeypatch.setattr(player._desk, "act", refuse)
    answer, _ = player.answer({"id": 1, "ask": "act", "call_id": "c1", "action": {"kind": "undo"}})
    assert answer["error"]["again"]


def test_the_same_action_sent_twice_counts_once(player):
    content = {"ask": "act", "call_id": "c1", "uuid": "0" * 32, "action": {"kind": "comment", "text": "好"}}
    revisions = [player.answer({"id": n, **content})[0]["sheet"]["revision"] for n in (1, 2)]
    assert revisions == [1, 1]


def test_sound_is_made_beside_and_its_answer_sent_by_the_loop(player, monkeypatch):
    sent = []
    monkeypatch.setattr(player, "send", lambda answer, buffers: sent.append((answer["id"], len(buffers))))

    async def ask():
        player._receive(player, {"id": "s", "ask": "sound", "call_id": "c1", "start_s": 0, "end_s": 2}, [])
        player._receive(player, {"id": "q", "ask": "queue"}, [])
        while len(sent) < 2:
            await asyncio.sleep(0)

    asyncio.run(ask())
    assert sorted(sent) == [("q", 0), ("s", 1)]


def test_after_a_skip_the_queue_comes_with_the_call_that_replaces_it(player, database, monkeypatch):
    calls = [QueuedCall("c1", CALL["start"], "张三", 12.0, "ticket")]
    following = QueuedCall("c2", None, "李四", 9.0, "next")
    desk = Desk(
        database, load_rubric(), "钱进", calls, player._desk._material_of, replace=lambda *_: following
    )
    monkeypatch.setattr(player, "_desk", desk)
    kept = {"ask": "act", "call_id": "c1"}
    answer, _ = player.answer({"id": 1, **kept, "action": {"kind": "comment", "text": "好"}})
    assert "queue" not in answer
    assert player.answer({"id": 2, "ask": "queue"})[0]["queue"][0]["skip_stays"] is True
    answer, _ = player.answer({"id": 3, **kept, "action": {"kind": "skip", "reason": "no_audio"}})
    assert answer["sheet"]["skipped"] == "no_audio"
    assert [(one["call_id"], one["state"], one["agent"]) for one in answer["queue"]] == [
        ("c1", "skipped", "张三"),
        ("c2", "open", "李四"),
    ]


def test_the_sheet_of_a_call_that_cannot_be_opened(player, monkeypatch):
    def refuse(call_id):
        raise QaError("workspace.not_transcribed", call_id=call_id)

    act = {"ask": "act", "call_id": "c1", "action": {"kind": "comment", "text": "打不开"}}
    player.answer({"id": 1, **act})
    monkeypatch.setattr(player._desk, "_material_of", refuse)
    player._desk._opened.clear()
    answer, _ = player.answer({"id": 2, "ask": "open", "call_id": "c1"})
    assert answer["error"]["code"] == "workspace.not_transcribed"
    answer, _ = player.answer({"id": 3, "ask": "sheet", "call_id": "c1"})
    assert (answer["sheet"]["comment"], answer["sheet"]["revision"]) == ("打不开", 1)
    assert answer["machine"] is None


def test_what_handing_in_needs_is_made_ready_beside_once_the_call_is_open(player, monkeypatch):
    told, started, go_on = [], threading.Event(), threading.Event()

    def ahead(call_id):
        started.set()
        go_on.wait(10)
        told.append((call_id, threading.current_thread().name))
        raise QaError("workspace.not_transcribed", call_id=call_id)

    monkeypatch.setattr(player, "_ahead", ahead)
    for number, call_id in enumerate(("c1", "c2", "c1", "c2")):
        answer, _ = player.answer({"id": number, "ask": "open", "call_id": call_id})
        assert answer["call"]["call_id"] == call_id
        assert started.wait(10)
    assert told == []
    go_on.set()
    player._scorer.shutdown(wait=True)
    # The two in the middle were left before their turn came.
    assert [call_id for call_id, _ in told] == ["c1", "c2"]
    assert {name for _, name in told} == {"qa-audit-score_0"}


def test_the_buttons_that_the_player_names_are_in_the_toolbar():
    overrides = json.loads((CONFIG / "labconfig" / "default_setting_overrides.json").read_text("utf-8"))
    (button,) = overrides["@jupyterlab/notebook-extension:panel"]["toolbar"]
    assert (button["command"], button["icon"]) == ("notebook:run-all-cells", "ui-components:fast-forward")
    for key in ("player.gone", "player.silent"):
        said = catalogue()[key]
        assert "▶▶（运行所有单元格）" in said["zh"]
        assert "重启内核并运行" not in said["zh"]
        assert "▶▶" in said["en"]
        assert "run all cells" in said["en"]
        assert "Restart the kernel and run" not in said["en"]


def test_all_words_of_the_player_are_in_the_catalogue():
    source = "".join(path.read_text("utf-8") for path in SOURCE.glob("*.js"))
    keys = set(re.findall(r'"((?:player|verdict|role)\.[a-z_]+)"', source))
    assert len(keys) > 60
    assert keys <= set(catalogue())
    with speaking("en"):
        assert player_words()["player.retry"] == "Try again"


def test_no_word_of_the_catalogue_is_left_unused():
    source = "".join(path.read_text("utf-8") for path in SOURCE.glob("*.js"))
    python = "".join(path.read_text("utf-8") for path in STATIC.parent.glob("*.py"))
    made = r"player\.(do|short|help|lane|severity|direction|state|veto|taken|fault)_"
    left = [
        key for key in catalogue()
        if key.startswith("player.") and not re.match(made, key) and f'"{key}"' not in source + python
    ]  # fmt: skip
    assert left == []


@pytest.mark.parametrize("value", [-1.0, 61.0])
def test_seconds_out_of_range_are_refused(value):
    with pytest.raises(QaError) as error:
        player_options(reaction_s=value)
    assert error.value.code == "player.bad_seconds"


def test_the_built_player_is_there_with_its_licence():
    assert "Redistribution and use in source and binary forms" in (
        STATIC / "LICENSE.wavesurfer.txt"
    ).read_text("utf-8")
    assert (STATIC / "player.js").stat().st_size < 300_000
