"""The page as a browser reads it."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa_audit.messages import Language
from qa_audit.reports.document import Chart, Document, Figure, Orientation, Section
from qa_audit.reports.html_page import html_of
from qa_audit.reports.table import Column, Table

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path id="a" d="M0 0"/></svg>'
VOID = ("meta", "img")


class Reader(HTMLParser):
    """Every text with the tags around it, and the attributes of every tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1] not in ("style", "html"):
            self.texts.append((self.open[-1], data))

    def of(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag and text]


def page(*sections: Section, language: Language = "zh", orientation: Orientation = "portrait") -> Document:
    return Document("题目", "副题", sections, language, orientation)


def read(*sections: Section) -> Reader:
    return Reader(html_of(page(*sections)))


def table(*rows: tuple[object, ...]) -> Table:
    columns = (
        Column("who", "姓名", "text", 10),
        Column("said", "原话", "long", 30),
        Column("score", "得分", "score", 8),
    )
    schema = {"who": pl.String, "said": pl.String, "score": pl.Float64}
    return Table("表", columns, pl.DataFrame(rows, schema, orient="row"))


def test_the_language_is_told_to_those_who_read_aloud() -> None:
    assert Reader(html_of(page())).tags[0] == ("html", {"lang": "zh-CN"})
    assert Reader(html_of(page(language="en"))).tags[0] == ("html", {"lang": "en"})


@pytest.mark.parametrize(("orientation", "width"), [("portrait", "52rem"), ("landscape", "76rem")])
def test_a_page_is_printed_as_it_lies(orientation: Orientation, width: str) -> None:
    written = html_of(page(orientation=orientation))
    assert f"size: A4 {orientation};" in written
    assert f"max-width: {width};" in written


def test_the_page_may_load_nothing_but_what_it_holds() -> None:
    [policy] = [
        one["content"]
        for tag, one in read().tags
        if tag == "meta" and one.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_the_parts_of_a_section_come_in_their_order() -> None:
    section = Section(
        "概况",
        ("第一段", "第二段"),
        (Figure("得分", "84.3", "95 %"), Figure("通话", "120")),
        ("一点", "两点"),
        (("种子", "ab"),),
        notes=("注",),
    )
    texts = [text for _, text in read(section).texts if text]
    assert texts == [
        *("题目", "题目", "副题", "概况", "第一段", "第二段", "得分", "84.3", "95 %", "通话", "120"),
        *("一点", "两点", "种子", "ab", "注"),
    ]


def test_what_a_section_lacks_leaves_no_empty_element() -> None:
    assert [tag for tag, _ in read(Section("", ("一段",))).tags][-3:] == ["h1", "p", "p"]


def test_a_figure_without_a_note_has_no_small_print() -> None:
    assert "small" not in [tag for tag, _ in read(Section("", figures=(Figure("通话", "120"),))).tags]


def test_notes_are_in_small_type_and_words_are_not() -> None:
    found = read(Section("", ("一段",), notes=("注", "又注")))
    assert [one.get("class") for tag, one in found.tags if tag == "p"] == ["under", None, "notes", "notes"]


def test_a_chart_is_one_picture_with_words_for_those_who_cannot_see_it() -> None:
    found = read(Section("", chart=Chart(SVG, '辅导"前后" <1 & 2>')))
    [picture] = [one for tag, one in found.tags if tag == "img"]
    assert picture["alt"] == '辅导"前后" <1 & 2>'
    kind, _, content = str(picture["src"]).partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(content).decode() == SVG


def test_cells_are_written_by_their_kind_and_a_null_is_empty() -> None:
    found = html_of(page(Section("", table=table(("王喆", "您好", 84.25), (None, None, None)))))
    rows = re.findall("<tr>(<td.*)</tr>", found)
    assert rows == [
        '<td>王喆</td><td class="long">您好</td><td class="right">84.3</td>',
        '<td></td><td class="long"></td><td class="right"></td>',
    ]
    assert '<th>姓名</th><th class="long">原话</th><th class="right">得分</th>' in found


def test_a_table_without_rows_has_its_headings() -> None:
    found = read(Section("", table=table()))
    assert (found.of("th"), found.of("td")) == (["姓名", "原话", "得分"], [])


def test_columns_come_in_the_table_s_order_not_in_the_frame_s() -> None:
    made = table(("王喆", "您好", 84.25))
    turned = replace(made, columns=made.columns[::-1])
    assert read(Section("", table=turned)).of("td") == ["84.3", "您好", "王喆"]


_PIECES = st.sampled_from(
    ["<b>", "</p>", "<!--", "<script>", "&lt;", "&", '"', "'", "]]>", "{title}", "词", " "]
)
_TEXTS = st.lists(_PIECES | st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map("".join)


@settings(deadline=None, max_examples=60)
@example('x<b>&lt;"x')
@given(_TEXTS.map("x{}x".format))
def test_whatever_a_text_holds_it_is_read_as_it_was_written_and_makes_no_element(text: str) -> None:
    def filled(word: str) -> Section:
        figures, pairs, row = (Figure(word, word, word),), ((word, word),), (word, word, 1.0)
        made = table(row)
        headed = replace(made, columns=tuple(replace(one, heading=word) for one in made.columns))
        return Section(word, (word,), figures, (word,), pairs, Chart(SVG, word), headed, (word,))

    plain, found = (Reader(html_of(Document(one, one, (filled(one),), "zh"))) for one in ("词", text))
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in plain.tags]
    wanted = [(tag, text if word == "词" else word) for tag, word in plain.texts]
    assert found.texts == wanted
