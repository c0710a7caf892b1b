"""Which terms of a glossary would put words of the script into a call, or take them out.

A pass or a fault must come from what was said, never from a correction. So a term may not hold what the
rubric listens for, nor sound like it; a correction may not change a phrase of the rubric; and a listed
mishearing may not make the rubric hear anything new.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel

from qa_audit.messages import say
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.checks import Banned, Parts
from qa_audit.scoring.rule_schema import Rule, Said
from qa_audit.scoring.said import Wording
from qa_audit.scoring.wording import compiled, find_all, overlapped
from qa_audit.store.toml_mistakes import Mistake
from qa_audit.text import find
from qa_audit.transcribe.glossary import Glossary, Term
from qa_audit.transcribe.glossary_file import read_glossary
from qa_audit.transcribe.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from qa_audit.scoring.rubric import Rubric

# Where these are heard a person decides, or they are only counted; so they make neither pass nor fault.
_WEIGHTLESS = frozenset(("doubtful", "weak_trigger"))
_HONORIFICS = "您你"


def read_checked_glossary(path: Path, rubric: Callable[[], Rubric]) -> Glossary:
    """Read a glossary and hold it against the rubric, which is asked for only when there are terms.

    Raises `QaError` as `read_glossary`; mistakes of both kinds come at once.
    """
    return read_glossary(path, lambda terms: scripted_terms(terms, rubric()) if terms else [])


def scripted_terms(terms: Sequence[Term], rubric: Rubric) -> list[Mistake]:
    """A mistake for every term and mishearing that would change what the rubric hears; at most one each."""
    listened = _listened(rubric)
    texts = list(dict.fromkeys(form for term in terms for form in (term.text, *term.misheard)))
    heard = [
        (
            one,
            [
                _heard(wording, texts, one.unless) if wording else {}
                for wording in (one.phrases, one.patterns)
            ],
        )
        for one in listened
    ]
    scripted = {text: honorific for honorific in _HONORIFICS for text in texts if honorific in text}
    for one, (phrases, patterns) in heard:
        scripted |= {**(patterns if one.banned else {}), **phrases, **scripted}
    broken = _broken(terms, listened)
    mistakes = []
    for term in terms:
        if phrase := scripted.get(term.text):
            mistakes.append(Mistake("glossary.scripted", term.line, term.text, {"phrase": phrase}))
        elif change := broken.get(term.text):
            values = {"phrase": change[0], "became": change[1]}
            mistakes.append(Mistake("glossary.breaks_script", term.line, term.text, values))
        else:
            for form in term.misheard:
                differs = [
                    kind.get(term.text) or kind[form]
                    for _, kinds in heard
                    for kind in kinds
                    if (term.text in kind) != (form in kind)
                ]
                differs += [one for one in _HONORIFICS if one in form]
                if differs:
                    shown = say("run.list_comma").join(dict.fromkeys(differs))
                    values = {"term": term.text, "differs": shown}
                    mistakes.append(Mistake("glossary.mishearing_scripted", term.line, form, values))
    return mistakes


class _Listened(NamedTuple):
    """A wording of the rubric, split into what a term is held against."""

    phrases: Wording
    """Its phrases and mishearings alone, homophones included."""
    patterns: Wording | None
    """Its patterns, where a correction could make a pass or a fault by them."""
    banned: bool
    unless: tuple[str, ...]
    """Exceptions of the whole check."""


@cache
def _listened(rubric: Rubric) -> tuple[_Listened, ...]:
    found = []
    for check in (*(item.check for item in rubric.items), *rubric.conditions, *rubric.situations):
        banned = isinstance(check, Banned)
        decisive = banned or isinstance(check, (Parts, Rule, Said))
        for wording in _wordings(check):
            phrases = wording.model_copy(
                update={"patterns": (), "tolerance": "pinyin", "unless": (), "folded": False}
            )
            with_patterns = wording.patterns and decisive
            patterns = wording.model_copy(update={"phrases": (), "misheard": ()}) if with_patterns else None
            unless = check.unless if isinstance(check, Banned) else ()
            found.append(_Listened(phrases, patterns, banned, (*wording.unless, *unless)))
    return tuple(found)


def _wordings(part: BaseModel) -> Iterator[Wording]:
    """All wordings below a part of the rubric, but for those that weigh nothing."""
    if isinstance(part, Said):
        phrases = tuple(one.text for one in part.phrases)
        yield Wording(phrases=phrases, patterns=part.patterns, unless=part.unless)
        return
    for name in type(part).model_fields:
        value = getattr(part, name)
        for one in value if isinstance(value, tuple) else (value,):
            if name in _WEIGHTLESS:
                continue
            if isinstance(one, Wording):
                yield one
            elif isinstance(one, BaseModel):
                yield from _wordings(one)


def _broken(terms: Sequence[Term], listened: Sequence[_Listened]) -> dict[str, tuple[str, str]]:
    """By term, a phrase of the rubric that it changes, and what that becomes."""
    found: dict[str, tuple[str, str]] = {}
    together = Glossary(tuple(terms))
    for phrase in dict.fromkeys(phrase for one in listened for phrase in one.phrases.phrases):
        if together.corrected(phrase) == phrase:
            continue
        for term in terms:  # several may, and the longest hides the others
            became = Glossary((term,)).corrected(phrase)
            if became != phrase:
                found.setdefault(term.text, (phrase, became))
    return found


def _heard(wording: Wording, texts: Sequence[str], unless: tuple[str, ...]) -> dict[str, str]:
    """By text, the words in which a wording is heard there, less what exceptions take back."""
    call = _as_call(tuple(texts))
    exceptions = compiled(unless) if unless else ()
    found: dict[str, str] = {}
    for match in find_all(wording, call, set(range(len(texts)))):
        if not overlapped(exceptions, call, match):
            quote = call.evidence(match).quote
            meant = (one for one in (*wording.phrases, *wording.misheard) if find(one, quote, "pinyin"))
            found.setdefault(texts[match.turn], next(meant, quote))
    return found


@lru_cache(maxsize=1)
def _as_call(texts: tuple[str, ...]) -> CallText:
    return CallText([Turn("agent", 0.0, 1.0, text, 1.0) for text in texts])
