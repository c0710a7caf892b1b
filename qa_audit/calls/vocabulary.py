"""Words by which call lists and rosters are understood, from `vocabulary.toml` beside this file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def vocabulary() -> Mapping[str, Any]:
    """The whole file: `audio_extensions`, and the tables `call`, `roster`, `word`.

    >>> vocabulary()["call"]["call_id"][0]
    '通话编号'
    """
    source = resources.files("qa_audit.calls").joinpath("vocabulary.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """The words of one meaning of table `word`.

    >>> "呼入" in words("inbound")
    True
    """
    return frozenset(vocabulary()["word"][name])
