"""Mistakes of a rubric that show only across its keys: names, circles, totals, patterns that explode."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from qa_audit.messages import say
from qa_audit.scoring.pattern_bounds import explodes
from qa_audit.scoring.pattern_numbers import sought_pattern
from qa_audit.scoring.rule_expression import AND, NOT, OR, parse_expression
from qa_audit.store.toml_choices import Likely
from qa_audit.store.toml_file import line_of
from qa_audit.store.toml_mistakes import Mistake
from qa_audit.text.normalise import to_simplified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from qa_audit.scoring.rule_expression import Expression
    from qa_audit.store.toml_file import Key

PATTERN_KEYS = frozenset(
    (
        "patterns",
        "unless",
        "greetings",
        "quoted",
        "quoted_clauses",
        "set_phrases",
        "not_requests",
        "lead",
        "follow",
    )
)
"""Keys whose texts are regular expressions, a list of them or one."""
ADDRESS_KEYS = frozenset(("greetings", "quoted", "quoted_clauses", "set_phrases"))
"""Those whose patterns are used as they are written: they see 您 and what stands around it."""


class _Reach(NamedTuple):
    """Where an expression stands, and what it may name there."""

    owner: str
    """The item, as a node of the graph of references; empty for shared conditions."""
    own: Mapping[str, Key]
    """Conditions of that item, and where each stands."""
    shared: Mapping[str, Key]
    situations: frozenset[str]
    items: tuple[str, ...]
    lines: Mapping[Key, int]
    edges: dict[str, set[str]]
    """Who names whom, over the whole rubric."""

    def node(self, name: str) -> str:
        """A condition as a node of the graph."""
        return f"{self.owner}/{name}" if name in self.own else name

    def noted(self, name: object, key: Key, source: set[str]) -> Iterator[Mistake]:
        """Note in `source` that a name is used, or say that there is none."""
        if not isinstance(name, str):
            return
        if name in self.own or name in self.shared or name in self.situations:
            source.add(self.node(name))
        else:
            known = (*self.own, *self.shared, *sorted(self.situations))
            told = {"likely": _likely(name, known), "allowed": _listed(known)}
            yield _mistake("unknown_name", key, self.lines, name=name, **told)

    def run_together(self, name: str) -> Expression | None:
        """What a name that there is not says when names and words between them are taken apart."""
        known = {*self.own, *self.shared, *self.situations}
        if name in known:
            return None
        pieces = "|".join(map(re.escape, sorted({*known, *_JOINING}, key=len, reverse=True)))
        if not re.fullmatch(f"(?:{pieces})++", name):
            return None
        words = [one if one in known else _JOINING[one] for one in re.findall(pieces, name)]
        try:
            return parse_expression(" ".join(words))
        except ValueError:
            return None


def rule_mistakes(table: Mapping[str, Any], lines: Mapping[Key, int]) -> list[Mistake]:
    """All of them, from the raw table and the line of each key."""
    return [
        *_name_mistakes(table, lines),
        *_section_mistakes(table, lines),
        *_weight_mistakes(table, lines),
        *_pattern_mistakes(table, lines, ()),
    ]


def _mistake(code: str, key: Key, lines: Mapping[Key, int], **values: object) -> Mistake:
    return Mistake(f"scoring.rubric_{code}", line_of(key, lines), ".".join(map(str, key)), values)


def _listed(names: Iterable[str]) -> str:
    """Names to choose from, each once: one that is used twice is a mistake of its own."""
    return ", ".join(dict.fromkeys(names)) or "–"


def _likely(name: str, known: Iterable[str]) -> Likely:
    """A name that was probably meant, traditional characters or not."""
    return Likely(to_simplified(name).strip(), tuple(known))


def _entries(table: Any, *path: str) -> list[tuple[int, dict[str, Any]]]:
    for step in path:
        table = table.get(step) if isinstance(table, dict) else None
    if not isinstance(table, list):
        return []
    return [(place, one) for place, one in enumerate(table) if isinstance(one, dict)]


def _name_mistakes(table: Mapping[str, Any], lines: Mapping[Key, int]) -> Iterator[Mistake]:
    ids = {
        kind: [one["id"] for _, one in _entries(table, kind) if isinstance(one.get("id"), str)]
        for kind in ("items", "situations")
    }
    shared, double = _gather(table, ("conditions",), frozenset(ids["situations"]), lines)
    yield from double
    edges: dict[str, set[str]] = {}
    reach = _Reach("", {}, shared, frozenset(ids["situations"]), tuple(ids["items"]), lines, edges)
    yield from _condition_mistakes(table, ("conditions",), reach)
    for place, item in _entries(table, "items"):
        key: Key = ("items", place)
        check = item.get("check")
        rule = check if isinstance(check, dict) and check.get("kind") == "rule" else {}
        taken = frozenset((*ids["situations"], *shared))
        own, double = _gather(rule, (*key, "check", "conditions"), taken, lines)
        yield from double
        owner = f"item {item.get('id')}"
        here = reach._replace(owner=f"{owner}#{place}" if owner in edges else owner, own=own)
        node = edges.setdefault(here.owner, set())
        for field in _SWITCHES:
            yield from _expression_mistakes(item.get(field), (*key, field), here, node)
        for field in _DECIDES:
            yield from _expression_mistakes(rule.get(field), (*key, "check", field), here, node)
        yield from _condition_mistakes(rule, (*key, "check", "conditions"), here)
        used = {name for named in edges.values() for name in named}
        for name, at in own.items():
            if here.node(name) not in used and _all_read(item, rule):
                yield _mistake("unused_condition", at, lines, name=name)
    yield from _circles(edges, table, lines)


def _gather(
    table: Any, path: Key, taken: frozenset[str], lines: Mapping[Key, int]
) -> tuple[dict[str, Key], list[Mistake]]:
    """Names of the conditions in a list; those used twice are mistakes."""
    found: dict[str, Key] = {}
    double = []
    for place, one in _entries(table, "conditions"):
        name = one.get("name")
        if isinstance(name, str):
            key = (*path, place, "name")
            if name in found or name in taken:
                double.append(_mistake("double_name", key, lines, name=name))
            found.setdefault(name, key)
    return found, double


def _condition_mistakes(table: Any, path: Key, reach: _Reach) -> Iterator[Mistake]:
    for place, one in _entries(table, "conditions"):
        name, key = one.get("name"), (*path, place)
        node = reach.edges.setdefault(reach.node(name), set()) if isinstance(name, str) else set()
        where = one.get("where")
        for field in _ANCHORS if isinstance(where, dict) else ():
            yield from reach.noted(where.get(field), (*key, "where", field), node)  # pyright: ignore
        kind = one.get("kind")
        if kind == "echo":
            yield from reach.noted(one.get("of"), (*key, "of"), node)
        if kind == "combined":
            yield from _expression_mistakes(one.get("is"), (*key, "is"), reach, node)
        if kind == "item" and isinstance(one.get("item"), str):
            if one["item"] in reach.items:
                node.add(f"item {one['item']}")
            else:
                told = {"likely": _likely(one["item"], reach.items), "allowed": _listed(sorted(reach.items))}
                yield _mistake("unknown_item", (*key, "item"), reach.lines, id=one["item"], **told)


_SWITCHES = ("applies_when", "not_applicable_when")
_JOINING = {
    **dict.fromkeys((*(one for one in AND if one.isalpha()), "和", "与", "而且"), "and"),
    **dict.fromkeys((one for one in OR if one.isalpha()), "or"),
    **dict.fromkeys((*(one for one in NOT if one.isalpha()), "不"), "not"),
}
"""Words that people write between names, or before one, without a space."""
_DECIDES = ("pass_when", "fail_when")
_ANCHORS = ("after", "before", "around", "same_turn_as")


def _expression_mistakes(text: Any, key: Key, reach: _Reach, node: set[str]) -> Iterator[Mistake]:
    if not isinstance(text, str):
        return
    with suppress(ValueError):  # that it cannot be read is told by the schema
        for name in dict.fromkeys(parse_expression(text).names()):
            if (meant := reach.run_together(name)) is None:
                yield from reach.noted(name, key, node)
            else:
                node.update(map(reach.node, meant.names()))
                yield _mistake("run_together", key, reach.lines, name=name, meant=meant)


def _all_read(item: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """Whether it is known what an item uses: not when an expression, or what a condition names, is wrong."""
    conditions = [one for _, one in _entries(rule, "conditions")]
    decides = [rule[field] for field in _DECIDES if field in rule]
    others = [item[field] for field in _SWITCHES if field in item]
    others += [one.get("is") for one in conditions if one.get("kind") == "combined"]
    return bool(decides) and all(map(_readable, decides + others)) and all(map(_names_read, conditions))


def _readable(text: Any) -> bool:
    try:
        return isinstance(text, str) and bool(parse_expression(text))
    except ValueError:
        return False


def _names_read(condition: Mapping[str, Any]) -> bool:
    """Whether the other conditions that one names can be made out."""
    where = condition.get("where", {})
    named = [where.get(field, "") for field in _ANCHORS] if isinstance(where, dict) else [None]
    if condition.get("kind") == "echo":
        named.append(condition.get("of"))
    return all(isinstance(one, str) for one in named)


def _circles(edges: Mapping[str, set[str]], table, lines) -> Iterator[Mistake]:
    """Each circle of references once, at the condition or item where it was first entered."""
    state: dict[str, int] = {}
    found: list[list[str]] = []
    for start in edges:
        stack: list[tuple[str, Iterator[str]]] = []
        if not state.get(start):
            stack, state[start] = [(start, iter(sorted(edges[start])))], 1
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[node] = 2
                stack.pop()
            elif state.get(following) == 1:
                trail = [one for one, _ in stack]
                found.append([*trail[trail.index(following) :], following])
            elif not state.get(following):
                state[following] = 1
                stack.append((following, iter(sorted(edges.get(following, ())))))
    for circle in found:
        shown = " → ".join(_bare(one) for one in circle)
        yield _mistake("circle", _place_of(circle[0], table), lines, circle=shown)


def _bare(node: str) -> str:
    return node.rsplit("/", 1)[-1].removeprefix("item ").split("#", 1)[0]


def _place_of(node: str, table: Mapping[str, Any]) -> Key:
    """Key of a condition or item, for the line."""
    for at, one in _entries(table, "conditions"):
        if one.get("name") == node:
            return ("conditions", at, "name")
    for place, item in _entries(table, "items"):
        # Of an id that is wrong nothing is known: it is compared and not taken apart.
        for owner in (f"item {item.get('id')}", f"item {item.get('id')}#{place}"):
            if node == owner:
                return ("items", place, "id")
            for at, one in _entries(item, "check", "conditions"):
                if node == f"{owner}/{one.get('name')}":
                    return ("items", place, "check", "conditions", at, "name")
    return ()


def _section_mistakes(table: Mapping[str, Any], lines: Mapping[Key, int]) -> Iterator[Mistake]:
    sections = [one for one in _entries(table, "sections") if isinstance(one[1].get("name"), str)]
    sums: dict[str, float] = {}
    unknown: set[str] = set()
    """Sections with a weight that is no number, or where it is not known whether it counts."""
    for place, one in sections:
        if one["name"] in sums:
            yield _mistake("double_section", ("sections", place, "name"), lines, name=one["name"])
        sums[one["name"]] = 0
    for place, item in _entries(table, "items"):
        section, weight = item.get("section"), item.get("weight")
        if section is None or not isinstance(section, str):
            continue
        if section not in sums:
            key = ("items", place, "section")
            told = {"likely": _likely(section, sums), "allowed": _listed(sums)}
            yield _mistake("unknown_section", key, lines, name=section, **told)
        elif (
            not isinstance(weight, int | float)
            or isinstance(weight, bool)
            or not isinstance(item.get("bonus", False), bool)
        ):
            unknown.add(section)
        elif not item.get("bonus"):
            sums[section] += weight
    for place, one in sections:
        total, got = one.get("total"), sums[one["name"]]
        if one["name"] not in unknown and isinstance(total, int | float) and abs(got - total) > 1e-6:
            key = ("sections", place, "total")
            yield _mistake("section_total", key, lines, name=one["name"], total=f"{total:g}", got=f"{got:g}")


def _weight_mistakes(table: Mapping[str, Any], lines: Mapping[Key, int]) -> Iterator[Mistake]:
    """Items without points that do not zero the call: they would count for nothing."""
    items = _entries(table, "items")
    without = [(at, one) for at, one in items if one.get("weight") == 0 and one["weight"] is not False]
    for place, item in without:
        if item.get("critical") is not True or item.get("bonus") or item.get("off_per_hit"):
            yield _mistake("no_points", ("items", place, "weight"), lines)
    if items and len(without) == len(items):
        yield _mistake("no_points_at_all", ("items", 0, "weight"), lines)


def _pattern_mistakes(part: Any, lines: Mapping[Key, int], key: Key) -> Iterator[Mistake]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name in PATTERN_KEYS and isinstance(value, list | str):
                for pattern in [value] if isinstance(value, str) else value:
                    if not isinstance(pattern, str):
                        continue  # told as a value of the wrong kind
                    text = _exploding(pattern if name in ADDRESS_KEYS else sought_pattern(pattern))
                    if text is not None:
                        sample = text.rstrip("\0")
                        shown = sample if len(sample) <= 24 else sample[:24] + say("scoring.and_so_on")
                        yield _mistake("explodes", (*key, name), lines, pattern=pattern, text=shown)
            else:
                yield from _pattern_mistakes(value, lines, (*key, name))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from _pattern_mistakes(value, lines, (*key, place))


def _exploding(pattern: str) -> str | None:
    try:
        return explodes(pattern)
    except (re.error, RecursionError, OverflowError, MemoryError):
        return None  # that it is no pattern is told by the schema
