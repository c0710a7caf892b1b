from dataclasses import replace
from datetime import datetime

import pytest

from qa_audit.reports.moments import Moment
from qa_audit.retention.masked_clip import masked_clip
from qa_audit.retention.masking import Stretch
from qa_audit.transcribe.frames import TURNS_SCHEMA, turns_frame
from qa_audit.transcribe.turns import Transcript, Turn

MOMENT = Moment(
    *("fault", "closing", "c1", "一班", "8001", "张三", datetime(2026, 10, 3), 80.0, 1.0, 2.0),
    *("我姓王，电话幺三八零零幺三八零零零", "exact"),
)
TURNS = (
    Turn("customer", 0.0, 8.0, "我姓王，一三八零零一三八零零零", 0.9, channel=1, raw_text="我姓王"),
    Turn("agent", 8.0, 10.0, "张三为您服务", 0.9),
)


@pytest.fixture
def made():
    asked = []

    def sound(stretches):
        asked.extend(stretches)
        return b"mp3"

    frame = turns_frame(Transcript("ab", 12.0, 2, "openai-whisper", "base", "balanced", TURNS))
    return masked_clip(MOMENT, "结束语", frame, sound, ["张三"]), asked


def test_neither_words_nor_quote_tell_who_it_was(made):
    clip, _ = made
    assert clip.turns["text"].to_list() == ["我姓*，***********", "**为您服务"]
    assert clip.turns["raw_text"].to_list() == clip.turns["text"].to_list()
    assert clip.moment.quote == "我姓*，电话***********"
    assert (clip.sound, clip.item_name, clip.moment.call_id) == (b"mp3", "结束语", "c1")


def test_the_sound_is_told_where_to_beep(made):
    _, asked = made
    assert [one.channel for one in asked] == [1, 1, 0]
    assert asked[0] == Stretch(1, pytest.approx(8 * 2 / 15), pytest.approx(8 * 3 / 15))
    assert asked[1].end_s == 8.0


def test_a_call_without_turns_has_nothing_to_mask():
    clip = masked_clip(MOMENT, "结束语", TURNS_SCHEMA.to_frame(), lambda stretches: bytes(len(stretches)))
    assert (clip.sound, clip.turns.height) == (b"", 0)


def test_the_id_of_the_call_holds_no_number():
    one = replace(MOMENT, call_id="8001_02088886666")
    clip = masked_clip(one, "结束语", TURNS_SCHEMA.to_frame(), lambda _: b"", number="02088886666")
    assert clip.moment.call_id == "8001_020****6666"
