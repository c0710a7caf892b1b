"""How cells look, read back from a workbook that was written with them."""

import io
from collections.abc import Callable
from typing import Any, get_args

import openpyxl
import pytest
import xlsxwriter

from qa_audit.messages import Language
from qa_audit.reports.look import ACCENT, FAULT, FAULT_SHADE, INK, LINE, OPEN, OPEN_SHADE, QUIET, SHADE, Look
from qa_audit.reports.table import NUMBER_FORMATS, Kind

MakeFormat = Callable[[Look], Any]


def cell_with(make: MakeFormat, lang: Language = "zh") -> Any:
    """A cell of a new workbook in the format that `make` asks for."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("s").write_blank(0, 0, None, make(Look(book, lang)))
    return openpyxl.load_workbook(out)["s"]["A1"]


def colour(found: Any) -> str:
    return f"#{found.rgb[-6:]}"


def test_equal_wishes_make_one_format_in_whatever_order_they_come() -> None:
    look = Look(xlsxwriter.Workbook(io.BytesIO()), "zh")
    assert look.form(bold=True, font_size=12) is look.form(font_size=12, bold=True)
    assert look.cell("score") is look.cell("points")
    assert look.cell("score") is not look.cell("share")
    assert look.form() is not look.form(bold=True)


@pytest.mark.parametrize(("lang", "font"), [("zh", "微软雅黑"), ("en", "Arial")])
def test_letters_are_those_of_the_language(lang: Language, font: str) -> None:
    plain = cell_with(lambda look: look.form(), lang).font
    assert (plain.name, plain.sz, colour(plain.color)) == (font, 10, INK)


def test_a_wish_goes_before_what_is_plain_and_leaves_the_rest() -> None:
    font = cell_with(lambda look: look.form(font_size=18, font_color=QUIET)).font
    assert (font.name, font.sz, colour(font.color)) == ("微软雅黑", 18, QUIET)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_digits_line_up_at_the_right_and_words_stand_off_from_them(kind: Kind) -> None:
    side = cell_with(lambda look: look.cell(kind)).alignment
    if kind in ("text", "long"):
        assert (side.horizontal, side.indent) == ("left", 1)
    else:
        assert side.horizontal == ("center" if kind in ("verdict", "when") else "right")


@pytest.mark.parametrize("kind", ["text", "score", "when"])
def test_a_heading_stands_where_its_values_do_bold_on_a_shade_above_a_line(kind: Kind) -> None:
    heading, value = cell_with(lambda look: look.heading(kind)), cell_with(lambda look: look.cell(kind))
    assert heading.alignment.horizontal == value.alignment.horizontal
    assert (heading.font.b, heading.alignment.wrap_text) == (True, True)
    assert (colour(heading.fill.fgColor), colour(heading.border.bottom.color)) == (SHADE, ACCENT)
    assert colour(value.border.bottom.color) == LINE


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_value_is_shown_in_the_format_of_its_kind(kind: Kind) -> None:
    assert cell_with(lambda look: look.cell(kind)).number_format == NUMBER_FORMATS[kind]
    assert cell_with(lambda look: look.figure(kind)).number_format == NUMBER_FORMATS[kind]


@pytest.mark.parametrize(("kind", "wraps"), [("long", True), ("text", None), ("score", None)])
def test_only_long_texts_wrap(kind: Kind, wraps: bool | None) -> None:
    assert cell_with(lambda look: look.cell(kind)).alignment.wrap_text is wraps


def test_a_headline_figure_is_large_and_stands_at_the_left_under_its_name() -> None:
    figure = cell_with(lambda look: look.figure("score"))
    assert (figure.font.sz, figure.font.b, figure.alignment.horizontal) == (18, True, "left")


@pytest.mark.parametrize(
    ("verdict", "ink", "shade"),
    [("不合格", FAULT, FAULT_SHADE), ("待人工判断", OPEN, OPEN_SHADE), ("不适用", QUIET, None)],
)
def test_what_needs_a_look_stands_out(verdict: str, ink: str, shade: str | None) -> None:
    cell = cell_with(lambda look: look.verdicts[verdict])
    assert colour(cell.font.color) == ink
    assert (colour(cell.fill.fgColor) if cell.fill.fill_type else None) == shade


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ["不合格", "待人工判断", "不适用"]), ("en", ["fail", "can't tell", "not applicable"])],
)
def test_verdicts_are_known_by_their_words_and_a_pass_looks_like_plain_text(
    lang: Language, words: list[str]
) -> None:
    assert list(Look(xlsxwriter.Workbook(io.BytesIO()), lang).verdicts) == words
