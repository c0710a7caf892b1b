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


def test_a_wrong_time_zone_or_field_is_told_what_would_do():
    with pytest.raises(ValidationError) as error:
        CallListSettings(timezone="Asia/Bejing", headings={"strat": ("x",)})
    told = [str(one["ctx"]["error"]) for one in error.value.errors()]
    assert told[0].startswith("字段只能是 call_id, recording, ")
    assert told[0].endswith("（没有 strat）")
    assert told[1] == "时区的标准名，中国大陆写 'Asia/Shanghai'（没有 Asia/Beijing）"
