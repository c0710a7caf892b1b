import pytest

from qa_audit.messages import QaError
from qa_audit.transcribe.glossary import Term
from qa_audit.transcribe.glossary_file import glossary_template, parse_glossary, read_glossary


def parsed(text, **options):
    return parse_glossary(text.encode(), "glossary.txt", **options)


def mistakes(text, lang="en"):
    with pytest.raises(QaError) as error:
        parsed(text)
    assert error.value.code == "glossary.invalid"
    return [line.strip() for line in error.value.text(lang).splitlines()[1:]]


def test_a_term_a_line_with_mishearings_in_a_second_column():
    text = "云岭宽带\n\n# 说明\n畅享套餐：唱想套装，长翔  # 常见\nWiFi:歪发、外发\n张伟\t章苇\n"
    assert parsed(text).terms == (
        Term("云岭宽带", (), 1),
        Term("畅享套餐", ("唱想套装", "长翔"), 4),
        Term("WiFi", ("歪发", "外发"), 5),
        Term("张伟", ("章苇",), 6),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_encodings_and_line_ends_that_editors_write(tmp_path, encoding, end):
    file = tmp_path / "glossary.txt"
    file.write_bytes(f"云岭宽带{end}＃ 说明{end}张伟：章苇{end}".encode(encoding))
    assert read_glossary(file).terms == (Term("云岭宽带", (), 1), Term("张伟", ("章苇",), 3))


def test_terms_are_simplified_and_half_width():
    assert parsed("雲嶺ＶＩＰ\n").terms == (Term("云岭VIP", (), 1),)


def test_the_template_is_an_empty_glossary_whose_examples_may_be_switched_on():
    template = glossary_template()
    assert parsed(template).terms == ()
    examples = [line.removeprefix("# ") for line in template.splitlines()[10:]]
    listed = parsed("\n".join(line for line in examples if "·" not in line))
    assert [term.text for term in listed.terms] == [
        "云岭宽带",
        "畅享融合套餐",
        "WiFi",
        "欧阳建业",
        "八零幺二",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("：云林", "line 1: no term before the colon (after it: '云林'). Write it as term: mishearing."),
        (
            "云",
            "line 1, 云: 1 characters; 2 to 20 are allowed. "
            "Shorter ones would change other words; split a longer one.",
        ),
        (
            "云岭：云",
            "line 1, 云: 1 characters; 2 to 20 are allowed. "
            "Shorter ones would change other words; split a longer one.",
        ),
        (
            "云岭，宽带",
            "line 1, 云岭,宽带: ',' cannot be used. "
            "Allowed: Chinese characters, letters, digits and ·-.+&; one term a line.",
        ),
        (
            "WiFi",
            "line 1, WiFi: no Chinese character, so there is no sound to compare. "
            "List what recognisers write for it after a colon, as in WiFi: 歪发, or remove it.",
        ),
        ("云岭：云岭", "line 1, 云岭: it is listed as a mishearing of itself. Remove that mishearing."),
        (
            "云岭\n\n云岭：云林",
            "line 3, 云岭: line 1 lists this term already. Remove one of them; join the mishearings.",
        ),
        (
            "张伟\n章伟",
            "line 2, 章伟: it sounds like '张伟' on line 1, so neither can be told. Keep one of them.",
        ),
        (
            "张伟：王苇\n李伟：王苇",
            "line 2, 王苇, a mishearing of '李伟': it is, or sounds like, '张伟' on line 1 as well. "
            "Keep it in one place.",
        ),
        (
            "张伟\n李伟：章伟",
            "line 2, 章伟, a mishearing of '李伟': it is, or sounds like, '张伟' on line 1 as well. "
            "Keep it in one place.",
        ),
    ],
)
def test_each_mistake_says_what_was_got_and_how_to_mend_it(text, told):
    assert mistakes(text) == [told]


def test_twenty_characters_are_allowed_and_twenty_one_are_not():
    assert len(parsed("云" * 20).terms[0].text) == 20
    (told,) = mistakes("云" * 21)
    assert "21 characters; 2 to 20 are allowed" in told


def test_all_mistakes_come_at_once_in_order_of_their_lines():
    told = mistakes("云\n云岭宽带\n：云林\nETC\n云岭宽带\n", "zh")
    assert [line.split("：")[0] for line in told] == [
        "第 1 行 云",
        "第 3 行",
        "第 4 行 ETC",
        "第 5 行 云岭宽带",
    ]


def test_what_others_find_wrong_comes_with_the_rest():
    from qa_audit.store.toml_mistakes import Mistake

    def crossed(terms):
        return [Mistake("glossary.scripted", one.line, one.text, {"phrase": "再见"}) for one in terms]

    with pytest.raises(QaError) as error:
        parsed("再见\n云\n", crossed=crossed)
    assert [line.strip()[:6] for line in error.value.text("en").splitlines()[1:]] == ["line 1", "line 2"]


def test_a_file_in_no_known_encoding_and_one_that_is_not_there(tmp_path):
    with pytest.raises(QaError) as error:
        parse_glossary("云岭\n".encode() + b"\xff\xff\n", "glossary.txt")
    assert error.value.code == "glossary.encoding"
    assert "line 2" in error.value.text("en")
    with pytest.raises(QaError) as error:
        read_glossary(tmp_path / "none.txt")
    assert error.value.code == "toml.unreadable"
