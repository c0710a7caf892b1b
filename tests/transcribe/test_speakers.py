"""Two voices made by script, with words where they are said; the true roles are written beside."""

import numpy as np
import pytest

from benchmarks.sounds.music import hold_music
from qa_audit.transcribe.driver import Segment
from qa_audit.transcribe.engine import Piece
from qa_audit.transcribe.roles import ONE_SPEAKER
from qa_audit.transcribe.speakers import split_by_speaker, tell_apart
from qa_audit.transcribe.voices import windows_of
from tests.transcribe import made_voices

AGENT, CUSTOMER = made_voices.woman, made_voices.man
# (speaker, text); a second for four characters, and half a second of pause between lines.
CALL = (
    (AGENT, "您好，青禾商城客服中心，请问有什么可以帮您？"),
    (CUSTOMER, "上周下单的电饭锅到今天都没有收到。"),
    (AGENT, "订单后面的四位数字是多少呢？"),
    (CUSTOMER, "六六零九，一个红色的锅。"),
    (AGENT, "已经发货了，明天下午会到。"),
    (CUSTOMER, "明天下午家里没有人，晚上行吗？"),
    (AGENT, "晚上也送的，祝您生活愉快，再见。"),
)


def pieces(text, start_s, step_s=0.25):
    return tuple(
        Piece(char, start_s + place * step_s, start_s + (place + 1) * step_s, -0.1)
        for place, char in enumerate(text)
    )


def said(lines, pause_s=0.5, *, joined=False):
    """Windows and segments of the lines; `joined` puts all of them in one region."""
    parts, segments, windows, spans = [], [], [], []
    at = 0.0
    for number, (speaker, text) in enumerate(lines):
        seconds = 0.25 * len(text)
        samples = np.repeat(speaker(seconds, seed=number), 2)
        parts.append(samples)
        spans.append((at, at + seconds))
        if not joined:
            windows += windows_of(samples, at, number)
        segments.append(Segment(0, at, at + seconds, pieces(text, at)))
        at += seconds + (0.0 if joined else pause_s)
    if joined:
        whole = tuple(piece for one in segments for piece in one.pieces)
        return windows_of(np.concatenate(parts), 0.0), [Segment(0, 0.0, at, whole)], spans
    return windows, segments, spans


def share_right(speakers, lines, spans):
    right = total = 0.0
    for window, agent in zip(speakers.windows, speakers.agent, strict=True):
        for (speaker, _), (start_s, end_s) in zip(lines, spans, strict=True):
            inside = max(0.0, min(window.end_s, end_s) - max(window.start_s, start_s))
            total += inside
            right += inside * ((agent >= 0.5) == (speaker is AGENT))
    return right / total


def test_two_voices_are_told_apart_and_the_script_says_which_is_the_agent():
    windows, segments, spans = said(CALL)
    speakers = tell_apart(windows, segments)
    assert share_right(speakers, CALL, spans) == 1.0
    assert speakers.separation > 6
    assert speakers.advantage > 20


def test_with_the_voices_exchanged_the_words_still_decide():
    other = tuple((CUSTOMER if speaker is AGENT else AGENT, text) for speaker, text in CALL)
    windows, segments, spans = said(other)
    assert share_right(tell_apart(windows, segments), other, spans) == 0.0  # AGENT names the voice here


def test_without_a_pause_the_change_is_found_within_a_quarter_of_a_second():
    windows, segments, spans = said(CALL, joined=True)
    speakers = tell_apart(windows, segments)
    assert share_right(speakers, CALL, spans) > 0.95
    parts = split_by_speaker(segments[0], speakers)
    assert [agent for agent, _ in parts] == [True, False, True, False, True, False, True]
    assert [part.raw_text for _, part in parts] == [text for _, text in CALL]
    for (_, part), (start_s, end_s) in zip(parts, spans, strict=True):
        assert (part.start_s, part.end_s) == pytest.approx((start_s, end_s), abs=0.01)


