import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.text import pinyin
from qa_audit.text.pinyin import fold_syllable, readings, sound, sounds_of_phrase, syllables, toned_readings


def test_stored_readings_are_those_of_pypinyin():
    from importlib import resources

    stored = resources.files("qa_audit.text").joinpath("readings.txt").read_text("utf-8")
    assert stored == pinyin.readings_table()


def test_readings_usual_one_first():
    assert readings("长") == ("zhang", "chang")
    assert readings("率") == ("lv", "lve", "shuai")
    assert readings("!") == ()


def test_readings_with_tones():
    assert toned_readings("重") == ("zhong4", "chong2", "tong2")
    assert toned_readings("好") == ("hao3", "hao4")
    assert toned_readings("吗")[0] == "ma5"
    assert toned_readings("绿") == ("lv4", "lu4")
    assert toned_readings("V") == ()


@given(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5))
def test_readings_are_those_with_tones_without_them(character):
    toned = toned_readings(character)
    assert all(one[-1] in "12345" for one in toned)
    assert readings(character) == tuple(dict.fromkeys(one[:-1] for one in toned))


def test_syllables():
    assert syllables("再见VIP8号") == ["zai", "jian", "V", "I", "P", "8", "hao"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("再见", "在建"),
        ("为您服务", "未您付物"),
        ("请稍等", "请烧等"),
        ("来电", "来店"),
        ("不归我们管", "不规我们管"),
    ],
)
def test_homophones_sound_alike(one, other):
    assert sound(one) == sound(other)


def test_nin_and_ni_do_not_sound_alike():
    assert sound("您") != sound("你")


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhi", "zi"), ("chang", "can"), ("ning", "lin"), ("shen", "seng"), ("ren", "len"), ("hui", "fui")],
)
def test_confusable_syllables_fold_together(one, other):
    assert fold_syllable(one) == fold_syllable(other)


def test_folding_keeps_what_is_told_apart():
    assert len({fold_syllable(s) for s in ("ba", "pa", "da", "ta", "ga", "ka", "ma", "fa")}) == 8


def test_a_phrase_is_spelt_in_all_its_readings():
    assert sound("航") in sounds_of_phrase("行")
    assert sounds_of_phrase("再见")[0] == sound("再见")


@given(st.text(max_size=40))
def test_sound_keeps_the_length_and_is_stable(text):
    assert len(sound(text)) == len(text)
    assert sound(sound(text)) == sound(text)
    assert sound(text, folded=True) == sound(sound(text), folded=True)
