import re
import string
from pathlib import Path

import pytest

from qa_audit.messages import QaError, catalogue, language, say, set_language, speaking

PACKAGE = Path(__file__).parents[1] / "qa_audit"


def _placeholders(text: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_both_languages_are_there_with_the_same_placeholders(key):
    message = catalogue()[key]
    assert set(message) == {"zh", "en"}
    assert message["zh"].strip()
    assert message["en"].strip()
    assert _placeholders(message["zh"]) == _placeholders(message["en"])


def test_every_key_named_in_the_code_is_in_the_catalogue():
    named = {}
    for module in PACKAGE.rglob("*.py"):
        for key in re.findall(r"(?:QaError|say)\(\s*\"([a-z_.]+)\"", module.read_text(encoding="utf-8")):
            named[key] = module.name
    missing = {
        key: module for key, module in named.items() if key not in catalogue() and "empty" not in module
    }
    assert missing == {}
    assert len(named) > 40


def test_language_is_chinese_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    assert language() == "zh"
    monkeypatch.setenv("QA_AUDIT_LANG", "en")
    assert language() == "en"
    monkeypatch.setenv("QA_AUDIT_LANG", "fr")
    assert language() == "zh"


def test_a_set_language_goes_before_the_environment(monkeypatch):
    monkeypatch.setenv("QA_AUDIT_LANG", "en")
    try:
        set_language("zh")
        assert say("verdict.uncertain") == "待人工判断"
    finally:
        set_language(None)
    assert say("verdict.uncertain") == "can't tell"


def test_an_error_speaks_the_language_in_which_it_is_read():
    error = QaError("calls.bad_month", got="2026-13")
    with speaking("zh"):
        assert str(error) == "“2026-13”不是月份。允许的写法：2026-10。"
    assert error.text("en") == "'2026-13' is no month. Write it as in 2026-10."
    assert error.code == "calls.bad_month"


def test_a_name_that_commands_the_terminal_is_shown_with_escapes():
    with speaking("en"):
        assert str(QaError("audio.empty", path=Path("\x1b[2J\N{RIGHT-TO-LEFT OVERRIDE}gnp.wav"))) == (
            "\\x1b[2J\\u202egnp.wav: the file is empty (0 bytes). Copy the recording again from the recorder."
        )
