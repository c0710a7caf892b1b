import pickle
import subprocess
import sys

import pytest
from pydantic import ValidationError

from qa_audit.messages import QaError
from qa_audit.transcribe.glossary import Glossary, Term
from qa_audit.transcribe.presets import PRESETS, PROMPT, preset
from qa_audit.transcribe.settings import ENGINES, RawFormat, SpeechSettings, TranscribeSettings

AUDIO, MODEL = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("v3", "1001.v3", True),
        (".V3", "1001.v3", True),
        ("8k_*.pcm", "8K_0001.PCM", True),
        ("8k_*.pcm", "16k_0001.pcm", False),
        ("v3", "v3", False),
        ("al", "call.alaw", False),
    ],
)
def test_patterns(pattern, name, expected):
    assert RawFormat(pattern=pattern, encoding="alaw").matches(name) is expected


@pytest.mark.parametrize(
    "settings",
    [
        {"unknown": 1},
        {"agent_channel": "middle"},
        {"speech": {"threshold": 1.5}},
        {"raw_formats": [{"pattern": "v3", "encoding": "mp3"}]},
        {"threads": -1},
    ],
)
def test_mistakes_are_refused(settings):
    with pytest.raises(ValidationError):
        TranscribeSettings.model_validate(settings)


def test_the_key_is_stable():
    settings = TranscribeSettings()
    assert settings.key(AUDIO, MODEL) == TranscribeSettings().key(AUDIO, MODEL)
    assert len(settings.key(AUDIO, MODEL)) == 16


@pytest.mark.parametrize(
    "changed",
    [
        TranscribeSettings(preset="draft"),
        TranscribeSettings(agent_channel="right"),
        TranscribeSettings(speech=SpeechSettings(threshold=0.4)),
    ],
)
def test_what_changes_turns_changes_the_key(changed):
    assert changed.key(AUDIO, MODEL) != TranscribeSettings().key(AUDIO, MODEL)


def test_a_glossary_changes_the_key_by_what_its_terms_do():
    plain = TranscribeSettings()
    keys = {
        plain.key(AUDIO, MODEL),
        plain.with_glossary(Glossary((Term("云岭宽带"),))).key(AUDIO, MODEL),
        plain.with_glossary(Glossary((Term("云岭宽带", ("云林",)),))).key(AUDIO, MODEL),
        plain.with_glossary(Glossary((Term("张伟"),))).key(AUDIO, MODEL),
    }
    assert len(keys) == 4
    assert plain.with_glossary(Glossary()).key(AUDIO, MODEL) == plain.key(AUDIO, MODEL)
    moved = plain.with_glossary(Glossary((Term("云岭宽带", (), 7),)))
    assert moved.key(AUDIO, MODEL) in keys


def test_a_glossary_goes_with_the_settings():
    settings = TranscribeSettings(preset="draft").with_glossary(Glossary((Term("云岭宽带"),)))
    assert settings.glossary.terms == (Term("云岭宽带"),)
    assert settings != TranscribeSettings(preset="draft")
    assert settings.model_copy(update={"threads": 2}).glossary == settings.glossary
    assert pickle.loads(pickle.dumps(settings)) == settings  # workers in other processes get them
    with pytest.raises(ValidationError):
        TranscribeSettings.model_validate({"glossary": "glossary.txt"})


def test_audio_model_and_raw_format_change_the_key():
    settings = TranscribeSettings()
    raw = RawFormat(pattern="v3", encoding="alaw")
    keys = {
        settings.key(AUDIO, MODEL),
        settings.key(MODEL, MODEL),
        settings.key(AUDIO, AUDIO),
        settings.key(AUDIO, MODEL, raw),
    }
    assert len(keys) == 4


@pytest.mark.parametrize(
    "same",
    [
        TranscribeSettings(threads=2),
        TranscribeSettings(weights="/models/base.pt"),
        TranscribeSettings(raw_formats=(RawFormat(pattern="v3", encoding="alaw"),)),
    ],
)
def test_what_does_not_change_turns_leaves_the_key(same):
    assert same.key(AUDIO, MODEL) == TranscribeSettings().key(AUDIO, MODEL)


def test_presets():
    assert {engine: list(rows) for engine, rows in PRESETS.items()} == {
        engine: ["draft", "balanced", "careful"] for engine in ENGINES
    }
    with pytest.raises(QaError) as caught:
        preset("quick")
    assert caught.value.code == "transcribe.preset_unknown"


def test_the_prompt_holds_no_words_of_a_script():
    for phrase in ("您好", "服务", "请问", "再见", "感谢", "来电", "稍等", "久等", "抱歉"):
        assert phrase not in PROMPT


@pytest.mark.parametrize(
    "module",
    ["turns", "frames", "settings", "presets", "weights", "engine", "roles", "glossary_file", "corrections"],
)
def test_light_modules_import_neither_torch_nor_whisper(module):
    code = (
        f"import sys, qa_audit.transcribe.{module}; "
        "sys.exit(any(name in sys.modules for name in ('torch', 'whisper', 'silero_vad', 'IPython')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_the_first_format_that_fits_a_name_is_taken():
    formats = (RawFormat(pattern="*.pcm", encoding="gsm"), RawFormat(pattern="v3", encoding="alaw"))
    settings = TranscribeSettings(raw_formats=formats)
    assert settings.raw_format_of("A.V3") == formats[1]
    assert settings.raw_format_of("a.wav") is None
