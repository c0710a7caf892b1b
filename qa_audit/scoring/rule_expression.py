"""`报价 and not (催促 or 先办)`: named conditions joined by and, or, not; 并且, 或者, 没有 mean the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from qa_audit.store.toml_mistakes import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Iterator

AND = ("and", "&&", "且", "并且")
OR = ("or", "||", "或", "或者")
NOT = ("not", "!", "非", "没有")
WORDS = frozenset((*AND, *OR, *NOT))
"""What no condition may be called."""

_TOKEN = re.compile(r"\s*([()（）]|&&|\|\||!|[^\s()（）&|!]+|[&|])")
_NAME = re.compile(r"[^\W\d]\w*")
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Expression:
    """A name, or an operator over parts."""

    op: Literal["name", "not", "and", "or"]
    name: str = ""
    parts: tuple[Expression, ...] = ()

    def names(self) -> Iterator[str]:
        """Names in order of appearance, as often as they stand there."""
        if self.op == "name":
            yield self.name
        for part in self.parts:
            yield from part.names()

    def __str__(self) -> str:
        if self.op == "name":
            return self.name
        if self.op == "not":
            return f"not {_bracketed(self.parts[0])}"
        return f" {self.op} ".join(map(_bracketed, self.parts))


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression:
    """Read an expression; `not` binds closest, then `and`, then `or`.

    >>> str(parse_expression("报价 并且 没有 (催促 或者 先办)"))
    '报价 and not (催促 or 先办)'
    >>> parse_expression("报价 and")
    Traceback (most recent call last):
    ...
    qa_audit.store.toml_mistakes.NotAllowedError: “报价 and”后面缺少名字

    Raises `NotAllowedError` that says where it goes wrong.
    """
    tokens: list[tuple[str, int]] = []
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        assert found is not None  # any sign but white space is a token
        place = found.end()
        token = {"（": "(", "）": ")"}.get(found[1], found[1])
        tokens.append((token.lower() if token.lower() in WORDS else token, found.end()))
    reader = _Reader(text, tokens)
    whole = reader.any_of(0)
    if reader.next is not None:
        raise NotAllowedError("scoring.refused.extra", got=reader.next, after=reader.read)
    return whole


class _Reader:
    def __init__(self, text: str, tokens: list[tuple[str, int]]) -> None:
        self._text, self._tokens, self._place = text, tokens, 0

    @property
    def next(self) -> str | None:
        return self._tokens[self._place][0] if self._place < len(self._tokens) else None

    @property
    def read(self) -> str:
        return self._text[: self._tokens[self._place - 1][1]].strip() if self._place else ""

    def any_of(self, depth: int) -> Expression:
        return self._joined("or", OR, self._all_of, depth)

    def _all_of(self, depth: int) -> Expression:
        return self._joined("and", AND, self._one, depth)

    def _joined(self, op: Literal["and", "or"], words: tuple[str, ...], part, depth: int) -> Expression:
        parts = [part(depth)]
        while self.next in words:
            self._place += 1
            parts.append(part(depth))
        return parts[0] if len(parts) == 1 else Expression(op, parts=tuple(parts))

    def _one(self, depth: int) -> Expression:
        if depth > _DEEPEST:
            raise NotAllowedError("scoring.refused.deep", most=_DEEPEST)
        token = self.next
        if token is None:
            raise NotAllowedError(
                "scoring.refused.no_name" if self.read else "scoring.refused.empty", after=self.read
            )
        self._place += 1
        if token in NOT:
            return Expression("not", parts=(self._one(depth + 1),))
        if token == "(":
            inner = self.any_of(depth + 1)
            if self.next != ")":
                raise NotAllowedError("scoring.refused.bracket", after=self.read)
            self._place += 1
            return inner
        if token in WORDS or not _NAME.fullmatch(token):
            raise NotAllowedError("scoring.refused.not_a_name", got=token)
        return Expression("name", token)


def _bracketed(part: Expression) -> str:
    return f"({part})" if part.op in ("and", "or") else str(part)
