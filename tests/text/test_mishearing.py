from hypothesis import given
from hypothesis import strategies as st

from qa_audit.text.mishearing import best_fit, ratio_at

WORDS = st.text("您你好请再见感谢的来电问还有什么可以帮零一\n", max_size=12)


def test_a_phrase_heard_well_is_where_it_stands():
    fit = best_fit(("再见",), "好的再见")
    assert fit is not None
    assert (fit.phrase, fit.start, fit.end) == (0, 2, 4)
    assert 7 < fit.ratio < 12


def test_a_misheard_phrase_is_likelier_than_any_other_words():
    phrases = ("感谢您的来电", "请您稍等")
    for heard, which in (("敢谢你的莱变再见", 0), ("现你收等我帮你查", 1), ("减你稍等我看看", 1)):
        fit = best_fit(phrases, heard)
        assert fit is not None
        assert (fit.phrase, fit.ratio > 7) == (which, True)


def test_other_words_are_unlikely():
    fit = best_fit(("感谢您的来电",), "那我明天上午再去看看")
    assert fit is None or fit.ratio < 2


def test_a_syllable_may_be_lost_or_put_in():
    lost = best_fit(("感谢您的来电",), "好感谢的来电再见")
    added = best_fit(("感谢您的来电",), "好感谢您的一来电")
    assert lost is not None
    assert (lost.start, lost.end) == (1, 6)
    assert added is not None
    assert (added.start, added.end) == (1, 8)
    assert min(lost.ratio, added.ratio) > 12


def test_a_phrase_never_runs_over_a_line_end():
    fit = best_fit(("再见",), "再\n见")
    assert fit is None or fit.ratio < 5


def test_a_line_end_is_no_syllable_that_was_put_in():
    fit = best_fit(("感谢您的来电", "再见"), "感谢\n的来")
    assert fit is not None
    assert "\n" not in "感谢\n的来"[fit.start : fit.end]


def test_a_floor_changes_nothing_but_what_lies_below_it():
    text = "那就再间\n好的敢谢你的莱变\n请吻还有别的吗"
    phrases = ("感谢您的来电", "再见", "请问还有什么可以帮您")
    free = best_fit(phrases, text)
    assert free is not None
    assert best_fit(phrases, text, floor=free.ratio - 1) == free
    assert best_fit(phrases, text, floor=free.ratio + 1) is None


def test_shorter_phrases_stand_beside_longer_ones():
    fit = best_fit(("感谢您的来电", "再见"), "那就再见")
    assert fit is not None
    assert (fit.phrase, fit.start, fit.end) == (1, 2, 4)


def test_sounds_that_recognisers_confuse_weigh_more_than_others():
    assert ratio_at("女士", "女士") > ratio_at("女士", "你是") > 3 > ratio_at("女士", "那就")
    assert ratio_at("您好", "你好") == ratio_at("你好", "你好")


def test_nothing_fits_nothing():
    assert best_fit((), "好的") is None
    assert best_fit(("再见",), "") is None


@given(WORDS)
def test_a_fit_is_a_stretch_of_one_line(text):
    fit = best_fit(("感谢您的来电", "再见"), text)
    if fit is not None:
        assert 0 <= fit.start < fit.end <= len(text)
        if fit.ratio > 0:
            assert "\n" not in text[fit.start : fit.end]


@given(WORDS, WORDS)
def test_more_text_never_fits_worse(one, other):
    alone, both = best_fit(("再见",), one), best_fit(("再见",), one + "\n" + other)
    if alone is not None:
        assert both is not None
        assert both.ratio >= alone.ratio - 1e-4
