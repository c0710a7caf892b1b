"""Which model for which load: with a fake engine, and once with the real one on a sample call."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from qa_audit import cli as commands
from qa_audit.messages import QaError, catalogue, set_language, speaking
from qa_audit.transcribe.recommend import choose, recommend
from qa_audit.transcribe.settings import TranscribeSettings
from qa_audit.transcribe.trial import Speed, Trial, speeds, trial_from, trials_of
from qa_audit.transcribe.trial_call import TrialCall, trial_call

SAMPLES = Path(__file__).parents[2] / "recordings_sample" / "calls"
CALL = TrialCall(np.zeros((2, 25 * 16_000), np.float32), 20.0, "a.wav")
FAST = {"draft": 400.0, "balanced": 240.0, "careful": 120.0}


def trial(model, preset, hours, engine="ctranslate2"):
    return Trial(engine, model, preset, 2, 0.1, hours, 700_000_000)


def fake(settings, presets, _call, workers):
    """ctranslate2 as `FAST` says, the other half as fast; `small` a tenth and too large for two workers."""
    if settings.model == "broken":
        raise QaError("recommend.died", engine=settings.engine, model=settings.model, reason="SIGKILL")
    share = (1 if settings.engine == "ctranslate2" else 0.5) * (0.1 if settings.model == "small" else 1)
    count = 1 if settings.model == "small" else workers
    return [
        replace(trial(settings.model, name, FAST[name] * share, settings.engine), workers=count)
        for name in presets
    ]


def tried(wanted=None, models=("base", "small")):
    settings = TranscribeSettings(workers=2, threads=1)
    return recommend(
        settings,
        CALL,
        wanted,
        models=dict.fromkeys(models),
        engines=["openai-whisper", "ctranslate2"],
        try_model=fake,
    )


@pytest.fixture(autouse=True)
def _chinese_again(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    yield
    set_language(None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (1, ("ctranslate2", "small", "careful")),
        (8, ("ctranslate2", "small", "careful")),
        (16, ("ctranslate2", "small", "balanced")),
        (26, ("ctranslate2", "small", "draft")),
        (27, ("ctranslate2", "base", "careful")),
        (160, ("ctranslate2", "base", "balanced")),
        (161, ("ctranslate2", "base", "draft")),
        (267, None),
    ],
)
def test_the_most_faithful_with_a_third_to_spare(wanted, found):
    chosen = tried(wanted).recommended
    assert (chosen and (chosen.engine, chosen.model, chosen.preset)) == found


def test_a_model_of_one_s_own_goes_first_and_the_order_given_does_not_count():
    rows = [trial("large-v3", "careful", 99.0), trial("ours", "draft", 99.0), trial("tiny", "careful", 99.0)]
    assert choose(rows, 60.0) == choose(rows[::-1], 60.0) == rows[1]


def test_the_table_says_what_each_manages_and_under_which_assumption():
    with speaking("en"):
        said = str(tried(160))
    lines = said.splitlines()
    assert lines[0] == "Tried 20 s of speech on this machine (from a.wav):"
    assert " ".join(lines[1].split()) == "engine model preset workers real-time factor hours a day memory use"
    (marked,) = [line for line in lines if "√" in line]
    assert " ".join(marked.split()) == "ctranslate2 base balanced 2 0.100 240 0.7 GB √ recommended"
    assert len([line for line in lines if line.startswith(("openai-whisper ", "ctranslate2 "))]) == 12
    assert "40% of each channel" in said
    assert said.count("Set transcribe.workers = 1.") == 2
    assert lines[-1].startswith("For 160 hours a day: engine ctranslate2, model base, preset balanced")


def test_without_a_load_nothing_is_recommended():
    found = tried()
    assert found.recommended is None
    assert "√" not in str(found)
    assert found.as_json()["recommended"] is None


def test_a_load_that_is_too_high_is_told():
    with speaking("en"):
        assert "267 hours at most" in str(tried(1000))


def test_what_cannot_be_tried_is_told_and_the_rest_goes_on():
    found = tried(models=("base", "broken"))
    assert (len(found.trials), len(found.failures), found.failed) == (6, 2, True)
    shown = found.as_json()
    assert [row["error"]["code"] for row in shown["failures"]] == ["recommend.died"] * 2
    assert shown["trials"][0] == {
        "engine": "openai-whisper",
        "model": "base",
        "preset": "draft",
        "workers": 2,
        "rtf": 0.1,
        "hours_per_day": 200.0,
        "memory_bytes": 700_000_000,
    }
    json.dumps(shown, allow_nan=False)


def test_a_busy_machine_is_told(monkeypatch):
    monkeypatch.setattr("qa_audit.transcribe.recommend.cores_here", lambda: 4)
    with speaking("en"):
        assert "busy" in str(replace(tried(), load=2.1))
        assert "busy" not in str(replace(tried(), load=1.9))


def test_without_weights_the_ways_out_are_named():
    with pytest.raises(QaError, match="models") as none:
        tried(models=())
    assert none.value.code == "recommend.no_model"


def test_the_machine_s_speed_is_the_sum_of_its_workers():
    settings = TranscribeSettings(engine="ctranslate2")
    # One manages the call of 25 s once in 2.5 s, the other twice: together 20 and 10 s of calls a second.
    made = trial_from(settings, "draft", CALL, [Speed(2, 5.0, 100), Speed(4, 5.0, 300)])
    assert (made.workers, made.memory_bytes) == (2, 300)
    assert made.hours_per_day == pytest.approx(24 * 30)
    assert made.rtf == pytest.approx(2 / 1.2 / 20)


def load_and_die(_settings):
    sys.exit(7)


def load_nothing(_settings):
    raise QaError("transcribe.weights_broken", path="x", reason="y")


@pytest.mark.parametrize(
    ("load", "code"), [(load_and_die, "recommend.died"), (load_nothing, "transcribe.weights_broken")]
)
def test_a_worker_that_cannot_go_on_is_an_error(load, code):
    with pytest.raises(QaError) as error:
        list(speeds(TranscribeSettings(), ["draft"], CALL, 2, load))
    assert error.value.code == code


def test_presets_of_another_precision_get_workers_of_their_own(monkeypatch):
    started = []

    def speeds_of(settings, names, _call, _workers, _load):
        started.append((settings.preset, names))
        return [[Speed(1, 2.0, 10**9)] for _ in names]

    monkeypatch.setattr("qa_audit.transcribe.trial.speeds", speeds_of)
    settings = TranscribeSettings(engine="ctranslate2")
    made = trials_of(settings, ["draft", "balanced", "careful"], CALL, 2)
    assert started == [("draft", ["draft", "balanced"]), ("careful", ["careful"])]
    assert [one.preset for one in made] == ["draft", "balanced", "careful"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_is_documented_in_both_languages(lang):
    told = CliRunner().invoke(commands.cli, ["--lang", lang, "models", "recommend", "--help"])
    assert told.exit_code == 0
    assert catalogue()["cli.help.recommend"][lang].split("\n", 1)[0] in told.output
    assert list(commands.models.commands) == ["recommend"]


def test_models_alone_lists_them_as_ever(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(commands.cli, ["models", "--json"])
    assert {row["model"] for row in json.loads(told.output)["models"]} >= {"tiny", "base", "large-v3"}


def test_outside_a_workspace_a_recording_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(commands.cli, ["models", "recommend"])
    assert isinstance(told.exception, QaError)
    assert told.exception.code == "recommend.no_recording"
    assert "--recording" in str(told.exception)


@pytest.mark.parametrize("words", [["models", "recommend", "--json"], ["models", "--json", "recommend"]])
def test_json_is_all_that_is_printed(monkeypatch, words):
    monkeypatch.setattr(commands, "_trial", lambda _folder, _recording: (TranscribeSettings(), CALL))
    monkeypatch.setattr(
        "qa_audit.transcribe.recommend.recommend", lambda _settings, _call, wanted: tried(wanted)
    )
    told = CliRunner().invoke(commands.cli, [*words, "--hours-per-day", "160"])
    shown = json.loads(told.stdout)
    assert (shown["wanted_hours_per_day"], shown["recommended"]["preset"]) == (160.0, "balanced")
    assert len(shown["trials"]) == 12


@pytest.mark.slow
def test_the_real_engine_on_a_sample_call():
    settings = TranscribeSettings(preset="draft", threads=1)
    call = trial_call([SAMPLES / "20260902001.wav"], settings.speech)
    assert (call.speech_s, call.duration_s) == (pytest.approx(20.0, abs=0.1), pytest.approx(25.0, abs=0.2))
    (made,) = trials_of(settings, ["draft"], call, 1)
    assert (made.engine, made.model, made.preset, made.workers) == ("openai-whisper", "base", "draft", 1)
    assert 0.005 < made.rtf < 5
    assert made.hours_per_day == pytest.approx(24 * call.duration_s / call.speech_s / made.rtf)
    assert 3e8 < made.memory_bytes < 3e9
