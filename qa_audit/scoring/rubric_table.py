"""A rubric as tables for people: all items, or one item in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from qa_audit.messages import QaError, language, say
from qa_audit.scoring.rule_schema import Manual, Rule
from qa_audit.store.toml_text import inline_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_audit.scoring.rubric import Item, Rubric
    from qa_audit.scoring.rule_schema import Condition

WORDING_KEYS = frozenset(("phrases", "patterns", "misheard", "unless", "unlike", "to"))
"""Keys whose lists are wordings."""
HEADINGS = ("section", "id", "item", "points", "scoring", "check", "standard")
"""Columns of the table of items; their names are messages `scoring.column.<name>`."""


def item_rows(rubric: Rubric) -> list[tuple[str, ...]]:
    """One row an item, in the columns of `HEADINGS`."""
    lang = language()
    return [
        (
            item.section or "",
            item.id,
            rubric.name_of(item.id, lang),
            f"{item.weight:g}",
            scoring_of(item),
            check_of(item),
            item.source,
        )
        for item in rubric.items
    ]


def section_rows(rubric: Rubric) -> list[tuple[str, ...]]:
    """One row a section: name, points of its items, cap."""
    rows = []
    for one in rubric.sections:
        points = sum(item.weight for item in rubric.items if item.section == one.name and not item.bonus)
        rows.append((one.name, f"{points:g}", "" if one.max_loss is None else f"{one.max_loss:g}"))
    return rows


def scoring_of(item: Item) -> str:
    """How an item scores: gained or lost points, per hit, critical."""
    said = [say("scoring.way_gained" if item.bonus else "scoring.way_lost")]
    if item.off_per_hit is not None:
        said.append(say("scoring.way_per_hit", points=f"{item.off_per_hit:g}"))
    if item.critical:
        said.append(say("scoring.way_critical"))
    return say("run.list_comma").join(said)


def check_of(item: Item) -> str:
    """What is checked, in a few words."""
    check = item.check
    if isinstance(check, Manual):
        return say("scoring.kind_manual")
    if isinstance(check, Rule):
        return f"pass_when {check.pass_when}" if check.pass_when else f"fail_when {check.fail_when}"
    return check.kind


def item_text(rubric: Rubric, item_id: str) -> str:
    """One item in full: what it is worth, where it comes from, when it applies, every condition and wording.

    Raises `QaError` for an item that the rubric lacks.
    """
    item = next((one for one in rubric.items if one.id == item_id), None)
    if item is None:
        allowed = ", ".join(one.id for one in rubric.items)
        raise QaError("scoring.no_item", item=item_id, allowed=allowed)
    told = [
        (say("scoring.column.item"), f"{rubric.name_of(item.id, language())} ({item.id})"),
        (say("scoring.column.section"), item.section or ""),
        (say("scoring.column.points"), f"{item.weight:g}　{scoring_of(item)}"),
        (say("scoring.column.standard"), item.source),
        ("applies_when", item.applies_when or ""),
        ("not_applicable_when", item.not_applicable_when or ""),
        (say("scoring.column.check"), check_of(item)),
    ]
    lines = [f"{name}{say('scoring.colon')}{text}" for name, text in told if text]
    if isinstance(item.check, Rule):
        lines += map(condition_line, item.check.conditions)
    else:
        lines += [
            f"  {key} {part}{say('scoring.colon')}{say('run.list_comma').join(texts)}"
            for key, part, texts in wordings_of(item)
        ]
    for number, example in enumerate(item.examples, 1):
        turns = " / ".join(example.turns)
        lines.append(say("scoring.show_example", number=number, expected=example.verdict, turns=turns))
    return "\n".join(lines)


def condition_line(condition: Condition) -> str:
    """A condition of a rule in full, as a line below its item."""
    table = condition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    name = table.pop("name")
    given = (f"{key} = {written(value)}" for key, value in table.items())
    return f"  {name}{say('scoring.colon')}{'; '.join(given)}"


def written(value: Any) -> str:
    """A value of a rule as it would stand in the file: phrases alone as texts, whole numbers without a point.

    >>> print(written([{"text": "您好"}]), written({"after": "谢谢", "within_s": 2.0}))
    ["您好"] { after = "谢谢", within_s = 2 }
    """
    return inline_text(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return value["text"] if set(value) == {"text"} else {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def wordings_of(item: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """All lists of phrases and patterns below an item or situation: path, what it belongs to, texts.

    >>> from qa_audit.scoring import load_rubric
    >>> path, part, texts = next(wordings_of(load_rubric().items[0]))
    >>> path, part, texts[0]
    ('check.parts.0.said.phrases', '您好', '您好')
    """
    yield from _wordings(item, (), "")


def _wordings(part: Any, path: tuple[str, ...], name: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for field in type(part).model_fields:
        if field == "examples":
            continue
        value = getattr(part, field)
        here = (*path, field)
        if field in WORDING_KEYS and value and isinstance(value, tuple):
            texts = tuple(one if isinstance(one, str) else one.text for one in value)
            yield ".".join(here), name, texts
        elif isinstance(value, BaseModel):
            yield from _wordings(value, here, getattr(value, "name", name))
        elif isinstance(value, tuple):
            for place, one in enumerate(value):
                if isinstance(one, BaseModel):
                    yield from _wordings(one, (*here, str(place)), getattr(one, "name", name))
