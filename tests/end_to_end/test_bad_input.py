"""What comes wrong from outside: each is told clearly, the rest goes on, and running again goes on too."""

import json
import resource
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import soundfile

import qa_audit as qa
from qa_audit.workspace import Workspace

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "qa_audit.cli"]


def _run(*arguments, **options):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )


@pytest.fixture
def recordings(samples, tmp_path):
    folder = tmp_path / "recordings"
    folder.mkdir()
    shutil.copy(samples / "calls" / "20260903001.wav", folder / "good.wav")
    return folder


def test_unusable_recordings_are_named_and_the_good_one_is_scored(recordings, tmp_path):
    good = (recordings / "good.wav").read_bytes()
    (recordings / "empty.wav").write_bytes(b"")
    (recordings / "text.wav").write_text("这不是录音", encoding="utf-8")
    (recordings / "locked.wav").write_bytes(b"PK\x03\x04" + bytes(200))
    (recordings / "header_only.wav").write_bytes(good[:30])
    soundfile.write(recordings / "nothing.wav", np.zeros((0, 2), np.float32), 8000)
    soundfile.write(recordings / "three.wav", np.zeros((8000, 3), np.float32), 8000)
    Workspace.create(tmp_path / "ws", recordings=recordings, engine="ctranslate2")

    run = _run("run", "--workspace", tmp_path / "ws", "--json")
    told = json.loads(run.stdout)
    codes = {one["recording"].rsplit("/", 1)[1]: one["code"] for one in told["transcribe"]["failures"]}
    left_out = [problem for problem in told["import"]["problems"] if problem["left_out"]]
    problems = {problem["file"].rsplit("/", 1)[-1] for problem in left_out}
    assert run.returncode == 1
    assert told["transcribe"]["transcribed"] == 1
    assert told["score"]["scored"] == 1
    assert set(codes) | problems == {
        "empty.wav", "text.wav", "locked.wav", "header_only.wav", "nothing.wav", "three.wav",
    }  # fmt: skip
    assert codes["three.wav"] == "audio.channels"
    assert codes["nothing.wav"] == "audio.no_samples"
    assert codes["locked.wav"] == "audio.not_audio"

    (recordings / "three.wav").unlink()
    again = json.loads(_run("run", "--workspace", tmp_path / "ws", "--json").stdout)
    assert (again["transcribe"]["transcribed"], again["transcribe"]["kept"]) == (0, 1)
    statuses = dict(qa.open(tmp_path / "ws").calls()["status"].value_counts().iter_rows())
    assert statuses["scored"] == 1
    assert statuses["failed"] >= 4


def test_a_list_in_gbk_with_mistakes(recordings, tmp_path):
    rows = [
        "通话编号,录音文件,工号,班组,开始时间,呼叫方向",
        "A1,good.wav,8011,一班,2026-10-03 09:15:07,呼入",
        "A1,other.wav,8012,一班,2026-10-04 09:15:07,呼入",
        "A2,none.wav,8013,二班,2026-13-45,呼入",
        "A3,none.wav,8014,二班,2026/10/5 9:15,飞出",
    ]
    call_list = tmp_path / "话单.csv"
    call_list.write_bytes("\r\n".join(rows).encode("gb18030"))
    Workspace.create(tmp_path / "ws", recordings=recordings, call_list=call_list)
    run = _run("import", "--workspace", tmp_path / "ws", "--json")
    told = json.loads(run.stdout)
    found = {(problem["code"], problem["row"]) for problem in told["problems"]}
    assert ("calls.double_id", 3) in found
    assert ("calls.bad_start", 4) in found
    assert ("calls.bad_direction", 5) in found
    assert told["calls_without_recording"] == ["A3"]
    assert run.returncode == 1
    calls = qa.open(tmp_path / "ws").calls("2026-10")
    assert calls.select("call_id", "team", "status").rows() == [
        ("A1", "一班", "not_transcribed"),
        ("A3", "二班", "no_recording"),
    ]


def test_a_rubric_with_mistakes_names_them_all(samples, tmp_path):
    rubric = tmp_path / "rubric.toml"
    rubric.write_text('id = "x"\nversion = "1"\nnmae = 3\n', encoding="utf-8")
    run = _run("check", samples / "calls" / "20260903001.wav", "--rubric", rubric, "--json", "--lang", "en")
    message = json.loads(run.stdout)["error"]["message"]
    assert run.returncode == 2
    assert "line 2, version" in message
    assert "line 3, nmae: no such key" in message
    assert "items: this key is missing" in message


def test_interrupted_in_the_middle_nothing_is_half_written_and_it_goes_on(samples, tmp_path):
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    shortest = sorted((samples / "calls").glob("*.wav"), key=lambda path: path.stat().st_size)[:3]
    for number, source in enumerate(shortest):
        shutil.copy(source, recordings / f"{number}.wav")
    Workspace.create(tmp_path / "ws", recordings=recordings, engine="ctranslate2")
    turns = tmp_path / "ws" / "results" / "turns"
    process = subprocess.Popen([*COMMAND, "run", "--workspace", str(tmp_path / "ws")], stderr=subprocess.PIPE)
    while not list(turns.rglob("*.parquet")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "已中断" in said.decode("utf-8")
    done = len(list(turns.rglob("*.parquet")))
    assert 1 <= done < 3
    assert not list((tmp_path / "ws").rglob("*.partial"))
    outcome = qa.open(tmp_path / "ws").run()
    assert (outcome.transcribed.done, outcome.transcribed.kept) == (3 - done, done)
    assert outcome.scored.done == 3


def test_a_full_disk_is_told_and_leaves_nothing_half_written(recordings, tmp_path):
    Workspace.create(tmp_path / "ws", recordings=recordings, engine="ctranslate2")

    def full():
        # Files may not grow beyond 2 kB: too small for a part, and for more than that nothing is written.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

    assert _run("import", "--workspace", tmp_path / "ws").returncode == 0
    run = _run("transcribe", "--workspace", tmp_path / "ws", "--json", preexec_fn=full)
    assert run.returncode == 1
    # The database meets the limit first; of a full disk it says more than of a limit.
    assert json.loads(run.stdout)["error"]["code"] in ("store.disk_full", "store.disk_fault")
    assert not list((tmp_path / "ws" / "results").rglob("*.parquet"))
    assert not list((tmp_path / "ws" / "results").rglob("*.partial"))
    assert qa.open(tmp_path / "ws").run().transcribed.done == 1


def test_a_workspace_keeps_the_preset_it_was_made_with(recordings, tmp_path):
    workspace = Workspace.create(tmp_path / "ws", recordings=recordings)
    text = workspace.settings_file.read_text(encoding="utf-8")
    workspace.settings_file.write_text(
        text.replace('# preset = "balanced"', 'preset = "draft"'), encoding="utf-8"
    )
    run = _run("run", "--workspace", tmp_path / "ws", "--lang", "en")
    assert run.returncode == 2
    assert "preset = 'draft' ('balanced')" in run.stderr


def test_a_folder_is_a_workspace_once(recordings, tmp_path):
    Workspace.create(tmp_path / "ws", recordings=recordings)
    assert _run("init", tmp_path / "ws").returncode == 2
    assert _run("run", "--workspace", tmp_path).returncode == 2
