"""Who speaks: on which channel, or when on a single one; and which speech is a recorded announcement.

Channels and announcements by words only: scripted phrases that agents say and customers do not, in tiers as
everywhere (recognition errors are the rule); never the rubric itself. One channel by voice and words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa_audit.text import TIERS, Hit, MatchTier, Searchable, find, searchable
from qa_audit.transcribe.assemble import Spoken
from qa_audit.transcribe.driver import Segment
from qa_audit.transcribe.settings import AgentChannel
from qa_audit.transcribe.speakers import Speakers, split_by_speaker, tell_apart
from qa_audit.transcribe.voices import VoiceWindow

# What agents say by their scripts; each counts once a channel, by how telling it is. Where phrases alike are
# found in the same words the one that fits best counts.
AGENT_PHRASES: tuple[tuple[str, float], ...] = (
    ("为您服务", 3.0),
    ("请问有什么可以帮您", 3.0),
    ("请问有什么可以帮到您", 3.0),
    ("感谢您的来电", 3.0),
    ("谢谢您的来电", 3.0),
    ("请问还有什么可以帮您", 2.0),
    ("还有其他问题吗", 2.0),
    ("我是客服代表", 2.0),
    ("请问您贵姓", 2.0),
    ("请您稍等", 1.5),
    ("让您久等了", 2.0),
    ("帮您查询", 1.5),
    ("帮您核实", 1.5),
    ("给您带来不便", 2.0),
    ("祝您生活愉快", 2.0),
    ("请您确认", 1.0),
)
CUSTOMER_PHRASES: tuple[tuple[str, float], ...] = (
    ("我想问一下", 2.0),
    ("我想咨询", 2.0),
    ("我要投诉", 2.0),
    ("帮我查一下", 2.0),
    ("我的手机", 1.0),
    ("我家的", 1.0),
    ("你们公司", 1.5),
    ("怎么回事", 1.0),
)
# Difference of the two channels' points at which the choice is as good as sure.
SURE_POINTS = 6.0
ASSUMED = 0.5
"""How sure roles by channel are that nothing bears out, or that something speaks against."""

# Two channels, speech on one: one party alone, or both in it. Of 46 calls, one party alone (the agent, the
# customer, the agent's first three lines; words as they are written) has 6 or more in 20 of 138, and never
# the confidence; both parties of 44 in one channel always have 6, and the confidence in 29 (in 9 up to the
# agent's fourth line). A silent customer is so much more frequent than a wrongly wired recorder that between
# the limits the channel stands, unsure.
LONE_SPEAKER = 6.0
SHARED_CONFIDENCE = 0.99
# Phrases of both sides on the channel, of so many points each: none of those halves has them.
BOTH_POINTS = 2.0

# One channel. Spoken calls: all of 223 have a larger advantage, of 120 that have only one side a sixth.
ONE_SPEAKER = 7.0
# Logistic regression of "two speak, and at least 85 % of the time has the right role" over these calls, their
# writers not learned from. Left out by set and writer: of the 174 calls above 0.9, 98 % are right, of 19 from
# 0.75 on 74 %; of the 120 with one side one is above 0.75.
_SURE_FROM, _SURE_ADVANTAGE, _SURE_SEPARATION = -14.32, 4.86, 0.91
# Points by which all words must lean to one side for one speaker to be as sure as it gets. A customer who
# says little that tells, in a voice like the agent's, looks the same: such a call is not scored by role.
_SURE_LEANS, _MOST_OF_ONE = 8.0, 0.7
MIN_CONFIDENCE = 0.5
"""Below this roles on one channel stay `unknown`. What the rubric scores by role is its own, higher limit."""

# Words of machines: what no live agent says of himself.
ANNOUNCEMENTS: tuple[str, ...] = (
    "您的通话可能会被录音",
    "您的通话将被录音",
    "通话可能会被录音",
    "通话将会被录音",
    "通话将被录音",
    "为了保证服务质量您的通话",
    "为保证服务质量本次通话",
    "坐席忙请稍后",
    "座席繁忙请您稍后",
    "话务员正忙",
    "您前面还有",
    "请不要挂机",
    "请不要挂断",
    "正在转接请稍候",
    "服务请按",
    "请按一",
    "请按二",
    "请按三",
    "请按零",
    "请按井号键",
    "请按星号键",
    "返回上一级",
    "请对我的服务进行评价",
    "请对本次服务进行评价",
    "请您对本次服务评价",
    "您拨打的电话",
    "您拨叫的用户",
)
# Said by machines and by agents; a machine's when nothing in the sentence is an agent's own.
WELCOMES: tuple[str, ...] = ("欢迎致电", "欢迎拨打", "正在为您转接")
_OWN_WORDS: tuple[str, ...] = ("请问", "我是", "为您服务")


@dataclass(frozen=True, slots=True)
class Roles:
    """Which channel is the agent's, and how sure the roles are."""

    agent_channel: int | None
    """None when both speak on one channel."""
    confidence: float
    """0 to 1; 0 where roles are unknown."""
    note: str | None = None
    """Key of the message that says what is odd about them; it names the recording and the channel."""
    odd_channel: int = 0
    """The channel of the note."""