def test_parts_touch_and_keep_the_segment_s_ends():
    windows, segments, _ = said(CALL[:2], joined=True)
    parts = [part for _, part in split_by_speaker(segments[0], tell_apart(windows, segments))]
    assert (parts[0].start_s, parts[-1].end_s) == (segments[0].start_s, segments[0].end_s)
    assert parts[0].end_s == parts[1].start_s


def test_a_clause_in_which_both_speak_for_long_is_split_inside():
    lines = (
        (AGENT, "您好青禾商城客服中心请问有什么可以帮您"),
        (CUSTOMER, "上周下单的电饭锅到今天都没有收到呢"),
    )
    windows, segments, spans = said((*lines, *CALL[2:]))
    windows = [one for one in windows if one.start_s >= spans[2][0]]
    first = np.concatenate([np.repeat(speaker(0.25 * len(text)), 2) for speaker, text in lines])
    text = lines[0][1] + lines[1][1]
    joined = Segment(0, 0.0, 0.25 * len(text), pieces(text, 0.0))
    later = [one for one in segments if one.start_s >= spans[2][0]]
    speakers = tell_apart([*windows_of(first, 0.0, 99), *windows], [joined, *later])
    (_, agent), (_, customer) = split_by_speaker(joined, speakers)
    assert agent.end_s == pytest.approx(0.25 * len(lines[0][1]), abs=0.5)
    assert agent.raw_text + customer.raw_text == text


def test_one_who_speaks_for_95_percent_of_the_time():
    lines = (
        (AGENT, CALL[0][1]),
        *((AGENT, "我们的产品有三种颜色可以选，红的黄的和蓝的。"),) * 4,
        (CUSTOMER, "我家不要，喂。"),
    )
    windows, segments, spans = said(lines)
    assert share_right(tell_apart(windows, segments), lines, spans) > 0.9


def test_two_have_no_advantage_where_one_speaks():
    windows, segments, _ = said(tuple((AGENT, text) for speaker, text in CALL if speaker is AGENT))
    speakers = tell_apart(windows, segments)
    assert speakers.advantage < ONE_SPEAKER
    assert speakers.leans > 5


@pytest.mark.parametrize("times", [4, 16])
def test_the_longer_one_speaks_the_less_chance_makes_two_of_it(times):
    lines = tuple((AGENT, text) for speaker, text in CALL if speaker is AGENT)
    windows, segments, _ = said(lines * times)
    assert tell_apart(windows, segments).advantage < 2 * ONE_SPEAKER


def test_windows_without_text_are_no_speaker():
    windows, segments, spans = said(CALL)
    music = windows_of(np.repeat(hold_music(6.0), 2), 100.0, 50)
    speakers = tell_apart([*windows, *music], segments)
    assert speakers.windows == tuple(windows)
    assert share_right(speakers, CALL, spans) == 1.0


def test_two_who_speak_at_once_leave_the_rest_right():
    windows, segments, spans = said(CALL)
    both = np.repeat(AGENT(2.0, seed=7) + CUSTOMER(2.0, seed=8), 2)
    at = spans[-1][1] + 0.5
    heard = Segment(0, at, at + 2.0, pieces("好的好的知道了吗", at))
    speakers = tell_apart([*windows, *windows_of(both, at, 60)], [*segments, heard])
    assert share_right(speakers, CALL, spans) == 1.0


@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_hardly_any_speech(seconds):
    windows = windows_of(np.repeat(AGENT(seconds), 2), 0.0) if seconds else []
    segments = [Segment(0, 0.0, seconds, pieces("您好。", 0.0))] if seconds else []
    speakers = tell_apart(windows, segments)
    assert (speakers.separation, speakers.advantage) == (0.0, 0.0)
    assert set(speakers.agent) <= {0.5}


def test_text_without_any_window_stays_whole():
    segment = Segment(0, 0.0, 1.0, pieces("您好。", 0.0))
    assert [part for _, part in split_by_speaker(segment, tell_apart([], [segment]))] == [segment]
