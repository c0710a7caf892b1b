"""Why a text is no TOML: every place at once, as far as one does not hide the next."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_audit.messages import QaError, say
from qa_audit.store.toml_mistakes import Lines, Mistake, Mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a text is no TOML, told in the language in which it is read."""

    told: str
    """By tomllib, in English."""
    text: str

    @property
    def place(self) -> tuple[int, int] | None:
        """Line and column, from 1; None for the end of the file."""
        found = re.search(r"at line (\d+), column (\d+)", self.told)
        return (int(found[1]), int(found[2])) if found else None

    @property
    def code(self) -> str | None:
        """The message that says the same; None for what tomllib never says."""
        code = next((code for start, code in _REASONS.items() if self.told.startswith(start)), None)
        if code is None or self.place is None:
            return code
        if _breaks_braces(self.text, *self.place):
            return "braces"
        if code == "value" and self._next_key:
            return "array"
        return "key" if code in ("statement", "equals") and self._word else code

    @property
    def _next_key(self) -> bool:
        """Whether a key stands there where a value should, because a list above is not closed."""
        if self.place is None:
            return False
        line, column = self.place
        return _ONE_LINE.match(self.text.split("\n")[line - 1], column - 1) is not None

    @property
    def _word(self) -> str:
        """What stands there where a key should, if it is no English."""
        if self.place is None:
            return ""
        line, column = self.place
        found = _KEY.match(self.text.split("\n")[line - 1], column - 1)
        return "" if found is None or found[1].isascii() else found[1]

    def __str__(self) -> str:
        if self.code is None:
            return self.told
        where = say("toml.at", line=self.place[0], column=self.place[1]) if self.place else say("toml.at_end")
        return where + say(f"toml.reason.{self.code}", key=self._word)


_REASONS = {
    "Invalid value": "value",
    "Unclosed array": "array",
    "Unclosed inline table": "table",
    "Unterminated string": "string",
    "Illegal character": "string",
    "Unescaped '\\' in a string": "backslash",
    "Invalid statement": "statement",
    "Invalid initial character for a key part": "statement",
    "Expected '=' after a key": "equals",
    "Expected newline or end of document": "rest",
    "Cannot overwrite a value": "twice",
    "Cannot declare": "twice",
    "Cannot mutate immutable namespace": "twice",
    "Duplicate inline table key": "twice",
    "Expected ']": "heading",
}
"""How tomllib's reasons begin, and the message that says the same."""

_KEY = re.compile(r"\s*([^\s=\[\]{},#\"']+)\s*=")
_ONE_LINE = re.compile(r"\s*[\w.\"'-]+\s*=")

_HALF_WIDTH = dict(
    zip("“”＂‘’＇，、＝［］【】｛｝＃．０１２３４５６７８９", "\"\"\"''',,=[][]{}#.0123456789", strict=True)
)
_BLANKS = {
    "\u3000": "wide_blank",
    **dict.fromkeys("\u00a0\u2007\u202f\u2002\u2003\u2009", "hard_blank"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", "no_width"),
}
"""Characters that nobody sees and TOML has no use for, and the message that names them."""
_STRING = r"\"{3}.*?(?:\"{3}|\Z)|'{3}.*?(?:'{3}|\Z)|\"(?:\\.|[^\"\\\n])*\"?|'[^'\n]*'?|#[^\n]*"
_STRING_OR_SIGN = re.compile(f"{_STRING}|[{''.join(_HALF_WIDTH)}{''.join(_BLANKS)}]", re.DOTALL)
_STRING_OR_BRACE = re.compile(_STRING + r"|[{}]", re.DOTALL)


def _wrong_signs(text: str) -> Iterator[Mistake]:
    """Signs of a Chinese keyboard where TOML has its own, and blanks that are none, each once a line."""
    seen: set[tuple[int, str]] = set()
    for found in _STRING_OR_SIGN.finditer(text):
        sign = found[0]
        start = text.rfind("\n", 0, found.start()) + 1
        line = text.count("\n", 0, start) + 1
        if (line, sign) in seen:
            continue
        seen.add((line, sign))
        if sign in _HALF_WIDTH:
            yield Mistake("toml.full_width_sign", line, sign, {"instead": _HALF_WIDTH[sign]})
        elif sign in _BLANKS:
            column = found.start() - start + 1
            yield Mistake(f"toml.{_BLANKS[sign]}", line, f"U+{ord(sign):04X}", {"column": column})


def _breaks_braces(text: str, line: int, column: int) -> bool:
    """Whether what is wrong there is that braces go over several lines, or have a comma after the last."""
    place = sum(len(one) + 1 for one in text.split("\n")[: line - 1]) + column - 1
    opened: list[int] = []
    for found in _STRING_OR_BRACE.finditer(text, 0, place):
        if found[0] == "{":
            opened.append(found.end())
        elif found[0] == "}" and opened:
            opened.pop()
    if not opened:
        return False
    before = _STRING_OR_BRACE.sub(lambda one: "" if one[0][0] == "#" else one[0], text[opened[-1] : place])
    return text[place : place + 1] in ("\n", "\r", "#") or (
        text[place : place + 1] == "}" and before.rstrip().endswith(",")
    )


def no_toml(path: str, text: str, fault: tomllib.TOMLDecodeError) -> QaError:
    """What is told of a text that is no TOML.

    `toml.full_width` lists signs of a Chinese keyboard and blanks that nobody sees, `toml.not_toml` names one
    place, `toml.not_toml_places` all that show.
    """
    if signs := tuple(_wrong_signs(text)):
        return QaError("toml.full_width", path=path, mistakes=Mistakes(signs))
    reasons = list(_reasons(text, fault))
    if len(reasons) == 1:
        return QaError("toml.not_toml", path=path, reason=reasons[0])
    return QaError("toml.not_toml_places", path=path, count=len(reasons), reasons=Lines(reasons))


def _reasons(text: str, fault: tomllib.TOMLDecodeError) -> Iterator[_Reason]:
    """The reason of each place: lines that are wrong are taken out one after another."""
    lines = text.split("\n")
    line = 0
    while True:
        reason = _Reason(str(fault), "\n".join(lines))
        if reason.place is None or reason.place[0] <= line:
            if not line:
                yield reason
            return  # what comes now follows from what was taken out
        yield reason
        line = reason.place[0]
        if not _stands_alone(lines[line - 1], reason.code):
            return
        lines[line - 1] = ""
        try:
            tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as other:
            fault = other
        else:
            return


def _stands_alone(line: str, code: str | None) -> bool:
    """Whether a line can be taken out without making others wrong: no heading, no piece of a long list."""
    if line.lstrip().startswith("["):
        return False
    return code in ("statement", "equals", "key") or _ONE_LINE.match(line) is not None
