import pytest
from pydantic import ValidationError

from qa_audit.calls.settings import CallListSettings


def test_defaults():
    settings = CallListSettings()
    assert settings.timezone == "Asia/Shanghai"
    assert {"wav", "mp3", "vox", "al", "ul", "amr", "gsm"} <= set(settings.extensions)


def test_extensions_may_have_dot_and_capitals():
    assert CallListSettings(extensions=(".WAV", "v3")).extensions == ("wav", "v3")


@pytest.mark.parametrize(
    "values",
    [
        {"heading": {}},
        {"headings": {"beginning": ["x"]}},
        {"roster_headings": {"call_id": ["x"]}},
        {"file_names": ["{date}"]},
        {"timezone": "Mars/Base"},
        {"timezone": "../etc/passwd"},
        {"date_order": "myd"},
        {"match_tolerance_s": -1},
        {"max_list_mb": 0},
    ],
)
def test_mistakes_are_refused(values):
    with pytest.raises(ValidationError):
        CallListSettings.model_validate(values)


def test_settings_do_not_change():
    with pytest.raises(ValidationError):
        CallListSettings().timezone = "UTC"
