import pytest

from qa_audit.fixed_choices import FixedChoices, fix_choices, read_choices, write_choices
from qa_audit.messages import QaError
from qa_audit.store.database import open_database
from qa_audit.transcribe import ct2_engine
from qa_audit.transcribe.settings import TranscribeSettings

CHOICES = FixedChoices("openai-whisper", "base", "balanced", "abc")


def test_what_was_fixed_is_read_again(tmp_path):
    database = open_database(tmp_path / "qa.db")
    write_choices(database, CHOICES)
    assert read_choices(database, TranscribeSettings(), "qa_audit.toml") == CHOICES


def test_an_interrupted_init_can_be_repeated(tmp_path):
    database = open_database(tmp_path / "qa.db")
    write_choices(database, FixedChoices("openai-whisper", "base", "draft", "old"))
    write_choices(database, CHOICES)
    assert read_choices(database, TranscribeSettings(), "qa_audit.toml") == CHOICES


def test_other_settings_are_refused_and_each_difference_is_named(tmp_path):
    database = open_database(tmp_path / "qa.db")
    write_choices(database, CHOICES)
    with pytest.raises(QaError) as error:
        read_choices(database, TranscribeSettings(model="small", preset="draft"), "qa_audit.toml")
    assert error.value.code == "workspace.engine_changed"
    assert error.value.values["changes"] == "model = 'small' ('base'), preset = 'draft' ('balanced')"


def test_a_workspace_that_was_never_finished_is_told(tmp_path):
    with pytest.raises(QaError) as error:
        read_choices(open_database(tmp_path / "qa.db"), TranscribeSettings(), "qa_audit.toml")
    assert error.value.code == "workspace.incomplete"


def test_an_engine_that_is_not_installed_is_refused_when_the_workspace_is_made(monkeypatch):
    monkeypatch.setattr(ct2_engine, "installed", lambda: False)
    with pytest.raises(QaError) as error:
        fix_choices(TranscribeSettings(engine="ctranslate2"))
    assert error.value.code == "transcribe.engine_missing"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"preset": "hasty"}, "transcribe.preset_unknown"),
        ({"model": "huge"}, "transcribe.model_unknown"),
        ({"weights": "/nowhere/base.pt"}, "transcribe.weights_path_missing"),
        ({"engine": "telepathy"}, "transcribe.engine_unknown"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_when_the_workspace_is_made(settings, code):
    with pytest.raises(QaError) as error:
        fix_choices(TranscribeSettings(**settings))
    assert error.value.code == code
