"""What people read, in Chinese and English, from one catalogue; and the one error that carries it.

The catalogue is `messages.toml` beside this file: a table per message with a `zh` and an `en` text,
placeholders in braces. Code names a message by its dotted key and never writes prose of its own.
"""

from __future__ import annotations

import os
import re
import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

# All but line ends: commands to a terminal, and what turns the direction of writing.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_chosen: ContextVar[Language | None] = ContextVar("qa_audit_language", default=None)


def language() -> Language:
    """Language of what people read: the one set here, else `QA_AUDIT_LANG`, else Chinese.

    >>> with speaking("en"):
    ...     language()
    'en'
    """
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    wanted = os.environ.get("QA_AUDIT_LANG", "zh")
    return cast("Language", wanted) if wanted in LANGUAGES else "zh"


def set_language(lang: Language | None) -> None:
    """Fix the language for this context; None goes back to the environment's choice."""
    _chosen.set(lang)


@contextmanager
def speaking(lang: Language) -> Iterator[None]:
    """Use a language inside a `with` block."""
    token = _chosen.set(lang)
    try:
        yield
    finally:
        _chosen.reset(token)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every message by its dotted key: `{"audio.empty": {"zh": …, "en": …}, …}`."""
    source = resources.files("qa_audit").joinpath("messages.toml").read_text(encoding="utf-8")
    flat: dict[str, Mapping[str, str]] = {}

    def walk(table: Mapping[str, Any], prefix: str) -> None:
        if "zh" in table:
            flat[prefix] = table
            return
        for key, value in table.items():
            walk(value, f"{prefix}.{key}" if prefix else key)

    walk(tomllib.loads(source), "")
    return flat


def say(key: str, lang: Language | None = None, /, **values: object) -> str:
    """The text of message `key` in the language in force, with its placeholders filled.

    >>> say("verdict.fail", "zh"), say("verdict.fail", "en")
    ('不合格', 'fail')

    Raises `KeyError` for a key that the catalogue lacks.
    """
    shown = {name: _harmless(value) for name, value in values.items()}
    return catalogue()[key][lang or language()].format_map(shown)


def _harmless(value: object) -> object:
    """A value whose signs move nothing on a terminal: a file's name may hold any."""
    if not isinstance(value, str | PurePath) or not _CONTROLS.search(text := str(value)):
        return value
    return _CONTROLS.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)


class QaError(Exception):
    """A fault that a person can mend: what was got, where, what is allowed, what to do.

    `code` is the message's key in the catalogue and part of the JSON contract; `values` fill its text.
    The text is made when it is read, so it follows the language in force then.

    >>> with speaking("en"):
    ...     str(QaError("audio.empty", path="a.wav"))
    'a.wav: the file is empty (0 bytes). Copy the recording again from the recorder.'
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:
        # Workers in other processes send their errors home.
        return _error, (self.code, self.values)

    def text(self, lang: Language | None = None) -> str:
        """The message in `lang`, or in the language in force."""
        # Values may be messages themselves (a list of mistakes): they must speak the same language.
        with speaking(lang or language()):
            return say(self.code, **self.values)

    def __str__(self) -> str:
        return self.text()


def _error(code: str, values: Mapping[str, object]) -> QaError:
    return QaError(code, **values)
