import hashlib
from pathlib import Path

import pytest

from qa_audit.messages import QaError, speaking
from qa_audit.scoring.rubric_file import built_in_rubric_text, load_rubric

GOOD = """\
id = "mine"
version = "0.1.0"
name_zh = "我的"
name_en = "mine"

[[items]]
id = "closing"
name_zh = "结束语"
name_en = "Closing"
source = "REG"
weight = 8
[items.check]
kind = "parts"
[[items.check.parts]]
name = "再见"
said = { phrases = ["再见"] }
"""

BAD = """\
id = "mine"
version = "one"
name_zh = "我的"
name_en = "mine"
colour = "red"

[[items]]
id = "closing"
name_zh = "结束语"
source = "REG"
weight = -8
[items.check]
kind = "parts"
window = { last_turns = 0 }
[[items.check.parts]]
name = "再见"
said = { phrases = ["。"], pattern = ["再见"] }

[[items]]
id = "closing"
name_zh = "二"
name_en = "two"
source = "REG"
weight = 1
[items.check]
kind = "guess"

[[situations]]
id = "silent"
name_zh = "无声"
name_en = "Silent"
source = "REG"
detect = { customer_silent = true }
replaces = ["titel"]
"""

ITEMS = [
    *("greeting", "answer_promptly", "title", "honorific", "please", "hold_courtesy", "thanks_reply"),
    *("further_help", "readback", "closing", "no_blame_shifting", "no_blaming_customer", "no_harsh_language"),
    *("no_forbidden_words", "no_overpromise", "no_raised_voice", "no_interrupting", "no_dead_air"),
    *("speech_rate", "apology"),
]


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "rubric.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("field", ["replaces", "keeps"])
@pytest.mark.parametrize("named", ['["closing"]', '{ id = "closing" }', "3"])
def test_what_is_no_name_of_an_item_is_told_with_its_line(tmp_path, field, named):
    silent = BAD[BAD.index("[[situations]]") :].replace('replaces = ["titel"]', f"{field} = [{named}]")
    with pytest.raises(QaError) as caught:
        load_rubric(write(tmp_path, f"{GOOD}{silent}"))
    assert caught.value.code == "toml.invalid"
    (mistake,) = caught.value.values["mistakes"]
    assert (mistake.line, mistake.key) == (23, f"situations.0.{field}.0")


def test_the_built_in_rubric_has_the_items_of_the_contract_in_order():
    rubric = load_rubric()
    assert (rubric.id, rubric.version) == ("zh_service", "1.0.0")
    assert [item.id for item in rubric.items] == ITEMS
    assert rubric.sha256 == hashlib.sha256(built_in_rubric_text().encode()).hexdigest()
    assert all(item.source and item.name_zh and item.name_en for item in rubric.items)


def test_names_in_both_languages():
    rubric = load_rubric()
    assert rubric.name_of("closing", "zh") == "结束语"
    assert rubric.name_of("closing", "en") == "Closing"
    assert rubric.name_of("complaint", "zh") == "投诉"
    assert rubric.name_of("nothing", "zh") == "nothing"


def test_a_rubric_of_ones_own_is_read_and_hashed(tmp_path):
    rubric = load_rubric(write(tmp_path, GOOD))
    assert rubric.items[0].weight == 8
    assert rubric.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()


def test_a_byte_order_mark_is_fine(tmp_path):
    assert load_rubric(write(tmp_path, b"\xef\xbb\xbf" + GOOD.encode())).id == "mine"


def test_all_mistakes_at_once_with_line_and_key(tmp_path):
    with pytest.raises(QaError) as caught:
        load_rubric(write(tmp_path, BAD))
    assert caught.value.code == "toml.invalid"
    mistakes = caught.value.values["mistakes"]
    assert [(one.line, one.key, one.code.split(".")[1].removeprefix("rubric_")) for one in mistakes] == [
        (2, "version", "bad_value"),
        (5, "colour", "unknown_key"),
        (7, "items.0.name_en", "missing_key"),
        (11, "items.0.weight", "bad_value"),
        (14, "items.0.check.window.last_turns", "bad_value"),
        (17, "items.0.check.parts.0.said.phrases", "bad_value"),
        (17, "items.0.check.parts.0.said.pattern", "unknown_key"),
        (20, "items.1.id", "double_id"),
        (26, "items.1.check.kind", "bad_value"),
        (34, "situations.0.replaces", "unknown_item"),
    ]
    with speaking("en"):
        text = str(caught.value)
    assert "mistakes, 10 in all" in text
    assert "line 5, colour: no such key. Allowed: id, version, name_zh," in text
    assert "Allowed: phrases, patterns, misheard, unless, unlike, tolerance," in text
    assert "there is no item titel. Items: closing." in text
    with speaking("zh"):
        assert "第 5 行 colour：没有这个键" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"id = ", "toml.not_toml"),
        ("id = '我'".encode("gbk"), "toml.not_utf8"),
        (b"", "toml.invalid"),
    ],
)
def test_a_file_that_is_no_rubric(tmp_path, content, code):
    with pytest.raises(QaError) as caught:
        load_rubric(write(tmp_path, content))
    assert caught.value.code == code
    assert str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(QaError) as caught:
        load_rubric(tmp_path / "none.toml")
    assert caught.value.code == "toml.unreadable"
