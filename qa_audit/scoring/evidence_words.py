"""What a verdict rests on as people read it: what was said or not heard, measured, or told by a call list."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from qa_audit.messages import say

if TYPE_CHECKING:
    from qa_audit.messages import Language

_FACTS = ("direction", "internal", "ring_s", "hangup_by", "line", "team", "date", "time", "weekday")
_MEASURES = (
    *("duration_s", "ring_s", "rings", "turns", "syllables", "talk_s", "talk_share", "silence_share"),
    *("longest_pause_s", "pauses_s", "first_word_s", "last_silence_s", "loudness_db", "louder_than_other_db"),
)
"""Names of `rule_schema.Measure`, which this module doesn't import: it is slow to load."""
_VALUES = ("inbound", "outbound", "true", "false", "agent", "customer", "system")


def shown_quote(quote: str, tier: str, lang: Language | None = None) -> str:
    """Words of an evidence as people read them: what was said, measured, or not heard.

    >>> shown_quote("先生/女士/小姐", "absence", "zh")
    '没有听到：先生/女士/小姐'
    """
    if tier == "absence" and quote:
        return say("report.absent", lang, quote=quote)
    return measured_words(quote, tier, lang)


def measured_words(quote: str, tier: str, lang: Language | None = None) -> str:
    """What was measured, or what the call list says, in words; anything else as it is.

    >>> measured_words("+7.4 dB, +2.1 st", "measure", "zh")
    '比平时响 7.4 分贝，音调高 2.1 个半音'
    >>> measured_words("请稍候 (-3.6)", "acoustic", "zh")
    '请稍候（按声音核对，说过的可能是 3 %）'
    >>> measured_words("direction = outbound", "metadata", "zh")
    '呼叫方向：呼出'
    """
    for kind, pattern, told in _FORMS:
        if kind == tier and (found := pattern.fullmatch(quote)):
            return told(found, lang)
    return quote


def _asked(found: re.Match[str], lang: Language | None) -> str:
    chance = 1 / (1 + math.exp(-float(found[2])))
    return say("evidence.acoustic", lang, words=found[1], chance=f"{100 * chance:.0f}")


def _louder(found: re.Match[str], lang: Language | None) -> str:
    parts = [_apart("loud", found[1], lang), *([_apart("high", found[2], lang)] if found[2] else [])]
    return say("evidence.comma", lang).join(parts)


def _higher(found: re.Match[str], lang: Language | None) -> str:
    return _apart("high", found[1], lang)


def _seconds(found: re.Match[str], lang: Language | None) -> str:
    return say("evidence.seconds", lang, seconds=found[1])


def _rate(found: re.Match[str], lang: Language | None) -> str:
    return say("evidence.rate", lang, rate=found[1])


def _fact(found: re.Match[str], lang: Language | None) -> str:
    fact, value = found.groups()
    return say(
        "evidence.fact",
        lang,
        fact=say(f"evidence.fact_name.{fact}", lang) if fact in _FACTS else fact,
        value=say(f"evidence.fact_value.{value}", lang) if value in _VALUES else value,
    )


def _measured(found: re.Match[str], lang: Language | None) -> str:
    name, value = found.groups()
    if name not in _MEASURES:
        return found[0]
    number = float(value)
    return say(f"evidence.measured.{name}", lang, value=f"{number:.6g}", percent=f"{100 * number:.0f}")


def _apart(what: str, size: str, lang: Language | None) -> str:
    more = "more" if size.startswith("+") else "less"
    return say(f"evidence.{what}_{more}", lang, size=size[1:])


_FORMS = (
    ("acoustic", re.compile(r"(.+) \(([+-]\d+\.\d)\)"), _asked),
    ("measure", re.compile(r"([+-]\d+\.\d) dB(?:, ([+-]\d+\.\d) st)?"), _louder),
    ("measure", re.compile(r"([+-]\d+\.\d) st"), _higher),
    ("measure", re.compile(r"(\d[\d.]*) s"), _seconds),
    ("measure", re.compile(r"(\d[\d.]*) 字/秒"), _rate),
    ("measure", re.compile(r"(\w+) = (-?\d[\d.e+-]*)"), _measured),
    ("metadata", re.compile(r"(\d[\d.]*) s"), _seconds),
    ("metadata", re.compile(r"([^=]+) = (.+)"), _fact),
)
"""Tier and form of what findings hold (`scoring.conditions`), and how it is told."""
