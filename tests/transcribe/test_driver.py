"""The driver with an engine that says what a table tells it, so that every fallback can be seen."""

import numpy as np
import pytest

from qa_audit.transcribe.driver import Segment, confidence, decode_clips, is_bad, is_invented, segments_of
from qa_audit.transcribe.engine import Decoded, Piece
from qa_audit.transcribe.packing import Clip, pack
from qa_audit.transcribe.presets import preset
from qa_audit.transcribe.speech import Region

RATE = 16_000
BALANCED = preset("balanced")


def clip(number, start_s, length_s=1.4, channel=0):
    samples = np.full(round(length_s * RATE), number, np.float32)
    return Clip(Region(channel, start_s, start_s + length_s), samples, start_s)


def decoded(pieces, mean=-0.3, no_speech=0.0, compression=1.0):
    return Decoded("".join(piece.text for piece in pieces), tuple(pieces), mean, no_speech, compression)


class Table:
    """Says for every clip (known by its samples) what a function of (number, round) gives."""

    def __init__(self, say):
        self.say, self.rounds = say, []

    def decode(self, chunks, *, beam, no_repeat=0):
        results = []
        self.rounds.append((beam, no_repeat, [sorted({int(x) for x in chunk if x}) for chunk in chunks]))
        for chunk in chunks:
            numbers = [int(x) for x in dict.fromkeys(chunk.tolist()) if x]
            pieces, result = [], {}
            for number in numbers:
                text, options = self.say(number, len(self.rounds))
                result |= options
                at = float(np.flatnonzero(chunk == number)[0]) / RATE
                pieces += [Piece(char, at + 0.2 * k, at + 0.2 * k + 0.2, -0.3) for k, char in enumerate(text)]
            results.append(decoded(pieces, **result))
        return results


def texts(segments):
    return [(one.start_s, one.raw_text) for one in segments]


def test_every_clip_gets_what_is_heard_in_it():
    engine = Table(lambda number, _round: (f"第{'零一二三'[number]}句", {}))
    found = list(decode_clips([clip(1, 5.0), clip(2, 9.0), clip(3, 20.0)], engine, BALANCED))
    assert texts(found) == [(5.0, "第一句"), (9.0, "第二句"), (20.0, "第三句")]
    assert [len(chunks) for _, _, chunks in engine.rounds] == [1, 0, 0]
    assert found[1].pieces[0].start_s == pytest.approx(9.0)


def test_clips_that_got_no_text_are_decoded_again_and_then_alone():
    def say(number, round_):
        return ("好的呢" if number in (1, round_) else "", {})

    engine = Table(say)
    found = list(decode_clips([clip(1, 0.0), clip(2, 5.0), clip(3, 9.0)], engine, BALANCED))
    assert [chunks for _, _, chunks in engine.rounds] == [[[1, 2, 3]], [[2, 3]], [[3]]]
    assert texts(found) == [(0.0, "好的呢"), (5.0, "好的呢"), (9.0, "好的呢")]
    assert engine.rounds[2][:2] == (BALANCED.retry_beam, 6)


def test_a_chunk_that_loops_is_decoded_clip_by_clip_and_only_it():
    def say(number, round_):
        return ("请稍等" * 5 if number == 2 and round_ == 1 else "请稍等", {})

    engine = Table(say)
    clips = [clip(1, 0.0), clip(2, 5.0), clip(3, 0.0, 20.0, channel=1)]
    found = list(decode_clips(clips, engine, preset("careful")))
    assert engine.rounds[0][2] == [[1, 2], [3]]
    assert sorted(engine.rounds[2][2]) == [[1], [2], [3]]  # 3 said too little for 20 s
    assert texts(found)[:2] == [(0.0, "请稍等"), (5.0, "请稍等")]


def test_an_invented_sentence_over_several_clips_is_not_kept_in_parts():
    """子。以下是普 | 通话的句: none of the parts would be known again."""
    prompt = "以下是普通话的句子。"

    def say(number, round_):
        return (prompt[:5] if number == 1 else prompt[5:], {}) if round_ == 1 else (prompt, {})

    dropped = []
    engine = Table(say)
    assert list(decode_clips([clip(1, 0.0), clip(2, 5.0)], engine, BALANCED, dropped)) == []
    assert texts(dropped) == [(0.0, prompt), (5.0, prompt)]
    assert engine.rounds[0][2] == [[1, 2]]


