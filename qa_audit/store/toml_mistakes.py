"""Mistakes in files that people edit: each with its line, key and what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from collections.abc import Mapping

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file."""

    code: str
    """Key of its message in the catalogue."""
    line: int
    key: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return say(self.code, line=self.line, key=self.key, **self.values)


class NotAllowedError(QaError, ValueError):
    """What a validator of a model refuses, told in the language in which the list of mistakes is read."""


class Lines(tuple[Told, ...]):
    """What is told of a file; its text, a line each, follows the language in force when it is read."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(f"  {one}" for one in self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Mistakes(Lines[Mistake]):
    """All mistakes of a file."""

    __slots__ = ()
