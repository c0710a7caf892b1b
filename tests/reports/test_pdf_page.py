"""What is set as PDF: its pages as pictures, and which signs stand on them."""

import re
import struct
import zlib

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.messages import Language
from qa_audit.reports.document import Chart, Document, Figure, Orientation, Section
from qa_audit.reports.pdf_page import page_images, pdf_of
from qa_audit.reports.table import Column, Table

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="80" height="80"/></svg>'
COARSE = 12
"""Dots per inch at which a page is set in no time."""


def page(
    *sections: Section, title: str = "T", language: Language = "en", orientation: Orientation = "portrait"
) -> Document:
    return Document(title, "", sections, language, orientation)


def size(image: bytes) -> tuple[int, int]:
    """Width and height of a PNG, in dots."""
    return struct.unpack(">II", image[16:24])


def signs(made: bytes) -> set[str]:
    """Every sign that stands on a page, by the tables that the PDF has for those who copy from it."""
    found: set[str] = set()
    for packed in re.findall(rb"FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        content = zlib.decompress(packed)
        if b"begincmap" in content:
            for code in re.findall(rb"^<[0-9A-F]+> <([0-9A-F]+)>$", content, re.MULTILINE):
                found |= set(bytes.fromhex(code.decode()).decode("utf-16-be"))
    return found


def table(heading: str, rows: int = 1, said: str = "") -> Table:
    columns = (Column("said", heading, "long", 30), Column("score", heading, "score", 8))
    return Table("t", columns, pl.DataFrame({"said": [said] * rows, "score": [84.25] * rows}))


def filled(words: str) -> Section:
    figures, pairs, rows = (Figure(words, words, words),), ((words, words),), table(words, said=words)
    return Section(words, (words,), figures, (words,), pairs, Chart(SVG, words), rows, (words,))


@pytest.mark.parametrize(("orientation", "dots"), [("portrait", (595, 842)), ("landscape", (842, 595))])
def test_pages_are_a4_as_the_document_lies(orientation: Orientation, dots: tuple[int, int]) -> None:
    # A point is a dot at 72 to the inch.
    [image] = page_images(page(orientation=orientation), 72)
    assert size(image) == dots


def test_a_finer_picture_has_more_dots_of_the_same_page() -> None:
    [coarse], [fine] = page_images(page(), 36), page_images(page(), 72)
    assert [round(two / one, 1) for one, two in zip(size(coarse), size(fine), strict=True)] == [2, 2]


def test_every_page_is_a_picture_and_a_long_table_runs_over_them() -> None:
    images = page_images(page(Section("", table=table("h", 200, "喂"))), COARSE)
    assert len(images) > 2
    assert {image[:8] for image in images} == {b"\x89PNG\r\n\x1a\n"}


@pytest.mark.parametrize(("language", "told"), [("zh", b"/Lang(zh)"), ("en", b"/Lang(en)")])
def test_title_and_language_are_told_to_those_who_read_aloud(language: Language, told: bytes) -> None:
    made = pdf_of(page(title="Month of October", language=language))
    assert b"/Title(Month of October)" in made
    assert told in made


def test_the_hour_of_writing_is_not_in_the_file() -> None:
    made = pdf_of(page())
    assert made.startswith(b"%PDF-")
    assert b"CreationDate" not in made
    assert b"ModDate" not in made


def test_every_part_of_a_document_is_on_the_page() -> None:
    columns = (Column("a", "辛", "text", 9), Column("b", "壬", "score", 9))
    rows = Table("t", columns, pl.DataFrame({"a": ["癸"], "b": [84.25]}))
    figures, pairs = (Figure("丙", "丁", "戊"),), (("庚", "子"),)
    section = Section("甲", ("乙",), figures, ("己",), pairs, None, rows, ("丑",))
    found = signs(pdf_of(Document("题", "副", (section,), "zh")))
    assert set("题副甲乙丙丁戊己庚辛壬癸子丑84.3") <= found
    assert "5" not in found  # 84.25 as people read it


def test_a_chart_is_on_the_page() -> None:
    with_chart, without = (page(Section("", chart=one)) for one in (Chart(SVG, "a square"), None))
    assert page_images(with_chart, 36) != page_images(without, 36)


def test_a_chart_larger_than_the_page_is_set_within_it() -> None:
    large = SVG.replace('width="90" height="90"', 'viewBox="0 0 90 90" width="9000" height="9000"')
    assert len(page_images(page(Section("", chart=Chart(large, "a square"))), COARSE)) == 1


def test_a_null_is_an_empty_cell() -> None:
    columns = (Column("a", "h", "long", 9), Column("b", "h", "score", 9))
    rows = Table("t", columns, pl.DataFrame({"a": [None], "b": [None]}, {"a": pl.String, "b": pl.Float64}))
    found = signs(pdf_of(page(Section("", table=rows))))
    assert "h" in found
    assert not found & set("NoneNaNnull")


MARKS = '*b* _b_ $b^2$ `b` #str("b") [b] = \\ <b> @b ~ // b'


@pytest.mark.parametrize(
    "section",
    [
        Section(MARKS),
        Section("", (MARKS,)),
        Section("", figures=(Figure(MARKS, "1", "n"),)),
        Section("", figures=(Figure("l", MARKS, "n"),)),
        Section("", figures=(Figure("l", "1", MARKS),)),
        Section("", points=(MARKS,)),
        Section("", pairs=((MARKS, "n"),)),
        Section("", pairs=(("n", MARKS),)),
        Section("", table=table(MARKS, 0)),
        Section("", table=table("h", said=MARKS)),
        Section("", notes=(MARKS,)),
    ],
)
def test_marks_of_the_typesetter_stand_there_as_they_were_written(section: Section) -> None:
    assert set(MARKS) <= signs(pdf_of(page(section)))


@settings(deadline=None, max_examples=15)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_can_be_set_in_any_place(words: str) -> None:
    assert pdf_of(page(filled(words), title=words)).startswith(b"%PDF-")