def test_what_still_loops_is_left_out():
    engine = Table(lambda _number, _round: ("请稍等" * 8, {}))
    dropped = []
    assert list(decode_clips([clip(1, 0.0)], engine, BALANCED, dropped)) == []
    assert [one.raw_text for one in dropped] == ["请稍等" * 8]
    assert list(decode_clips([clip(1, 0.0)], engine, BALANCED)) == []


def test_unsure_text_is_tried_again_and_kept():
    engine = Table(lambda _number, _round: ("听不清啊", {"mean": -1.4}))
    assert texts(decode_clips([clip(1, 0.0)], engine, BALANCED)) == [(0.0, "听不清啊")]


def test_unsure_text_where_the_model_doubts_that_anyone_speaks_is_dropped():
    engine = Table(lambda _number, _round: ("谢谢大家", {"mean": -1.4, "no_speech": 0.8}))
    dropped = []
    assert list(decode_clips([clip(1, 0.0)], engine, BALANCED, dropped)) == []
    assert texts(dropped) == [(0.0, "谢谢大家")]


def test_nothing_is_dropped_of_what_is_kept():
    dropped = []
    engine = Table(lambda _number, _round: ("好的呢", {}))
    assert len(list(decode_clips([clip(1, 0.0)], engine, BALANCED, dropped))) == 1
    assert dropped == []


def chunk_of(*clips):
    return pack(clips, 25.0, 0.2, 1.0)[0]


def pieces_at(*rows):
    return [Piece(text, start, end, -0.1) for text, start, end in rows]


def test_a_full_stop_heard_in_the_pause_stays_with_its_sentence():
    chunk = chunk_of(clip(1, 0.0), clip(2, 10.0))
    result = decoded(pieces_at(("好", 0.5, 1.0), ("。", 1.4, 1.9), ("对", 1.9, 2.4)))
    assert texts(segments_of(chunk, result)) == [(0.0, "好。"), (10.0, "对")]


def test_times_stay_inside_the_region():
    chunk = chunk_of(clip(1, 3.0))
    (segment,) = segments_of(chunk, decoded(pieces_at(("好", 0.0, 2.9))))
    assert (segment.pieces[0].start_s, segment.pieces[0].end_s) == (3.0, 4.4)


@pytest.mark.parametrize(
    ("result", "bad", "invented"),
    [
        (decoded(pieces_at(("您好", 0, 1))), False, False),
        (decoded(pieces_at(("您好", 0, 1)), mean=-1.2), True, False),
        (decoded(pieces_at(("您好", 0, 1)), mean=-1.2, no_speech=0.7), True, True),
        (decoded(pieces_at(("您好", 0, 1)), no_speech=0.9), False, False),
        (decoded(pieces_at(("答证。", 0, 1)), mean=-1.75, no_speech=0.595), True, True),
        (decoded(pieces_at(("认识的", 0, 1)), mean=-0.97, no_speech=0.784), True, True),
        (decoded(pieces_at(("再见", 0, 1)), mean=-1.26, no_speech=0.512), True, False),
        (decoded(pieces_at(("再见", 0, 1)), mean=-1.75, no_speech=0.25), True, False),
        (decoded(pieces_at(("好的。谢谢观看", 0, 1))), True, False),
        (decoded(pieces_at(("您好", 0, 1)), compression=2.5), True, True),
        (decoded(pieces_at(("以下是", 0, 1))), True, True),
        (decoded(pieces_at(("两千以下", 0, 1))), False, False),
        (decoded(pieces_at(("普通话", 0, 1)), no_speech=0.2), False, False),
        (decoded(pieces_at(("普通话", 0, 1)), no_speech=0.43), True, True),
        (
            decoded(pieces_at(("谁能在两秒里说完这么多这么多的话呢根本没有人能做到这件事情啊", 0, 1))),
            True,
            True,
        ),
    ],
)
def test_what_counts_as_bad_and_as_invented(result, bad, invented):
    chunk = chunk_of(clip(1, 0.0))
    assert is_bad(result, chunk, BALANCED) is bad
    assert is_invented(result, chunk, BALANCED) is invented


def test_confidence_of_nothing():
    assert confidence(()) == 0.0
    assert Segment(0, 0.0, 1.0, ()).raw_text == ""


def test_unsure_text_with_a_word_of_the_prompt_is_dropped_where_speech_is_in_doubt():
    said = "他普通话，诸位"
    for mean, no_speech, kept in ((-0.9, 0.35, False), (-0.6, 0.35, True), (-0.9, 0.2, True)):
        options = {"mean": mean, "no_speech": no_speech}
        engine = Table(lambda _number, _round, options=options: (said, options))
        assert bool(list(decode_clips([clip(1, 0.0)], engine, BALANCED))) == kept
