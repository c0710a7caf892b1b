"""Click's own words, errors and headings of help, from the catalogue, in the language in force.

Click marks them for gettext, which picks compiled files by the system's language once and for all; ours is
chosen by an option. What the catalogue lacks (words of another version of Click) stays as Click has it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from click import core, decorators, exceptions, formatting, parser, types

from qa_audit.messages import catalogue, language

if TYPE_CHECKING:
    from collections.abc import Mapping

MODULES = (core, decorators, exceptions, formatting, parser, types)
"""Modules of Click that speak to people; each has gettext as `_`, some `ngettext` too."""


@cache
def _messages() -> Mapping[str, Mapping[str, str]]:
    return {message["en"]: message for key, message in catalogue().items() if key.startswith("click.")}


def translated(text: str) -> str:
    """Words of Click in the language in force; placeholders stay to be filled.

    >>> translated("Missing option")
    '缺少选项'
    """
    message = _messages().get(text)
    return text if message is None else message[language()]


def translated_count(one: str, many: str, count: int) -> str:
    """The same for words that differ with a number."""
    return translated(one if count == 1 else many)


def speak_click() -> None:
    """From now on Click's words in this process are ours."""
    for module in MODULES:
        names = vars(module)
        names["_"] = translated
        if "ngettext" in names:
            names["ngettext"] = translated_count
