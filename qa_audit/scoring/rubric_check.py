"""Checking a rubric's file: every mistake at once, and notes on what is read otherwise than written."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa_audit.calls.headings import CALL_FIELDS, map_columns
from qa_audit.messages import QaError, say
from qa_audit.scoring.pattern_faults import open_set
from qa_audit.scoring.pattern_numbers import shown_pattern, without_numbers
from qa_audit.scoring.rubric_file import BUILT_IN, built_in_rubric_text, load_rubric
from qa_audit.scoring.rule_mistakes import ADDRESS_KEYS, PATTERN_KEYS
from qa_audit.scoring.tidy_pattern import missing_filler, tidy_pattern
from qa_audit.store.toml_file import key_lines, line_of, read_bytes
from qa_audit.store.toml_mistakes import Mistake
from qa_audit.text.normalise import FILLERS, normalise, to_simplified
from qa_audit.text.numbers import NUMERALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from qa_audit.scoring.rubric import Rubric
    from qa_audit.store.toml_file import Key

_ASKED_AS = {
    **{name: f'fact = "{name}"' for name in ("direction", "internal", "hangup_by", "line", "team")},
    **{name: f'of = "{name}"' for name in ("ring_s", "duration_s")},
    **dict.fromkeys(("start", "start_date", "start_clock"), 'fact = "time", fact = "date", fact = "weekday"'),
}
"""How rules ask what the program reads of the call list."""
_PHRASES = frozenset(("phrases", "misheard", "to", "except_phrases"))
_LONG = 16
"""Characters of a phrase that recognisers mostly get wrong in two places or more."""
_UNLIKE = ("好的", "我家宽带坏了", "请您稍等", "没有了谢谢", "一三八零零", "嗯")
"""Turns without a common word."""
_DIGIT = rf"(?:[{NUMERALS}]|\[[{NUMERALS}]+\])"
_COUNT = r"\{\d*,?\d*\}"
_UNITS = "小时|钟头|分钟|工作日|星期|[分秒天周月年元块角毛号日点岁折倍次遍人位件个]"
_NUMBER = re.compile(
    rf"(?P<percent>百分之)?(?P<number>{_DIGIT}(?:{_DIGIT}|[+*?]|{_COUNT})*)"
    rf"(?P<unit>(?:个\??|多\??)?(?:\((?:\?:)?)?(?:{_UNITS}))?"
)
"""A number with what it counts, in a phrase or pattern as it is looked for."""


@dataclass(frozen=True, slots=True)
class CheckedRubric:
    """A rubric's file with its mistakes and notes; `rubric` is None when there are mistakes."""

    path: str
    rubric: Rubric | None
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[Mistake, ...] = ()
    fault: QaError | None = None
    """What kept the file from being read as TOML at all."""

    @property
    def failed(self) -> bool:
        """Whether anything must be mended."""
        return self.rubric is None

    def as_json(self) -> dict[str, Any]:
        """For scripts: each mistake and note with its line, key, code and text."""
        return {
            "file": self.path,
            "ok": not self.failed,
            "mistakes": [_json(one) for one in self.mistakes],
            "notes": [_json(one) for one in self.notes],
            **({"error": {"code": self.fault.code, "message": str(self.fault)}} if self.fault else {}),
        }

    def __str__(self) -> str:
        if self.fault is not None:
            return str(self.fault)
        lines = [
            say("scoring.check_bad", path=self.path, count=len(self.mistakes))
            if self.rubric is None
            else say(
                "scoring.check_good",
                path=self.path,
                name=self.rubric.name_zh,
                version=self.rubric.version,
                items=len(self.rubric.items),
                situations=len(self.rubric.situations),
            )
        ]
        lines += [f"  {one}" for one in self.mistakes]
        if self.notes:
            lines.append(say("scoring.check_notes", count=len(self.notes)))
            lines += [f"  {one}" for one in self.notes]
        return "\n".join(lines)


def check_rubric(path: Path | None = None) -> CheckedRubric:
    """Check a rubric's file; None is the built-in one. Raises `QaError` `toml.unreadable`."""
    content = built_in_rubric_text().encode() if path is None else read_bytes(path)
    shown = f"{BUILT_IN}.toml" if path is None else str(path)
    try:
        rubric, mistakes = load_rubric(path), ()
    except QaError as fault:
        if fault.code != "toml.invalid":
            return CheckedRubric(shown, None, fault=fault)
        rubric, mistakes = None, tuple(fault.values["mistakes"])  # pyright: ignore[reportArgumentType]
    text = content.decode("utf-8-sig")
    notes = tuple(sorted(_notes(tomllib.loads(text), key_lines(text), ()), key=lambda one: one.line))
    return CheckedRubric(shown, rubric, mistakes, notes)


def _json(one: Mistake) -> dict[str, object]:
    return {"line": one.line, "key": one.key, "code": one.code, "message": str(one)}


def _notes(part: Any, lines: Mapping[Key, int], key: Key) -> Iterator[Mistake]:
    """Phrases and patterns that are looked for in another form than they are written in."""
    if isinstance(part, dict):
        ruled = "kind" in part and "name" in part
        if part.get("fact") == "column" and isinstance(part.get("column"), str):
            yield from _column_notes(part["column"], (*key, "column"), lines)
        for name, value in part.items():
            here = (*key, name)
            if isinstance(value, list) and name in _PHRASES:
                texts = [entry.get("text") if isinstance(entry, dict) else entry for entry in value]
                if part.get("kind") == "said" and ruled:
                    yield from _long_notes((one for one in texts if isinstance(one, str)), here, lines)
                    yield from _short_notes((one for one in texts if isinstance(one, str)), here, lines)
                yield from _phrase_notes([one for one in texts if isinstance(one, str)], here, lines)
            elif isinstance(value, list | str) and name in PATTERN_KEYS - ADDRESS_KEYS:
                for text in [value] if isinstance(value, str) else value:
                    if isinstance(text, str):
                        yield from _pattern_notes(text, here, lines, ruled=ruled)
            else:
                yield from _notes(value, lines, here)
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from _notes(value, lines, (*key, place))


