"""What a recording's file name says of the call, when there is no call list.

A pattern is the file name without its extension, with fields in braces:
`{agent}_{start:%Y%m%d%H%M%S}_{customer}`. A pattern with `/` looks at the folders above, too:
`{start:%Y%m%d}/{agent}_{start:%H%M%S}` (the parts of `start` are read together). `{skip}` stands for
anything. When no pattern fits, nothing is invented: the call is known by its file name only, and its
start stays unknown and is reported (the file's date would be the date of the copy). Nor is it when the
built-in patterns can't tell the agent's number from the customer's, both being of 5 to 8 digits.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import PurePosixPath

from qa_audit.messages import QaError

BUILT_IN_PATTERNS = (
    "{agent}_{start:%Y%m%d%H%M%S}_{customer}",
    "{agent}_{start:%Y%m%d_%H%M%S}_{customer}",
    "{agent}_{customer}_{start:%Y%m%d%H%M%S}",
    "{start:%Y%m%d%H%M%S}_{agent}_{customer}",
    "{start:%Y%m%d_%H%M%S}_{agent}_{customer}",
    "{start:%Y%m%d%H%M%S}_{customer}_{agent}",
    "{agent}_{start:%Y%m%d%H%M%S}",
    "{agent}_{start:%Y%m%d_%H%M%S}",
    "{start:%Y%m%d%H%M%S}_{agent}",
    "{start:%Y%m%d_%H%M%S}_{agent}",
    "{agent}-{start:%Y%m%d%H%M%S}-{customer}",
    "{start:%Y%m%d%H%M%S}-{agent}-{customer}",
    "{agent}-{start:%Y%m%d-%H%M%S}-{customer}",
    "{start:%Y%m%d-%H%M%S}-{agent}-{customer}",
    "{agent}-{start:%Y%m%d%H%M%S}",
    "{start:%Y%m%d%H%M%S}-{agent}",
)

_FIELDS = {
    "call_id": r"[^/]+?",
    # Short numbers are agents', long ones customers': that tells the two apart in the built-in patterns,
    # but for those of 5 to 8 digits, which may be either.
    "agent": r"[A-Za-z]{0,4}[0-9]{1,8}",
    "agent_name": r"[^/_\-0-9]+?",
    "team": r"[^/_\-]+?",
    "customer": r"\+?[0-9*xX]{5,20}",
    "direction": r"[^/_\-]+?",
    "line": r"[^/_\-]+?",
    "system": r"[^/_\-]+?",
    "skip": r"[^/]*?",
}
_DIRECTIVES = {"%Y": r"\d{4}", "%m": r"\d{2}", "%d": r"\d{2}", "%H": r"\d{2}", "%M": r"\d{2}", "%S": r"\d{2}"}
_DIRECTIVE = re.compile(r"%.")


@dataclass(frozen=True, slots=True)
class NameParts:
    """What a file name says; None where the pattern has no such field."""

    call_id: str | None = None
    agent_no: str | None = None
    agent_name: str | None = None
    team: str | None = None
    start: datetime | None = None
    customer_no: str | None = None
    direction: str | None = None
    """As written; `values.parse_direction` reads it."""
    line: str | None = None
    system: str | None = None
    readings: tuple[NameParts, ...] = ()
    """What the name may say, when agent and customer can't be told apart; then both are None here."""

    @property
    def identifies(self) -> bool:
        """Whether it says which call this is: its id, or agent and start."""
        return self.call_id is not None or (self.agent_no is not None and self.start is not None)


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A pattern of file names, ready to be matched."""

    expression: re.Pattern[str]
    formats: tuple[str, ...]
    folders: int
    """How many folders above the file the pattern looks at."""


@cache
def compile_pattern(pattern: str) -> NamePattern:
    """Make a pattern ready.

    Raises `QaError` `calls.file_name_pattern` naming what is wrong and which fields are allowed.

    >>> compile_pattern("{agent}_{date}")
    Traceback (most recent call last):
    ...
    qa_audit.messages.QaError: ...
    """

    def refuse(part: str) -> QaError:
        allowed = ", ".join(f"{{{name}}}" for name in (*_FIELDS, "start:%Y%m%d%H%M%S"))
        return QaError("calls.file_name_pattern", pattern=pattern, part=part, allowed=allowed)

    try:
        pieces = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise refuse(str(error)) from error
    expression, formats, seen = "", [], set()
    for literal, field, detail, conversion in pieces:
        expression += re.escape(literal)
        if field is None:
            continue
        if conversion or (field != "start" and (field not in _FIELDS or detail)):
            raise refuse(f"{{{field}}}")
        if field == "start":
            expression += f"(?P<start{len(formats)}>{_time_expression(detail or '', refuse)})"
            formats.append(detail or "")
        elif field == "skip":
            expression += _FIELDS["skip"]
        elif field in seen:
            expression += f"(?P={field})"
        else:
            seen.add(field)
            expression += f"(?P<{field}>{_FIELDS[field]})"
    if not formats and not seen:
        raise refuse(pattern)
    return NamePattern(re.compile(expression), tuple(formats), pattern.count("/"))


def _time_expression(detail: str, refuse) -> str:
    if not detail:
        raise refuse("{start}")
    expression, at = "", 0
    for directive in _DIRECTIVE.finditer(detail):
        if directive[0] not in _DIRECTIVES:
            raise refuse(directive[0])
        expression += re.escape(detail[at : directive.start()]) + _DIRECTIVES[directive[0]]
        at = directive.end()
    return expression + re.escape(detail[at:])


def parse_file_name(path: str, patterns: tuple[str, ...] = BUILT_IN_PATTERNS) -> NameParts | None:
    """What the name of a file says, by the first pattern that fits the whole name; None when none does.

    Where the built-in patterns leave open which number is the agent's, both `readings` are given.
    `path` is relative to the recordings' folder, with `/`.

    >>> parts = parse_file_name("8001_20261003091507_13800138000.wav")
    >>> parts.agent_no, parts.start.isoformat(), parts.customer_no
    ('8001', '2026-10-03T09:15:07', '13800138000')
    >>> parse_file_name("新建录音 (3).wav") is None
    True
    """
    pure = PurePosixPath(path)
    parts = (*pure.parts[:-1], pure.stem)
    for text in patterns:
        pattern = compile_pattern(text)
        match = pattern.expression.fullmatch("/".join(parts[-pattern.folders - 1 :]))
        if match is None:
            continue
        found = match.groupdict()
        start = _start(found, pattern.formats)
        if pattern.formats and start is None:
            continue  # digits that are no date: 20261350…
        said = NameParts(
            call_id=found.get("call_id"),
            agent_no=found.get("agent"),
            agent_name=found.get("agent_name"),
            team=found.get("team"),
            start=start,
            customer_no=found.get("customer"),
            direction=found.get("direction"),
            line=found.get("line"),
            system=found.get("system"),
        )
        # A pattern of one's own says which number stands where.
        return _unsure(said) if patterns == BUILT_IN_PATTERNS else said
    return None


def _unsure(said: NameParts) -> NameParts:
    """The parts without agent and customer, when each of the two numbers could be the other."""
    agent_no, customer_no = said.agent_no, said.customer_no
    if agent_no is None or customer_no is None or agent_no == customer_no:
        return said
    may_swap = re.fullmatch(_FIELDS["agent"], customer_no) and re.fullmatch(_FIELDS["customer"], agent_no)
    if not may_swap:
        return said
    swapped = replace(said, agent_no=customer_no, customer_no=agent_no)
    return replace(said, agent_no=None, customer_no=None, readings=(said, swapped))


def _start(found: dict[str, str | None], formats: tuple[str, ...]) -> datetime | None:
    if not formats or "%Y" not in "".join(formats):
        return None
    written = " ".join(found[f"start{i}"] or "" for i in range(len(formats)))
    try:
        start = datetime.strptime(written, " ".join(formats))
    except ValueError:
        return None
    return start if 2000 <= start.year < 2100 else None
