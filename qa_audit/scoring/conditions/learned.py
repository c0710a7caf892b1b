"""What the detectors learned from sentences say of a call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.judgement import surely_heard
from qa_audit.scoring.conditions.likely import sentences_doing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from qa_audit.scoring.call_text import CallText, Said
    from qa_audit.scoring.conditions.judgement import Case
    from qa_audit.scoring.learned.model import SentenceDetector
    from qa_audit.scoring.verdicts import Evidence

MOST = 3
"""Sentences shown as evidence."""
COURTESIES = "further", "thanks"
"""What no fault does. By the detector of acts one of 524 doubtful sentences of the sets of faults asks
whether anything else is wanted, or thanks for the call; of 321 in clean calls 39 do."""
THANKED = "谢", "麻烦", "辛苦"
"""What a customer says before an agent who waves thanks aside."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Sentences of a call that a detector calls a fault, and those that it is not certain of."""

    item: str
    detector: SentenceDetector | None
    faults: tuple[Said, ...] = ()
    unclear: tuple[Said, ...] = ()

    def doubting(self, matches: Collection[Match]) -> Learned:
        """The same, but sentences with words that only sound like a banned phrase are a person's."""
        doubted = {said for said in self.faults for match in matches if said.start <= match.start < said.end}
        if not doubted:
            return self
        faults = tuple(said for said in self.faults if said not in doubted)
        unclear = tuple(sorted((*self.unclear, *doubted), key=lambda said: said.start))
        return replace(self, faults=faults, unclear=unclear)

    def evidence(
        self, call: CallText, sentences: Sequence[Said], *, besides: Collection[int] = ()
    ) -> Iterator[Evidence]:
        """Each sentence, and after it the words in it that weighed most; of turns not shown already."""
        shown = [said for said in sentences if said.turn not in besides][:MOST]
        for said in shown:
            yield call.evidence(Match(*said, "similar"))
            assert self.detector is not None
            for words in self.detector.why(call.text[said.start : said.end], self.item)[:1]:
                place = said.start
                if words.end - words.start < said.end - said.start:
                    yield call.evidence(Match(said.turn, place + words.start, place + words.end, "similar"))


NOTHING_LEARNED = Learned("", None)


def learned(item: str, case: Case) -> Learned:
    """What the detector says of an item; a fault only where the agent surely speaks and was heard well."""
    call, detector, answers = case.call, case.detector, case.answers
    if detector is None or answers is None or item not in detector.items or not len(answers):
        return NOTHING_LEARNED
    column = answers[:, detector.items.index(item)].tolist()
    if max(column) < 0:
        return NOTHING_LEARNED
    faults, unclear = [], []
    courteous: Collection[int] | None = None
    for place, answer in enumerate(column):
        if answer < 0:
            continue
        said = call.maybe_agent_sentences[place]
        if answer == 0:
            courteous = _courtesies(case) if courteous is None else courteous
            if said.start in courteous:
                continue
        (faults if answer > 0 and surely_heard(said.turn, case) else unclear).append(said)
    return Learned(item, detector, tuple(faults), tuple(unclear))


def unsuspected(item: str, case: Case) -> Collection[int]:
    """Numbers of the sentences in which the detector does not even suspect a fault of an item."""
    detector, answers = case.detector, case.answers
    if detector is None or answers is None or item not in detector.items or not len(answers):
        return []
    return set((answers[:, detector.items.index(item)] < -1).nonzero()[0].tolist())


def _courtesies(case: Case) -> Collection[int]:
    """Where sentences begin that surely are one of the courtesies, or an answer to thanks."""
    call = case.call
    found = {match.start for act in COURTESIES for match, sure in sentences_doing(act, case) if sure}
    for match, sure in sentences_doing("welcome", case):
        before = [turn for turn in call.speech if turn < match.turn][-1:]
        if sure and any(one in call.lines[turn] for turn in before for one in THANKED):
            found.add(match.start)
    return found