def _column_notes(heading: str, key: Key, lines: Mapping[Key, int]) -> Iterator[Mistake]:
    """That a column is one that the program reads itself, and does not keep beside."""
    fields = map_columns([heading], CALL_FIELDS, {})
    for field in fields:
        if instead := _ASKED_AS.get(field):
            yield _note("note_column", key, lines, written=heading, field=field, instead=instead)
        else:
            yield _note("note_column_taken", key, lines, written=heading, field=field)


def _short_notes(texts: Iterable[str], key: Key, lines: Mapping[Key, int]) -> Iterator[Mistake]:
    for text in texts:
        if len(normalise(text).text) == 1 and not _only_you(text):
            yield _note("note_short", key, lines, written=text)


def _long_notes(texts: Iterable[str], key: Key, lines: Mapping[Key, int]) -> Iterator[Mistake]:
    for text in texts:
        if (count := len(normalise(text).text)) >= _LONG:
            yield _note("note_long", key, lines, written=text, count=count)


def _phrase_notes(texts: Sequence[str], key: Key, lines: Mapping[Key, int]) -> Iterator[Mistake]:
    # What recognisers make of a phrase, and sentences that are compared, are taken digit by digit.
    in_all_ways = key[-1] == "phrases" and not any(str(one).startswith("likely") for one in key)
    for text in texts:
        if _only_you(text):
            yield _note("note_you", key, lines, written=text)
        if not in_all_ways and (number := _spelt_out(text, normalise(text).text)):
            yield _note("note_number", key, lines, written=text, number=number)
        if (read := _as_read(text)) in ("", text):
            continue
        # Beside the phrase itself, one with a filler finds nothing that is not sought anyway.
        if read not in texts or _as_read(text, fillers=True) != text:
            yield _note("note_phrase", key, lines, written=text, read=read)


def _pattern_notes(text: str, key: Key, lines: Mapping[Key, int], *, ruled: bool) -> Iterator[Mistake]:
    if open_set(text):
        return  # refused; what would be made of it is not what is looked for
    read = tidy_pattern(text)
    if _only_you(text):
        yield _note("note_you", key, lines, written=text)
    if ruled and key[-1] == "patterns" and _found_nearly_everywhere(read):
        yield _note("note_wide", key, lines, written=text)
    # The built-in checks' patterns name signs and capitals beside what the text has instead.
    if read.lower() != text.lower() if ruled else _bare(read) != _bare(text):
        yield _note("note_pattern", key, lines, written=text, read=shown_pattern(text))
    if number := _spelt_out(rest := without_numbers(text), tidy_pattern(rest)):
        yield _note("note_number", key, lines, written=text, number=number)
    with suppress(re.error, OverflowError, RecursionError):  # told as a mistake
        if filler := missing_filler(text):
            yield _note("note_filler", key, lines, written=text, filler=filler)


def _found_nearly_everywhere(pattern: str) -> bool:
    """Whether a pattern is found in each of a few turns that have nothing in common.

    >>> [_found_nearly_everywhere(one) for one in (".+", "[^不]", "请?稍等|好", "(")]
    [True, True, False, False]
    """
    with suppress(re.error, OverflowError, RecursionError):  # told as a mistake
        return all(re.search(pattern, turn) for turn in _UNLIKE)
    return False


def _only_you(text: str) -> bool:
    """Whether all that is looked for is 你 or 您, which are one for every phrase and pattern.

    >>> [_only_you(one) for one in ("您", "你(?!们)", "您好", "[0-9]")]
    [True, True, False, False]
    """
    letters = {one for one in to_simplified(text) if "一" <= one <= "鿿"}
    return letters != {"们"} and bool(letters) and letters <= set("你您们")


def _spelt_out(written: str, read: str) -> str:
    """A number that is looked for digit by digit where people say 二十四 or 两; empty if there is none.

    >>> [_spelt_out(one, tidy_pattern(one)) for one in ("24小时", "2个", r"\\d+天", "5元", "2026年", "8023")]
    ['二四', '二', '[零一二三四五六七八九]+', '', '', '']
    """
    digits = re.sub(_COUNT, "", unicodedata.normalize("NFKC", written)).replace("\\d", "0")
    for found in _NUMBER.finditer(read) if re.search("[0-9]", digits) else ():
        number, unit = found["number"], found["unit"] or ""
        in_digits = len(number) == 4 and unit in ("年", "号")
        if len(number) > 1 and not in_digits and (unit or found["percent"]):
            return number
        if number == "二" and unit and unit not in ("月", "号", "日"):
            return number
    return ""


def _bare(pattern: str) -> str:
    wide = (one for one in pattern.lower() if one.isascii() or unicodedata.category(one)[0] not in "PSZC")
    return "".join(wide)


def _note(code: str, key: Key, lines: Mapping[Key, int], **values: object) -> Mistake:
    return Mistake(f"scoring.{code}", line_of(key, lines), ".".join(map(str, key)), values)


def _as_read(text: str, *, fillers: bool = False) -> str:
    """A phrase half-width, simplified and without punctuation; digits, and `fillers`, as they are written."""
    plain = unicodedata.normalize("NFKC", to_simplified(text))
    dropped = "" if fillers else FILLERS
    return "".join(
        sign for sign in plain if unicodedata.category(sign)[0] not in "PSZC" and sign not in dropped
    )
