"""Asking the audio whether a phrase was said: the turn's text with the phrase in it, against the text itself.

A phrase is put in the place of the words that sound most like it, and at either end of the turn, for speech
is left out as well as misheard. Each such text is scored over the turn's sound (teacher-forced). The
likeliest is compared with the text as it was decoded, and with the same text with other words in the place of
those syllables that differ: what any wrong words cost there says how much the sound can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.text.nearest import nearest
from qa_audit.text.normalise import normalise
from qa_audit.text.phrases import fold_honorific
from qa_audit.text.pinyin import syllables
from qa_audit.transcribe.audio import SAMPLE_RATE_HZ, open_recording, read_blocks
from qa_audit.transcribe.questions import Answer, Question
from qa_audit.transcribe.recording import without_offset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qa_audit.transcribe.engine import Engine
    from qa_audit.transcribe.settings import RawFormat
    from qa_audit.transcribe.turns import Transcript, Turn

    Samples = NDArray[np.float32]

PLACES = 2
"""Stretches of a turn in whose place a phrase is tried."""
TRIED = 6
"""Places and phrases of a question that are scored, nearest by sound first; ends of turns come besides."""
AT_ENDS = 2
"""Phrases tried at the ends of a turn."""
PAD_S, TAIL_S = 0.3, 0.5
"""Sound kept around a turn, and silence after it, so that the model sees its end."""
EXCERPT_S = 14.0
"""Of a longer turn only the surroundings of the place are heard, so much of it."""
OTHERS = (
    "我们这边已经登记好了",
    "明天上午师傅会去看看",
    "这个费用是一共八十元",
    "系统里面显示已经发货",
    "周末下午也可以办理的",
)
"""What else might be said: their beginnings stand where a phrase is asked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A phrase put into a turn."""

    turn: int
    phrase: str
    start: int
    """Half-open span of the turn's text that it replaces; empty at an end."""
    end: int
    distance: float


def answer_questions(
    path: str | Path,
    transcript: Transcript,
    questions: Sequence[Question],
    engine: Engine,
    raw: RawFormat | None = None,
) -> list[Answer]:
    """Answers about one recording, in the order of the questions; one that nothing can be heard of has none.

    `transcript` is the recording's own. Raises `QaError` `audio.…` when it cannot be read.
    """
    wanted = sorted({turn for one in questions for turn in one.turns})
    sounds = turn_sounds(path, transcript, wanted, raw)
    found = (_answer(one, transcript.turns, sounds, engine) for one in questions)
    return [answer for answer in found if answer is not None]


def turn_sounds(
    path: str | Path, transcript: Transcript, turns: Iterable[int], raw: RawFormat | None = None
) -> dict[int, Samples]:
    """Sound of these turns, each on its channel (mono, 16 kHz), padded by `PAD_S`."""
    recording = open_recording(path, raw)
    spans: dict[int, tuple[int, int, int]] = {}
    for number in turns:
        turn = transcript.turns[number]
        if turn.channel < recording.channels:
            first, last = max(0.0, turn.start_s - PAD_S), turn.end_s + PAD_S
            spans[number] = turn.channel, round(first * SAMPLE_RATE_HZ), round(last * SAMPLE_RATE_HZ)
    pieces: dict[int, list[Samples]] = {number: [] for number in spans}
    at = 0
    for block in without_offset(read_blocks(recording)):
        for number, (channel, first, last) in spans.items():
            piece = block[channel, max(0, first - at) : max(0, last - at)]
            if piece.size:
                pieces[number].append(piece.copy())
        at += block.shape[1]
    return {number: np.concatenate(own) for number, own in pieces.items() if own}


def places_of(question: Question, turns: Sequence[Turn]) -> list[Place]:
    """Where the phrases of a question are tried: nearest by sound first, then at the ends of turns."""
    near: list[Place] = []
    ends: list[Place] = []
    for number in question.turns:
        normalised = normalise(turns[number].text)
        if not normalised.text:  # only a sigh was understood
            end = len(turns[number].text)
            ends += [Place(number, phrase, 0, end, 1.0) for phrase in question.phrases[:AT_ENDS]]
            continue
        best: list[tuple[float, str]] = []
        for phrase in question.phrases:
            stretches = nearest(normalise(phrase).text, normalised.text, PLACES)
            for one in stretches:
                start, end = normalised.span(one.start, one.end)
                near.append(Place(number, phrase, start, end, one.distance))
            best.append((stretches[0].distance, phrase))
        first, last = normalised.span(0, len(normalised.text))
        for _, phrase in sorted(best)[:AT_ENDS]:
            ends += [Place(number, phrase, first, first, 1.0), Place(number, phrase, last, last, 1.0)]
    near.sort(key=lambda one: (one.distance, -len(one.phrase)))
    return [*near[:TRIED], *ends[: 2 * AT_ENDS]]


