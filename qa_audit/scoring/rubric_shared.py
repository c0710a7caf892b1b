"""The conditions that all items share, as far as one item hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.messages import say
from qa_audit.scoring.rubric_table import condition_line
from qa_audit.scoring.rule_expression import parse_expression
from qa_audit.scoring.rule_schema import Combined, Echo, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_audit.scoring.rubric import Item, Rubric
    from qa_audit.scoring.rule_schema import Condition


def shared_conditions(rubric: Rubric, item_id: str) -> tuple[Condition, ...]:
    """Those that an item names, in its switches, its rule or by another condition, in the order of the file.

    >>> from qa_audit.scoring import load_rubric
    >>> shared_conditions(load_rubric(), "closing")
    ()
    """
    item = next(one for one in rubric.items if one.id == item_id)
    own = item.check.conditions if isinstance(item.check, Rule) else ()
    known = {one.name: one for one in (*rubric.conditions, *own)}
    waiting, seen = list(_named_by_item(item)), set[str]()
    while waiting:
        name = waiting.pop()
        if name in known and name not in seen:
            seen.add(name)
            waiting += _named_by(known[name])
    own_names = {one.name for one in own}
    return tuple(one for one in rubric.conditions if one.name in seen - own_names)


def shared_text(rubric: Rubric, item_id: str) -> str:
    """These conditions in full, a line each below a heading; empty where there are none."""
    shared = shared_conditions(rubric, item_id)
    if not shared:
        return ""
    return "\n".join((say("scoring.show_shared"), *map(condition_line, shared)))


def _named_by_item(item: Item) -> Iterator[str]:
    texts = [item.applies_when, item.not_applicable_when]
    if isinstance(item.check, Rule):
        texts += [item.check.pass_when, item.check.fail_when]
    for text in filter(None, texts):
        yield from parse_expression(text).names()


def _named_by(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Combined):
        yield from parse_expression(condition.expression).names()
    if isinstance(condition, Echo):
        yield condition.of
    where = getattr(condition, "where", None)
    yield from where.anchors if where is not None else ()
