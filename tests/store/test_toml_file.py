from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from qa_audit.messages import QaError
from qa_audit.store.toml_file import key_lines, parse_toml, read_toml
from qa_audit.store.toml_mistakes import Mistake


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Circle(_Part):
    kind: Literal["circle"]
    radius_m: float = Field(gt=0)


class _Square(_Part):
    kind: Literal["square"]
    side_m: float = Field(gt=0)


class _Shape(_Part):
    name: str = "it"
    form: Annotated[_Circle | _Square, Field(discriminator="kind")]


class _Drawing(_Part):
    title: str
    shapes: tuple[_Shape, ...] = ()


GOOD = b'title = "x"\n[[shapes]]\nform = {kind = "circle", radius_m = 2}\n'


def _mistakes(content: bytes, **options):
    with pytest.raises(QaError) as error:
        parse_toml(content, "drawing.toml", _Drawing, **options)
    assert error.value.code == "toml.invalid"
    return [(one.code, one.line, one.key) for one in error.value.values["mistakes"]]


def test_a_good_file_is_read(tmp_path):
    file = tmp_path / "drawing.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD)
    assert read_toml(file, _Drawing).shapes[0].form == _Circle(kind="circle", radius_m=2)


def test_every_mistake_is_told_at_once_with_line_and_key():
    content = b"""titel = "x"
[[shapes]]
name = "a"
[shapes.form]
kind = "circle"
radius_m = -1
[[shapes]]
form = {kind = "square", side_m = 1, colour = "red"}
"""
    assert _mistakes(content) == [
        ("toml.unknown_key", 1, "titel"),
        ("toml.bad_value", 6, "shapes.0.form.radius_m"),
        ("toml.unknown_key", 8, "shapes.1.form.colour"),
    ]


def test_the_message_names_what_was_got_and_what_is_allowed():
    with pytest.raises(QaError) as error:
        parse_toml(b'titel = "x"', "drawing.toml", _Drawing)
    assert error.value.text("en") == (
        "drawing.toml: mistakes, 1 in all; mend each:\n"
        "  line 1, titel: no such key (did you mean title?). Allowed: title, shapes."
    )
    assert "第 1 行 titel：没有这个键（是不是 title？）。可用的键：title, shapes。" in error.value.text("zh")


def test_mistakes_across_keys_come_with_the_others():
    def no_empty_title(table, lines):
        return [Mistake("toml.missing_key", lines[("title",)], "title", {})] if not table["title"] else []

    assert _mistakes(b'title = ""\nsize = 3\n', crossed=no_empty_title) == [
        ("toml.missing_key", 1, "title"),
        ("toml.unknown_key", 2, "size"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"title = \n", "toml.not_toml"), ("title = '质检'".encode("gbk"), "toml.not_utf8")],
)
def test_what_is_no_toml_is_told(content, code):
    with pytest.raises(QaError) as error:
        parse_toml(content, "drawing.toml", _Drawing)
    assert error.value.code == code


def test_signs_of_a_chinese_keyboard_are_listed_with_what_to_write():
    content = 'title = “x”，\n# “no”\nb = "“no”"\nc = ［1，2，3］\n'.encode()
    with pytest.raises(QaError) as error:
        parse_toml(content, "drawing.toml", _Drawing)
    assert error.value.code == "toml.full_width"
    assert [(one.line, one.key, one.values["instead"]) for one in error.value.values["mistakes"]] == [
        (1, "“", '"'),
        (1, "”", '"'),
        (1, "，", ","),
        (4, "［", "["),
        (4, "，", ","),
        (4, "］", "]"),
    ]
    with pytest.raises(QaError) as error:
        parse_toml("【a】\nb = １\nc = [1、２]\n".encode(), "drawing.toml", _Drawing)
    assert [(one.line, one.key, one.values["instead"]) for one in error.value.values["mistakes"]] == [
        *((1, "【", "["), (1, "】", "]"), (2, "１", "1"), (3, "、", ","), (3, "２", "2"))
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a\u3000= 1", "第 1 行第 2 个字符：这里是中文（全角）空格 U+3000，请删去或改为英文空格"),
        ("b = '\u3000' # \u3000\n\u3000a = 1", "第 2 行第 1 个字符：这里是中文（全角）空格 U+3000"),
        ("a\u00a0= 1", "第 1 行第 2 个字符：这里是不间断空格一类的特殊空格 U+00A0"),
        ("a =\u200b1", "第 1 行第 4 个字符：这里有一个看不见的字符 U+200B"),
        ("a = [1,\u30002]", "第 1 行第 8 个字符：这里是中文（全角）空格 U+3000"),
    ],
)
def test_blanks_that_are_none_are_named(content, told):
    with pytest.raises(QaError) as error:
        parse_toml(content.encode(), "drawing.toml", _Drawing)
    assert error.value.code == "toml.full_width"
    assert told in error.value.text("zh")
    assert len(error.value.values["mistakes"]) == 1


