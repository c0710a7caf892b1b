import pytest

from qa_audit.messages import QaError
from qa_audit.settings import Settings, read_settings, settings_text


def _written(tmp_path, text):
    file = tmp_path / "qa_audit.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_template_without_values_is_the_defaults(tmp_path):
    assert read_settings(_written(tmp_path, settings_text({}))) == Settings()


def test_values_are_put_in_and_the_rest_stays_a_comment(tmp_path):
    values = {"department": {"name": '客服"一"部'}, "transcribe": {"preset": "draft", "engine": None}}
    text = settings_text(values)
    settings = read_settings(_written(tmp_path, text))
    assert settings.department.name == '客服"一"部'
    assert settings.transcribe.preset == "draft"
    assert '# engine = "openai-whisper"' in text


def test_every_commented_default_may_be_switched_on(tmp_path):
    """What the template shows as a default is a key that exists and a value that is allowed."""
    lines = [
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else line
        for line in settings_text({}).splitlines()
    ]
    settings = read_settings(_written(tmp_path, "\n".join(lines)))
    assert settings.transcribe.raw_formats[0].encoding == "vox_adpcm"
    assert settings.sources.recordings == "recordings"
    assert settings.calls.headings == {"start": ("接通时刻",), "ring_s": ("等待时长",)}


def test_mistakes_come_all_at_once_with_their_lines(tmp_path):
    file = _written(tmp_path, '[departement]\nname = "x"\n[transcribe]\nagent_channel = "middle"\n')
    with pytest.raises(QaError) as error:
        read_settings(file)
    told = error.value.text("en")
    sections = "department sources database transcribe calls pay appeals deadlines privacy sameness service"
    allowed = f"{sections} retention operations".replace(" ", ", ")
    assert f"line 1, departement: no such key (did you mean department?). Allowed: {allowed}." in told
    assert "line 4, transcribe.agent_channel: 'middle' cannot be used." in told


def test_grades_limits_and_amounts_are_checked_together(tmp_path):
    own = "[pay]\ngrades = ['C', 'A']\nlimits = [80.0]\namounts_yuan = [0, 500]\n"
    assert read_settings(_written(tmp_path, own)).pay.scale().amount("A") == 500.0
    with pytest.raises(QaError) as error:
        read_settings(_written(tmp_path, "[pay]\nlimits = [60.0, 90.0, 75.0]\n"))
    assert error.value.code == "toml.invalid"
    assert "第 1 行 pay：不能用 { limits = [60.0, 90.0, 75.0] }" in error.value.text("zh")
    assert "界限须从低到高" in error.value.text("zh")


def test_a_value_in_other_case_is_asked_about(tmp_path):
    with pytest.raises(QaError) as error:
        read_settings(_written(tmp_path, '[transcribe]\nagent_channel = "Left"\n'))
    assert "要求：只能是 'left', 'right', 'auto'（是不是 left？）。" in error.value.text("zh")
    assert "one of 'left', 'right', 'auto' (did you mean left?)." in error.value.text("en")
