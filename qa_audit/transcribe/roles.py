"""Who speaks on which channel, and which speech is a recorded announcement.

By words only: scripted phrases that agents say and customers do not, in tiers as everywhere (recognition
errors are the rule); never the rubric itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_audit.text import Hit, Searchable, find, searchable
from qa_audit.transcribe.assemble import Spoken
from qa_audit.transcribe.driver import Segment
from qa_audit.transcribe.settings import AgentChannel
from qa_audit.transcribe.turns import Role

# What agents say by their scripts; each counts once a channel, by how telling it is.
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

# Sentences of machines. Every one must be unlike what a live agent says of himself in a greeting.
ANNOUNCEMENTS: tuple[str, ...] = (
    "您的通话可能会被录音",
    "您的通话将被录音",
    "本次通话将被录音",
    "此次通话将会被录音",
    "为了保证服务质量您的通话",
    "为保证服务质量本次通话",
    "为提高服务质量",
    "通话可能会被录音",
    "通话将被录音",
    "正在为您转接",
    "正在转接请稍候",
    "坐席忙请稍后",
    "座席繁忙请您稍后",
    "话务员正忙",
    "您前面还有",
    "请不要挂机",
    "请不要挂断",
    "请按一",
    "请按二",
    "请按三",
    "请按零",
    "请按井号键",
    "请按星号键",
    "人工服务请按",
    "人工服务请拨",
    "返回上一级",
    "请对我的服务进行评价",
    "请对本次服务进行评价",
    "请您对本次服务评价",
    "您拨打的电话",
    "您拨叫的用户",
    "欢迎致电",
    "欢迎拨打",
    "号话务员为您服务",
    "号客服代表为您服务",
    "号坐席为您服务",
)


@dataclass(frozen=True, slots=True)
class Roles:
    """Which channel is the agent's, and how sure that is."""

    agent_channel: int | None
    """None when roles are unknown (one channel)."""
    confidence: float


def assign_roles(
    segments: Sequence[Segment], channels: int, setting: AgentChannel
) -> tuple[Roles, list[Spoken]]:
    """Give every segment its speaker's role; announcements are cut out of segments that hold more.

    One channel: `unknown`, confidence 0. Two: by the setting, or for `auto` guessed from scripted phrases,
    with a confidence from 0.5 (no idea, left assumed) to 1.
    """
    if channels == 1:
        roles = Roles(None, 0.0)
    elif setting == "auto":
        roles = guess_agent_channel(segments)
    else:
        roles = Roles(0 if setting == "left" else 1, 1.0)
    spoken: list[Spoken] = []
    for segment in segments:
        speaker: Role = "unknown"
        if roles.agent_channel is not None:
            speaker = "agent" if segment.channel == roles.agent_channel else "customer"
        spoken += [
            Spoken("system" if machine else speaker, part) for machine, part in split_announcements(segment)
        ]
    return roles, spoken


def guess_agent_channel(segments: Sequence[Segment]) -> Roles:
    """The channel on which more of an agent's script is heard.

    The confidence goes from 0.5 at equal points to 1 at `SURE_POINTS` difference.
    """
    points = [0.0, 0.0]
    for channel in (0, 1):
        text = searchable("\n".join(segment.raw_text for segment in segments if segment.channel == channel))
        points[channel] += sum(weight for phrase, weight in AGENT_PHRASES if find(phrase, text))
        points[channel] -= sum(weight for phrase, weight in CUSTOMER_PHRASES if find(phrase, text, "pinyin"))
    difference = points[0] - points[1]
    return Roles(0 if difference >= 0 else 1, round(0.5 + min(abs(difference) / SURE_POINTS, 1.0) / 2, 3))


def split_announcements(segment: Segment) -> list[tuple[bool, Segment]]:
    """Parts of a segment in order, each with whether a machine says it.

    A sentence with an announcement's words belongs to the machine from its beginning to its end; a
    machine's 工号播报 (工号8023为您服务) is told from a live greeting (您好，8023号为您服务) by the missing
    您好 before it.
    """
    raw = segment.raw_text
    marked = [False] * len(raw)
    ready = searchable(raw)
    for start, end in _machine_sentences(raw, ready):
        marked[start:end] = [True] * (end - start)
    parts: list[tuple[bool, Segment]] = []
    at = first = 0
    kinds = []
    for piece in segment.pieces:
        kinds.append(any(marked[at : at + len(piece.text)]))
        at += len(piece.text)
    for place in range(1, len(kinds) + 1):
        if place == len(kinds) or kinds[place] != kinds[first]:
            parts.append((kinds[first], _part(segment, first, place)))
            first = place
    return parts


def _machine_sentences(raw: str, ready: Searchable) -> list[tuple[int, int]]:
    hits: list[Hit] = [
        hit
        for phrase in ANNOUNCEMENTS
        for hit in find(phrase, ready, "pinyin" if len(phrase) < 6 else "near")
    ]
    spans = [_sentence(raw, hit.start, hit.end) for hit in hits]
    for hit in find("为您服务", ready):
        start, end = _sentence(raw, hit.start, hit.end)
        before = raw[start : hit.start]
        if (
            find("工号", before, "pinyin")
            and not find("您好", raw[: hit.start], "pinyin")
            and not find("我是", before)
        ):
            spans.append((start, end))
    return spans


_SENTENCE_ENDS = "。！？!?；;"


def _sentence(raw: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a hit; commas do not end it."""
    while start and raw[start - 1] not in _SENTENCE_ENDS:
        start -= 1
    while end < len(raw) and raw[end - 1] not in _SENTENCE_ENDS:
        end += 1
    return start, end


def _part(segment: Segment, first: int, last: int) -> Segment:
    """Pieces `first` to `last` (not included) of a segment, its outer times kept."""
    pieces = segment.pieces[first:last]
    start_s = segment.start_s if first == 0 else pieces[0].start_s
    end_s = segment.end_s if last == len(segment.pieces) else pieces[-1].end_s
    return Segment(segment.channel, start_s, max(end_s, start_s), pieces)
