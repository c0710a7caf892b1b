import pytest

from qa_audit.messages import QaError
from qa_audit.scoring.learned.corpus import Sentence
from qa_audit.scoring.learned.judged import judged_text, read_judged, with_families
from tests.own_seconds import own_seconds

TABLE = "项目,判定,句子\nno_overpromise,违规,我拿人格担保明天到。\nno_overpromise,合规,我尽量帮您催。\n"


def test_reads_chinese_and_english_headings_and_labels(tmp_path):
    for name, text, encoding in (
        ("a.csv", TABLE, "utf-8-sig"),
        ("b.csv", TABLE, "gb18030"),
        (
            "c.tsv",
            "item\tlabel\tsentence\nno_overpromise\tfault\t我拿人格担保明天到。\n"
            "no_overpromise\tclean\t我尽量帮您催。\n",
            "utf-8",
        ),
    ):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        assert [(one.item, one.label, one.text) for one in read_judged(path)] == [
            ("no_overpromise", "fault", "我拿人格担保明天到。"),
            ("no_overpromise", "clean", "我尽量帮您催。"),
        ]


def test_writes_what_it_reads(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TABLE, encoding="utf-8")
    read = read_judged(path)
    path.write_text(judged_text(read), encoding="utf-8")
    assert read_judged(path) == read


def test_near_copies_share_a_family_and_doubles_are_left_out(tmp_path):
    path = tmp_path / "a.csv"
    rows = ["我跟您保证三天之内修好", "我跟您保证五天之内修好", "我跟您保证三天之内修好。", "闭眼买吧包您赚"]
    path.write_text("item,label,sentence\n" + "".join(f"no_overpromise,fault,{one}\n" for one in rows))
    families = [one.family for one in read_judged(path)]
    assert len(families) == 3
    assert len(set(families)) == 2


def test_given_families_stay(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("item,label,family,sentence\nno_overpromise,fault,打包票,我打包票\n", encoding="utf-8")
    assert read_judged(path)[0].family == "打包票"


def test_a_later_table_s_near_copies_join_the_families_of_the_former(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("item,label,sentence\nno_overpromise,fault,今天下班以前肯定给您修好没问题\n", "utf-8")
    first = read_judged(path)
    path.write_text(judged_text(first), "utf-8")
    known = read_judged(path)
    rows = ("先生今天下班以前肯定给您修好没问题", "闭眼买吧包您赚", "今天下班以前肯定给您修好没问题")
    path.write_text(
        "item,label,sentence\n" + "".join(f"no_overpromise,fault,{one}\n" for one in rows), "utf-8"
    )
    copy, other, same = read_judged(path, known)
    assert copy.family == same.family == first[0].family
    assert other.family != first[0].family
    assert [one.text for one in with_families([*known, copy, other, same])] == [rows[2], *rows[:2]]


def test_what_is_like_a_sentence_with_a_given_family_joins_it(tmp_path):
    path = tmp_path / "a.csv"
    rows = ",我跟您保证五天之内修好", "打包票,我跟您保证三天之内修好", "别的,我跟您保证四天之内修好"
    path.write_text("item,label,family,sentence\n" + "".join(f"no_overpromise,fault,{one}\n" for one in rows))
    assert [one.family for one in read_judged(path)] == ["打包票", "打包票", "别的"]


def test_families_of_many_sentences_take_no_long_time():
    signs = [chr(ord("一") + place) for place in range(5_000)]
    said = [
        Sentence("no_overpromise", "", "fault", "", "", "".join(signs[place : place + 40]))
        for place in range(0, 4_960, 2)
    ]
    made = []
    assert own_seconds(lambda: made.append(with_families(said * 2)), 3) < 3
    found = made[-1]
    assert (len(found), len({one.family for one in found})) == (2_480, 1)


def test_names_every_bad_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "item,label,sentence\ngreeting,fault,喂\nno_overpromise,maybe,行\nno_overpromise,fault,。\n"
    )
    with pytest.raises(QaError) as error:
        read_judged(path)
    assert error.value.code == "learned.judged_mistakes"
    assert [f"  {number}. " in str(error.value) for number in (2, 3, 4)] == [True] * 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"item,label\n", "learned.judged_columns"),
        (b"item,label,sentence\n", "learned.judged_empty"),
        (b"\xff\xff\xff", "learned.unreadable"),
    ],
)
def test_tables_that_are_none(tmp_path, content, code):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(QaError) as error:
        read_judged(path)
    assert error.value.code == code


def test_a_missing_file(tmp_path):
    with pytest.raises(QaError) as error:
        read_judged(tmp_path / "none.csv")
    assert error.value.code == "learned.unreadable"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("no_overpromise,fault,您放心,我保证明天到", "  2. “您放心”之后还有“我保证明天到”"),
        ("no_overpromise,fault,我保证\nno_overpromise,clean,我保证。", "  3. clean：同一句在第 2 行是 fault"),
        ("no_overpromise,either,我保证\nno_overpromise,fault,我保证", "  3. fault：同一句在第 2 行是 either"),
    ],
)
def test_what_is_cut_at_a_comma_or_judged_in_two_ways_is_not_learned(tmp_path, rows, told):
    path = tmp_path / "a.csv"
    for headings in ("item,label,sentence", "item,label,sentence,"):
        path.write_text(f"{headings}\n{rows}\n", encoding="utf-8")
        with pytest.raises(QaError) as error:
            read_judged(path)
        assert error.value.code == "learned.judged_mistakes"
        assert told in str(error.value)


def test_one_sentence_may_be_judged_for_several_items_and_blank_rows_are_none(tmp_path):
    path = tmp_path / "a.csv"
    rows = 'no_overpromise,fault,"您放心,我保证"\n,,\n\nno_harsh_language,clean,"您放心,我保证",,\n'
    path.write_text(f"item,label,sentence\n{rows}", encoding="utf-8")
    assert [(one.item, one.label, one.text) for one in read_judged(path)] == [
        ("no_overpromise", "fault", "您放心,我保证"),
        ("no_harsh_language", "clean", "您放心,我保证"),
    ]


@pytest.mark.parametrize(
    "sentence", ['"我保证明天到\nno_overpromise,clean,我尽量', "我" * 140_000], ids=["open quotes", "huge"]
)
def test_a_table_that_cannot_be_cut_into_sentences(tmp_path, sentence):
    path = tmp_path / "a.csv"
    path.write_text(f"item,label,sentence\nno_overpromise,fault,{sentence}\n", encoding="utf-8")
    with pytest.raises(QaError) as error:
        read_judged(path)
    assert error.value.code == "learned.unreadable"
