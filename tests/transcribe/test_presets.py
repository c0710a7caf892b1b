"""Presets: a ladder from quick to faithful for each engine, within what an engine can take."""

import zlib
from itertools import pairwise

import pytest

from qa_audit.messages import QaError
from qa_audit.transcribe.presets import PRESETS, Preset, preset
from qa_audit.transcribe.settings import ENGINES, TranscribeSettings

ALL = [
    pytest.param(one, id=f"{engine}-{one.name}") for engine, own in PRESETS.items() for one in own.values()
]


def test_every_preset_is_found_under_its_own_name():
    for engine, own in PRESETS.items():
        assert [preset(name, engine).name for name in own] == list(own)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_takes_more_care_keeps_more_hypotheses_and_hears_no_less_at_a_time(engine):
    for quicker, slower in pairwise(PRESETS[engine].values()):
        assert quicker.beam < slower.beam
        assert quicker.pack_s <= slower.pack_s


@pytest.mark.parametrize("one", ALL)
def test_a_chunk_with_its_silence_is_no_longer_than_an_engine_takes(one):
    assert one.pack_s + one.tail_s <= 30


@pytest.mark.parametrize("one", ALL)
def test_a_bad_text_is_decoded_again_with_no_fewer_hypotheses(one):
    assert one.retry_beam >= one.beam


@pytest.mark.parametrize("one", ALL)
def test_what_people_say_does_not_pass_for_a_loop_and_a_loop_does(one):
    def ratio(text):
        return len(text.encode()) / len(zlib.compress(text.encode()))

    said = "对，对，对，好的好的，嗯，嗯，我知道了，好的，谢谢，谢谢您，再见，再见。"
    assert ratio(said) < one.max_compression < ratio("谢谢" * 20)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_unknown_preset_is_refused_with_those_there_are(engine):
    with pytest.raises(QaError) as error:
        preset("Draft", engine)
    assert error.value.code == "transcribe.preset_unknown"
    assert error.value.values == {"preset": "Draft", "allowed": "draft, balanced, careful"}


def test_the_same_name_is_another_preset_of_another_engine():
    assert preset("careful", "ctranslate2") != preset("careful", "openai-whisper") == preset("careful")
    assert preset("careful", "ctranslate2").precision == "float32"


def test_whatever_the_settings_say_by_themselves_is_a_preset():
    settings = TranscribeSettings()
    assert isinstance(preset(settings.preset, settings.engine), Preset)


def test_nobody_adds_a_preset_while_the_program_runs():
    with pytest.raises(TypeError):
        PRESETS["ctranslate2"]["hasty"] = preset("draft")  # pyright: ignore[reportIndexIssue]