def with_phrase(text: str, place: Place, phrase: str) -> str:
    """The text with a phrase in a place; added ones are set off by a comma.

    >>> with_phrase("好的，在建。", Place(0, "", 3, 5, 0.0), "再见")
    '好的，再见。'
    >>> with_phrase("好的。", Place(0, "", 2, 2, 1.0), "再见")
    '好的，再见。'
    """
    before, after = text[: place.start], text[place.end :]
    if place.start == place.end:
        return f"{before}，{phrase}{after}" if before else f"{phrase}，{after}"
    return f"{before}{phrase}{after}"


def _answer(
    question: Question, turns: Sequence[Turn], sounds: Mapping[int, Samples], engine: Engine
) -> Answer | None:
    places = [one for one in places_of(question, turns) if one.turn in sounds]
    best: tuple[float, float, Place, _Excerpt] | None = None
    for excerpt in _excerpts(places, turns, sounds):
        as_it_is, *scores = excerpt.fit(engine, [(None, ""), *((one, one.phrase) for one in excerpt.places)])
        for one, score in zip(excerpt.places, scores, strict=True):
            if np.isfinite(score - as_it_is) and (best is None or score - as_it_is > best[0] - best[1]):
                best = score, as_it_is, one, excerpt
    if best is None:
        return None
    score, as_it_is, place, excerpt = best
    gain = score - as_it_is
    turn = turns[place.turn]
    heard = turn.text[place.start : place.end]
    before, differing, after = apart(place.phrase, heard)
    tried = [(place, f"{before}{other}{after}") for other in others(differing)]
    lead = score - max(excerpt.fit(engine, tried))
    per_character = (turn.end_s - turn.start_s) / max(len(turn.text), 1)
    return Answer(
        question.id,
        place.turn,
        place.phrase,
        heard,
        round(turn.start_s + place.start * per_character, 3),
        round(turn.start_s + place.end * per_character, 3),
        len(before) + len(differing) + len(after),
        round(place.distance, 4),
        round(float(gain), 4),
        round(float(lead), 4),
    )


def apart(phrase: str, heard: str) -> tuple[str, str, str]:
    """A phrase in three: how it begins and ends like what was heard, by sound, and between them what differs.

    Where nothing differs by sound, all of it counts as differing.

    >>> apart("感谢您的耐心等待", "感谢您的来订，再"), apart("再见", "在建")
    (('感谢您的', '耐心等待', ''), ('', '再见', ''))
    """
    phrase = normalise(phrase).text
    wanted, said = syllables(fold_honorific(phrase)), syllables(fold_honorific(normalise(heard).text))
    most = min(len(wanted), len(said))
    first = next((place for place in range(most) if wanted[place] != said[place]), most)
    last = next(
        (place for place in range(most - first) if wanted[-1 - place] != said[-1 - place]), most - first
    )
    if first + last >= len(phrase):
        return "", phrase, ""
    end = len(phrase) - last
    return phrase[:first], phrase[first:end], phrase[end:]


def others(phrase: str) -> list[str]:
    """Other words of the same length, none of which sounds like the phrase.

    >>> others("再见")[0]
    '我们'
    """
    size = len(normalise(phrase).text)
    found = [(one * (1 + size // len(one)))[:size] for one in OTHERS]
    return [one for one in found if nearest(phrase, one, 1)[0].distance > 0.5] or found


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """A stretch of a turn, its sound, and what is tried in it."""

    text: str
    """Of the whole turn."""
    first: int
    last: int
    """Half-open span of the text that is heard."""
    samples: Samples
    places: tuple[Place, ...]

    def fit(self, engine: Engine, tried: Sequence[tuple[Place | None, str]]) -> list[float]:
        """Log-likelihoods of the text with each phrase in its place; as it is where there is none."""
        text = self.text[self.first : self.last]
        texts = []
        for place, phrase in tried:
            if place is None:
                texts.append(text)
            else:
                moved = Place(place.turn, phrase, place.start - self.first, place.end - self.first, 0.0)
                texts.append(with_phrase(text, moved, phrase))
        return engine.fit(np.pad(self.samples, (0, round(TAIL_S * SAMPLE_RATE_HZ))), texts)


def _excerpts(
    places: Sequence[Place], turns: Sequence[Turn], sounds: Mapping[int, Samples]
) -> list[_Excerpt]:
    """The places by what is heard together: a whole turn, or in a long one the surroundings of each."""
    groups: dict[tuple[int, int, int], list[Place]] = {}
    for one in places:
        turn = turns[one.turn]
        first, last = 0, len(turn.text)
        if turn.end_s - turn.start_s > EXCERPT_S:
            half = round(EXCERPT_S / 2 * len(turn.text) / (turn.end_s - turn.start_s))
            first, last = max(0, one.start - half), min(len(turn.text), one.end + half)
        groups.setdefault((one.turn, first, last), []).append(one)
    found = []
    for (number, first, last), own in groups.items():
        turn, samples = turns[number], sounds[number]
        if (first, last) != (0, len(turn.text)):
            each = (turn.end_s - turn.start_s) / len(turn.text)
            start_s = first * each + (PAD_S if first else 0.0)
            end_s = last * each + (PAD_S if last < len(turn.text) else 2 * PAD_S)
            samples = samples[round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)]
        found.append(_Excerpt(turn.text, first, last, samples, tuple(own)))
    return found
