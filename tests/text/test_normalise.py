import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa_audit.text import clauses, normalise, sentences, to_simplified

WORDS = st.text(st.sampled_from("您你好请，。 ?100%％８.:,点幺呃嗯ABa後裡謝謝\n"), max_size=40)


def test_punctuation_space_width_case_and_fillers_go():
    assert normalise("您好, 嗯……我是 ＶＩＰ 客服Ａ(8号)!").text == "您好我是vip客服a八号"


def test_fillers_may_stay():
    assert normalise("呃，好的", fillers=False).text == "呃好的"


def test_traditional_becomes_simplified():
    assert normalise("請問還有什麼可以幫您？").text == "请问还有什么可以帮您"
    assert to_simplified("後天發貨") == "后天发货"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("您別著急", "您别着急"),
        ("等著", "等着"),
        ("拿著證件來", "拿着证件来"),
        ("看著辦", "看着办"),
        ("藉口", "借口"),
        ("祇有妳", "只有你"),
        ("著名的著作很显著", "著名的著作很显著"),
        ("慰藉", "慰藉"),
        ("啰嗦么？行么，妳要么來", "啰嗦么行么你要么来"),
    ],
)
def test_what_is_written_so_in_taiwan_is_what_it_is_here(written, plain):
    assert normalise(written).text == plain


def test_half_of_a_pair_is_no_text():
    assert normalise("請稍等\ud83d").text == "请稍等"
    assert to_simplified("請\udcff") == "请\ufffd"


def test_numbers_read_aloud_equal_digits():
    assert normalise("幺三八〇零").text == normalise("13800").text == "一三八零零"


def test_percent_is_read_out():
    assert normalise("100%").text == "百分之百"
    assert normalise("有８０％ 的").text == "有百分之八零的"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("2.5小时", "二点五小时"),
        ("２．５小时", "二点五小时"),
        ("利率1.5 %", "利率百分之一点五"),
        ("1点5%", "百分之一点五"),
        ("9:30到18：00", "九点三零到一八点零零"),
        ("1.您好2.再见", "一您好二再见"),
        ("2026.11.30", "二零二六一一三零"),
        ("1:2:3", "一二三"),
        ("工号:35", "工号三五"),
        ("比分3:5", "比分三五"),
    ],
)
def test_points_of_decimals_and_colons_of_times_are_read(written, plain):
    assert normalise(written).text == plain


def test_signs_in_numbers_cut_nothing():
    assert clauses(["一共1,200元，9:30前，2．5折"]) == [[["一共一二零零元", "九点三零前", "二点五折"]]]


def test_span_goes_back_to_the_original():
    text = "您好，呃，100%的把握。"
    n = normalise(text)
    assert n.text == "您好百分之百的把握"
    assert text[slice(*n.span(1, 2))] == "好"
    assert text[slice(*n.span(2, 6))] == "100%"
    assert text[slice(*n.span(6, 9))] == "的把握"


@pytest.mark.parametrize(("start", "end"), [(0, 0), (-1, 1), (0, 3), (2, 1)])
def test_span_outside_is_refused(start, end):
    with pytest.raises(IndexError):
        normalise("好的").span(start, end)


@given(WORDS)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text).text
    assert normalise(once).text == once


@given(st.one_of(WORDS, st.text(max_size=30)))
def test_every_character_has_a_place_in_order(text):
    n = normalise(text)
    places = [n.span(i, i + 1) for i in range(len(n.text))]
    assert all(0 <= a < b <= len(text) for a, b in places)
    assert places == sorted(places)


@settings(deadline=None)
@given(st.lists(st.text("好的您看100%.:,２点。?！；…，、 嗯啊\n\v\x01\x02", max_size=20), max_size=4))
@example(["0", "%"])
def test_sentences_together_are_the_normalised_text(texts):
    assert ["".join(cut) for cut in sentences(texts)] == [normalise(text).text for text in texts]