def assign_roles(
    segments: Sequence[Segment],
    channels: int,
    setting: AgentChannel,
    windows: Sequence[VoiceWindow] = (),
) -> tuple[Roles, list[Spoken]]:
    """Give every segment its speaker's role; segments that hold more than one are split.

    Two channels: by the setting, or for `auto` guessed from scripted phrases, with a confidence from 0.5 (no
    idea, left assumed) to 1; a setting that the words clearly contradict stands, with `ASSUMED`. One channel:
    by voice (`windows`) and words, `unknown` where that is too unsure; so also where all speech is on one of
    two channels and surely two speak there.
    """
    parts = list(_announcements_apart(segments))
    live = [part for machine, part in parts if not machine]
    if channels == 1:
        return _roles_on_one_channel(parts, tell_apart(windows, live))
    roles = guess_agent_channel(live)
    if setting != "auto":
        roles = _by_setting(0 if setting == "left" else 1, roles)
    heard = {segment.channel for segment in segments}
    if windows and len(heard) == 1:
        speakers = tell_apart(windows, live)
        if not is_one_speaker(speakers) and confidence_of(speakers) >= SHARED_CONFIDENCE:
            shared, spoken = _roles_on_one_channel(parts, speakers)
            return replace(shared, note="audio.shared_channel", odd_channel=heard.pop()), spoken
        if speakers.advantage >= LONE_SPEAKER or _words_of_both(live):
            confidence = min(roles.confidence, ASSUMED)
            roles = replace(
                roles, confidence=confidence, note="audio.maybe_shared_channel", odd_channel=heard.pop()
            )
    return roles, [
        Spoken("system" if machine else "agent" if part.channel == roles.agent_channel else "customer", part)
        for machine, part in parts
    ]


def _by_setting(agent_channel: int, by_words: Roles) -> Roles:
    if by_words.agent_channel != agent_channel and by_words.confidence == 1.0:
        return Roles(agent_channel, ASSUMED, "audio.swapped_channels", 1 - agent_channel)
    return Roles(agent_channel, 1.0)


def _words_of_both(live: Sequence[Segment]) -> bool:
    text = searchable("\n".join(segment.raw_text for segment in live))
    return min(_points(AGENT_PHRASES, text), _points(CUSTOMER_PHRASES, text, "pinyin")) >= BOTH_POINTS


def _announcements_apart(segments: Sequence[Segment]) -> Iterator[tuple[bool, Segment]]:
    """Parts of the segments, each with whether a machine says it."""
    greeted: set[int] = set()
    for place, segment in enumerate(segments):
        following = (one for one in segments[place + 1 :] if one.channel == segment.channel)
        after = next(following, None)
        parts = split_announcements(
            segment, after.raw_text if after else None, greeted=segment.channel in greeted
        )
        live = "".join(part.raw_text for machine, part in parts if not machine)
        if find("您好", searchable(live), "pinyin"):
            greeted.add(segment.channel)
        yield from parts


def _roles_on_one_channel(
    parts: Sequence[tuple[bool, Segment]], speakers: Speakers
) -> tuple[Roles, list[Spoken]]:
    confidence = confidence_of(speakers)
    if confidence < MIN_CONFIDENCE:
        return Roles(None, 0.0), [Spoken("system" if machine else "unknown", part) for machine, part in parts]
    spoken: list[Spoken] = []
    for machine, part in parts:
        if machine:
            spoken.append(Spoken("system", part))
        elif is_one_speaker(speakers):
            spoken.append(Spoken("agent" if speakers.leans > 0 else "customer", part))
        else:
            spoken += [
                Spoken("agent" if agent else "customer", piece)
                for agent, piece in split_by_speaker(part, speakers)
            ]
    return Roles(None, confidence), spoken


def is_one_speaker(speakers: Speakers) -> bool:
    """Did only one person speak (a customer who is silent, a message left on a machine)?"""
    return speakers.advantage < ONE_SPEAKER


def confidence_of(speakers: Speakers) -> float:
    """How likely the roles of a call on one channel are right, 0 to 1 (of three digits)."""
    if is_one_speaker(speakers):
        return round(min(abs(speakers.leans) / _SURE_LEANS, _MOST_OF_ONE), 3)
    odds = (
        _SURE_FROM
        + _SURE_ADVANTAGE * math.log1p(max(speakers.advantage, 0.0))
        + _SURE_SEPARATION * math.log1p(speakers.separation)
    )
    return round(1 / (1 + math.exp(-odds)), 3)


