"""`qa-audit check`: the contract that scripts outside the project rely on."""

import json
import subprocess
import sys

import pytest

from qa_audit.scoring import load_rubric

pytestmark = pytest.mark.slow

ORDER = [
    "greeting", "answer_promptly", "title", "honorific", "please", "hold_courtesy", "thanks_reply",
    "further_help", "readback", "closing", "no_blame_shifting", "no_blaming_customer", "no_harsh_language",
    "no_forbidden_words", "no_overpromise", "no_raised_voice", "no_interrupting", "no_dead_air",
    "speech_rate", "apology",
]  # fmt: skip
TIERS = {"exact", "pinyin", "near", "regex", "similar", "acoustic", "measure", "metadata", "absence"}


def _check(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "qa_audit.cli", "check", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def checked(samples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("check")
    bad = folder / "不是录音.wav"
    bad.write_text("hello", encoding="utf-8")
    meta = folder / "meta.json"
    meta.write_text(json.dumps({"20260909001.wav": {"ring_s": 21, "direction": "inbound"}}))
    files = [samples / "calls" / "20260909001.wav", bad, samples / "calls" / "20260903001.wav"]
    return files, _check(*files, "--json", "--meta", meta, "--lang", "en")


def test_one_object_a_line_in_the_order_given_and_nothing_else(checked):
    files, run = checked
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["recording"] for line in lines] == [str(file) for file in files]
    assert run.returncode == 1


def test_a_file_that_cannot_be_used_gives_its_error(checked):
    files, run = checked
    error = json.loads(run.stdout.splitlines()[1])
    assert set(error) == {"recording", "error"}
    assert error["error"]["code"].startswith("audio.")
    assert str(files[1]) in error["error"]["message"]


def test_the_object_of_a_call(checked):
    _, run = checked
    call = json.loads(run.stdout.splitlines()[0])
    rubric = load_rubric()
    assert call["schema"] == 1
    assert (call["channels"], call["engine"], call["model"], call["preset"]) == (
        2,
        "openai-whisper",
        "base",
        "balanced",
    )
    assert len(call["sha256"]) == 64
    assert 30 < call["duration_s"] < 45
    assert call["rubric"] == {"id": "zh_service", "version": "1.0.0", "sha256": rubric.sha256}
    assert call["turns"][0]["role"] == "agent"
    for turn in call["turns"]:
        assert set(turn) == {"role", "start_s", "end_s", "text", "confidence"}
        assert 0 <= turn["start_s"] < turn["end_s"] <= call["duration_s"] + 0.5
        assert 0 <= turn["confidence"] <= 1


def test_items_stand_in_the_order_of_the_table(checked):
    _, run = checked
    call = json.loads(run.stdout.splitlines()[0])
    ids = [item["id"] for item in call["items"]]
    assert ids == [item for item in ORDER if item in ids]
    assert {
        "greeting", "title", "honorific", "please", "hold_courtesy", "thanks_reply", "further_help",
        "closing", "no_blame_shifting", "no_blaming_customer", "no_harsh_language", "no_forbidden_words",
        "no_overpromise", "apology",
    } <= set(ids)  # fmt: skip
    for item in call["items"]:
        assert set(item) == {"id", "verdict", "points", "max_points", "evidence"}
        assert item["verdict"] in {"pass", "fail", "not_applicable", "uncertain"}
        assert 0 <= item["points"] <= item["max_points"]
        for piece in item["evidence"]:
            assert set(piece) == {"turn", "start_s", "end_s", "quote", "tier"}
            assert piece["tier"] in TIERS
            assert piece["turn"] is None or 0 <= piece["turn"] < len(call["turns"])
        if item["verdict"] == "fail":
            assert item["evidence"]


def test_what_the_call_says_and_the_telephone_system_knows(checked):
    """The scenario: rang for 21 s, responsibility pushed away, a complaint without an apology."""
    _, run = checked
    call = json.loads(run.stdout.splitlines()[0])
    verdicts = {item["id"]: item["verdict"] for item in call["items"]}
    assert verdicts["no_blame_shifting"] == "fail"
    assert verdicts["answer_promptly"] == "fail"
    assert verdicts["closing"] == "pass"
    judged = [item for item in call["items"] if item["verdict"] in ("pass", "fail")]
    points = sum(item["points"] for item in judged) / sum(item["max_points"] for item in judged)
    assert call["score"] == pytest.approx(100 * points, abs=0.006)
    assert call["critical"] == []


def test_mono_has_both_speakers_or_none(checked):
    _, run = checked
    call = json.loads(run.stdout.splitlines()[2])
    assert call["channels"] == 1
    roles = {turn["role"] for turn in call["turns"]} - {"system"}
    assert roles in ({"agent", "customer"}, {"unknown"})
    # In this call a man and a woman speak, and the agent keeps to the script.
    assert roles == {"agent", "customer"}


def test_wrong_use_is_exit_code_2_and_said_as_json(samples):
    run = _check(samples / "calls" / "20260903001.wav", "--json", "--preset", "hasty")
    assert run.returncode == 2
    assert json.loads(run.stdout)["error"]["code"] == "transcribe.preset_unknown"
    run = _check(samples / "calls" / "20260903001.wav", "--json", "--rubric", "nowhere.toml")
    assert run.returncode == 2
    assert json.loads(run.stdout)["error"]["code"].endswith("unreadable")
    assert _check().returncode == 2