BRACES = "花括号 { } 里的内容要全部写在同一行，最后一项后面不加逗号"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a = { b = 1, }\n", f"第 1 行第 14 个字符：{BRACES}"),
        ("x = 1\na = { b = 1,\n c = 2 }\n", f"第 2 行第 13 个字符：{BRACES}"),
        ("a = {\n b = 1 }\n", f"第 1 行第 6 个字符：{BRACES}"),
        ("a = { b = 1\n}\n", f"第 1 行第 12 个字符：{BRACES}"),
        ("a = { b = [1,\n2], }", f"第 2 行第 5 个字符：{BRACES}"),
        ("a = { b = 1, # x\n c = 2 }", f"第 1 行第 14 个字符：{BRACES}"),
        ("a = [{ b = 1 }, { c = 2, }]", f"第 1 行第 26 个字符：{BRACES}"),
        ("a = { b = 1 c = 2 }\n", "第 1 行第 13 个字符：花括号没有闭合，或两项之间缺少逗号"),
        ("a = { b = 1", "到文件末尾：花括号没有闭合，或两项之间缺少逗号"),
        ("a = { 1 = }", "等号后面的值写得不对"),
        ("a = { b = 1 }\n}", "这里应当是"),
        ("# a = {\nb = ,", "等号后面的值写得不对"),
    ],
)
def test_braces_over_several_lines_and_a_last_comma_are_told(content, told):
    with pytest.raises(QaError) as error:
        parse_toml(content.encode(), "drawing.toml", _Drawing)
    assert told in error.value.text("zh")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a = yes\n", "第 1 行第 5 个字符：等号后面的值写得不对"),
        (b'a = ["x" "y"]\n', "第 1 行第 10 个字符：方括号没有闭合，或两项之间缺少逗号"),
        (b'a = "x\n', "第 1 行第 7 个字符：引号没有闭合，或引号里换了行"),
        (b'a = "x', "到文件末尾：引号没有闭合，或引号里换了行"),
        (b"a = 1\na = 2\n", "同一个键或表写了两次"),
        (b"a 1\n", "键后面缺少 ="),
    ],
)
def test_why_it_is_no_toml_is_told_in_chinese(content, told):
    with pytest.raises(QaError) as error:
        parse_toml(content, "drawing.toml", _Drawing)
    assert told in error.value.text("zh")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("title = 3", "第 1 行 title：不能用 3。要求：文字，写在英文引号里。"),
        ('title = "x"\nshapes = 1', "第 2 行 shapes：不能用 1。要求：列表"),
        (
            'title = "x"\n[[shapes]]\nform = {kind = "circle", radius_m = -1}',
            "radius_m：不能用 -1。要求：大于 0。",
        ),
        ('title = "x"\n[[shapes]]\nform = {kind = "cube"}', "要求：只能是 'circle', 'square'。"),
        (
            'title = "x"\n[[shapes]]\n[shapes.form]\nkind = "Cirle"\nradius_m = 1',
            "第 4 行 shapes.0.form.kind：不能用 'Cirle'。要求：只能是 'circle', 'square'（是不是 circle？）",
        ),
        ('title = "x"\n[[shapes]]\nform = {radius_m = 1}', "第 3 行 shapes.0.form.kind：缺少这个键"),
    ],
)
def test_what_would_do_is_told_in_chinese(content, told):
    with pytest.raises(QaError) as error:
        parse_toml(content.encode(), "drawing.toml", _Drawing)
    assert told in error.value.text("zh")


def test_a_table_is_shown_by_its_name():
    with pytest.raises(QaError) as error:
        parse_toml(b'title = {name = "a", b = 1}\nshapes = []', "drawing.toml", _Drawing)
    assert '不能用 { name = "a", … }' in error.value.text("zh")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(QaError) as error:
        read_toml(tmp_path / "none.toml", _Drawing)
    assert error.value.code == "toml.unreadable"
    assert error.value.text("zh") == f"{tmp_path / 'none.toml'}：打不开（找不到文件）。请检查路径和权限。"


def test_lines_of_keys():
    text = "# note\na = 1\n\n[b]\nc.d = 2\n[[b.e]]\nf = 3\n[[b.e]]\n"
    assert key_lines(text) == {
        ("a",): 2,
        ("b",): 4,
        ("b", "c", "d"): 5,
        ("b", "e", 0): 6,
        ("b", "e", 0, "f"): 7,
        ("b", "e", 1): 8,
    }