def guess_agent_channel(segments: Sequence[Segment]) -> Roles:
    """The channel on which more of an agent's script is heard; `segments` hold no announcements.

    The confidence goes from 0.5 at equal points to 1 at `SURE_POINTS` difference.
    """
    points = [0.0, 0.0]
    for channel in (0, 1):
        text = searchable("\n".join(segment.raw_text for segment in segments if segment.channel == channel))
        points[channel] += _points(AGENT_PHRASES, text)
        points[channel] -= _points(CUSTOMER_PHRASES, text, "pinyin")
    difference = points[0] - points[1]
    return Roles(0 if difference >= 0 else 1, round(0.5 + min(abs(difference) / SURE_POINTS, 1.0) / 2, 3))


def _points(phrases: Iterable[tuple[str, float]], text: Searchable, tolerance: MatchTier = "near") -> float:
    """Points of the phrases that are found, each once; no words count for two."""
    hits = [(hit, weight) for phrase, weight in phrases for hit in find(phrase, text, tolerance)]
    hits.sort(key=lambda one: (TIERS.index(one[0].tier), -one[1]))
    taken: list[Hit] = []
    counted: dict[str, float] = {}
    for hit, weight in hits:
        if all(hit.end <= other.start or hit.start >= other.end for other in taken):
            taken.append(hit)
            counted[hit.phrase] = weight
    return sum(counted.values())


def split_announcements(
    segment: Segment, after: str | None = None, *, greeted: bool = False
) -> list[tuple[bool, Segment]]:
    """Parts of a segment in order, each with whether a machine says it.

    `after` is what the channel says next; `greeted` says that a person's 您好 was heard on it before, after
    which no machine tells its number. A machine's 工号播报 (工号8023为您服务) is told from a live
    greeting: it has no 您好 of its own, and the agent's 您好 follows it, or it stands right behind another
    announcement. In doubt it is the agent's.
    """
    raw = segment.raw_text
    machine = [False] * len(raw)
    spans = _sentences(raw)
    previous = False
    for place, (start, end) in enumerate(spans):
        following = raw[slice(*spans[place + 1])] if place + 1 < len(spans) else after
        previous = _is_machine(raw[start:end], following, previous=previous, greeted=greeted)
        greeted = greeted or (not previous and bool(find("您好", searchable(raw[start:end]), "pinyin")))
        machine[start:end] = [previous] * (end - start)
    parts: list[tuple[bool, Segment]] = []
    kinds: list[bool] = []
    at = 0
    for piece in segment.pieces:
        kinds.append(machine[at] if at < len(machine) else previous)
        at += len(piece.text)
    first = 0
    for place in range(1, len(kinds) + 1):
        if place == len(kinds) or kinds[place] != kinds[first]:
            parts.append((kinds[first], _part(segment, first, place)))
            first = place
    return parts


def _is_machine(sentence: str, following: str | None, *, previous: bool, greeted: bool) -> bool:
    ready = searchable(sentence)
    if any(find(phrase, ready, "near" if len(phrase) > 5 else "pinyin") for phrase in ANNOUNCEMENTS):
        return True
    greets = bool(find("您好", ready, "pinyin"))
    own = any(find(phrase, ready, "pinyin") for phrase in _OWN_WORDS[:2])
    serves = bool(find("为您服务", ready))
    if any(find(phrase, ready, "pinyin") for phrase in WELCOMES):
        return not own and not serves
    if not serves or greets or own or greeted:
        return False
    numbered = bool(find("工号", ready, "pinyin")) or "号" in sentence
    greeting_follows = following is None or bool(find("您好", following[:4], "pinyin"))
    return numbered and (previous or greeting_follows)


def _sentences(raw: str) -> list[tuple[int, int]]:
    """Spans of sentences; a 您好 after a sign begins a new one, whatever sign the model wrote."""
    starts = [0]
    for place in range(1, len(raw)):
        greeting = raw[place : place + 2] in ("您好", "你好") and raw[place - 1] in _SIGNS
        if raw[place - 1] in _SENTENCE_ENDS or greeting:
            starts.append(place)
    return [span for span in zip(starts, [*starts[1:], len(raw)], strict=True) if span[0] < span[1]]


_SENTENCE_ENDS = "。！？!?；;"
_SIGNS = _SENTENCE_ENDS + "，,、 "


def _part(segment: Segment, first: int, last: int) -> Segment:
    """Pieces `first` to `last` (not included) of a segment, its outer times kept."""
    pieces = segment.pieces[first:last]
    start_s = segment.start_s if first == 0 else pieces[0].start_s
    end_s = segment.end_s if last == len(segment.pieces) else pieces[-1].end_s
    return Segment(segment.channel, start_s, max(end_s, start_s), pieces)
