"""`glossary.txt`: a term a line, read with every mistake at once.

    云岭宽带
    畅享融合套餐：长享融合套餐，唱响融合套餐
    # what follows a hash mark is for people

A second column, after a tab or a colon, lists what else recognisers write for the term.
"""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

from qa_audit.messages import QaError
from qa_audit.store.toml_file import read_bytes
from qa_audit.store.toml_mistakes import Mistake, Mistakes
from qa_audit.text import readings
from qa_audit.transcribe.glossary import Glossary, Term, as_written, may_sound_alike, sound_alike

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

GLOSSARY_FILE = "glossary.txt"
MIN_CHARACTERS, MAX_CHARACTERS = 2, 20
_LINE = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"[#＃].*")
_COLUMN = re.compile(r"[\t:：]")
_LISTED = re.compile(r"[,，、;；\t]")
_JOINTS = "·-.+&"


def glossary_template() -> str:
    """The file that `init` writes: explanations and examples, all of them comments."""
    return resources.files("qa_audit.transcribe").joinpath("glossary_template.txt").read_text("utf-8")


def read_glossary(
    path: Path, crossed: Callable[[Sequence[Term]], Iterable[Mistake]] = lambda _terms: ()
) -> Glossary:
    """Read a glossary in UTF-8 or GBK; `crossed` finds what only others can know to be wrong with the terms.

    Raises `QaError`: `toml.unreadable`, `glossary.encoding`, and `glossary.invalid` with every mistake.
    """
    return parse_glossary(read_bytes(path), str(path), crossed)


def parse_glossary(
    content: bytes,
    path: str,
    crossed: Callable[[Sequence[Term]], Iterable[Mistake]] = lambda _terms: (),
) -> Glossary:
    """As `read_glossary`, from the bytes of a file; `path` is only shown.

    >>> parse_glossary("云岭宽带：云林宽带\\n".encode("gbk"), "glossary.txt").corrected("云林宽带")
    '云岭宽带'
    """
    terms: list[Term] = []
    mistakes: list[Mistake] = []
    for number, line in enumerate(_LINE.split(_decoded(content, path)), 1):
        if bare := _COMMENT.sub("", line).strip(" \u3000"):
            term = _term(bare, number)
            found = _wrong_with(term)
            mistakes += found
            if not found:
                terms.append(term)
    mistakes += _between(terms)
    mistakes += crossed(terms)
    if mistakes:
        mistakes.sort(key=lambda mistake: mistake.line)
        raise QaError("glossary.invalid", path=path, count=len(mistakes), mistakes=Mistakes(mistakes))
    return Glossary(tuple(terms))


def _decoded(content: bytes, path: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as fault:
            line = content[: fault.start].count(b"\n") + 1
    raise QaError("glossary.encoding", path=path, line=line)


def _term(line: str, number: int) -> Term:
    text, _, rest = _COLUMN.sub("\n", line, count=1).partition("\n")
    misheard = tuple(dict.fromkeys(filter(None, map(as_written, _LISTED.split(rest)))))
    return Term(as_written(text), misheard, number)


def _wrong_with(term: Term) -> list[Mistake]:
    """What is wrong with one line, looked at alone."""
    if not term.text:
        return [Mistake("glossary.empty_term", term.line, "", {"misheard": "、".join(term.misheard)})]
    found = []
    for form in (term.text, *term.misheard):
        if not MIN_CHARACTERS <= len(form) <= MAX_CHARACTERS:
            allowed = {"got": len(form), "least": MIN_CHARACTERS, "most": MAX_CHARACTERS}
            found.append(Mistake("glossary.length", term.line, form, allowed))
        odd = "".join(dict.fromkeys(one for one in form if not (one.isalnum() or one in _JOINTS)))
        if odd:
            found.append(Mistake("glossary.characters", term.line, form, {"got": odd, "joints": _JOINTS}))
    if not any(map(readings, term.text)) and not term.misheard:
        found.append(Mistake("glossary.no_sound", term.line, term.text, {}))
    if term.text in term.misheard:
        found.append(Mistake("glossary.mishears_itself", term.line, term.text, {}))
    return found


def _between(terms: Sequence[Term]) -> list[Mistake]:
    """What is wrong with two lines together."""
    found = []
    first: dict[str, Term] = {}
    for term in terms:
        other = first.setdefault(term.text, term)
        if other is not term:
            found.append(Mistake("glossary.double_term", term.line, term.text, {"other_line": other.line}))
    for term, other in may_sound_alike(first.values()):
        if sound_alike(term, other):
            where = {"other": other.text, "other_line": other.line}
            found.append(Mistake("glossary.same_sound", term.line, term.text, where))
    listed: dict[str, Term] = {}
    plain = Glossary(tuple(Term(one.text) for one in first.values()))
    for term in first.values():
        for form in term.misheard:
            meant = {listed.setdefault(form, term).text, plain.corrected(form)} & first.keys() - {term.text}
            found += [
                Mistake(
                    "glossary.mishearing_taken",
                    term.line,
                    form,
                    {"term": term.text, "other": other, "other_line": first[other].line},
                )
                for other in sorted(meant)
            ]
    return found
