"""What an item's verdicts depend on, as one hash: while it is the same, audits speak of the same rule."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from qa_audit.scoring.checks import Banned, names_act
from qa_audit.scoring.rule_schema import Manual

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa_audit.scoring.rubric import Item, Rubric

_NOT_THE_VERDICT = {"name_zh", "name_en", "source", "section", "weight", "bonus", "off_per_hit", "critical"}
_NOT_THE_VERDICT |= {"examples"}
"""What may change while the verdicts stay: names, points, examples."""
_SHARED = "condition "
"""Before the name of a shared condition that is called like an item: hashes hold both."""


def rule_hashes(rubric: Rubric) -> dict[str, str]:
    """By item, SHA-256 over what decides its verdict; items that people judge anyway are left out.

    That is the item's check and when it applies, the shared conditions, situations and other items that are
    named there, situations that replace it or an item that it asks for, the limits of confidence, and the
    sentence detector where the check uses one. Names, points and examples are no part of it, but for whether
    an item that it asks for is a bonus: that is never told as a fault.

    >>> from qa_audit.scoring import load_rubric
    >>> rubric = load_rubric()
    >>> dearer = rubric.items[0].model_copy(update={"weight": 99.0})
    >>> other = rubric.model_copy(update={"items": (dearer, *rubric.items[1:])})
    >>> rule_hashes(other) == rule_hashes(rubric)
    True
    """
    known = _known(rubric)
    return {item.id: _hash(item, rubric, known) for item in judged_items(rubric)}


def judged_items(rubric: Rubric) -> tuple[Item, ...]:
    """The items that the machine judges."""
    return tuple(item for item in rubric.items if not isinstance(item.check, Manual))


def _hash(item: Item, rubric: Rubric, known: Mapping[str, Mapping[str, Any]]) -> str:
    parts = {item.id: known[item.id]}
    parts |= {one.id: known[one.id] for one in rubric.situations if item.id in one.replaces}
    waiting = list(parts.values())
    bonuses: set[str] = set()
    while waiting:
        value = waiting.pop()
        keys = [key for word in _words(value) for key in (word, _SHARED + word)]
        for asked in _asked(value):
            keys += [one.id for one in rubric.situations if asked in one.replaces]
            bonuses.update(one.id for one in rubric.items if one.id == asked and one.bonus)
        for key in keys:
            if key in known and key not in parts:
                parts[key] = known[key]
                waiting.append(known[key])
    limits: dict[str, Any] = {"role": rubric.min_role_confidence, "words": rubric.min_confidence}
    named = {one.id: one for one in rubric.items if one.id in parts}
    if any(isinstance(one.check, Banned) and one.check.detector for one in named.values()):
        detector = rubric.detector
        limits["detector"] = None if detector is None else detector.sha256
    if any(names_act(one.check) for one in named.values()):
        limits["acts"] = None if rubric.acts is None else rubric.acts.sha256
    if bonuses:
        limits["bonus"] = sorted(bonuses)
    text = json.dumps([limits, parts], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _known(rubric: Rubric) -> dict[str, Mapping[str, Any]]:
    """All that a rule may name, by name, without what does not touch verdicts."""
    named = {
        one.id: one.model_dump(mode="json", by_alias=True, exclude=_NOT_THE_VERDICT)
        for one in (*rubric.situations, *rubric.items)
    }
    shared = {
        (_SHARED if one.name in named else "") + one.name: one.model_dump(mode="json", by_alias=True)
        for one in rubric.conditions
    }
    return {**shared, **named}


def _asked(value: Any) -> Iterator[str]:
    """The items whose verdicts conditions ask for."""
    if isinstance(value, dict):
        if value.get("kind") == "item" and isinstance(value.get("item"), str):
            yield value["item"]
        for one in value.values():
            yield from _asked(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _asked(one)


def _words(value: Any) -> Iterator[str]:
    """Every word in the texts of a rule; those that are names lead to what is named."""
    if isinstance(value, str):
        yield from re.findall(r"\w+", value)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _words(one)
