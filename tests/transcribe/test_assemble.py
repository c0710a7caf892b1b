from qa_audit.transcribe.assemble import Spoken, turns_of
from qa_audit.transcribe.driver import Segment
from qa_audit.transcribe.engine import Piece


def said(role, start_s, end_s, text, channel=None):
    channel = {"agent": 0, "customer": 1}.get(role, 0) if channel is None else channel
    step = (end_s - start_s) / len(text)
    pieces = tuple(
        Piece(char, start_s + place * step, start_s + (place + 1) * step, -0.1)
        for place, char in enumerate(text)
    )
    return Spoken(role, Segment(channel, start_s, end_s, pieces))


def short(turns):
    return [(turn.role, turn.start_s, turn.end_s, turn.text) for turn in turns]


def test_a_pause_below_one_and_a_half_seconds_does_not_end_a_turn():
    turns = turns_of([said("agent", 0.0, 1.0, "您好。"), said("agent", 2.4, 3.0, "请讲。")])
    assert short(turns) == [("agent", 0.0, 3.0, "您好。请讲。")]


def test_a_pause_of_one_and_a_half_seconds_does():
    turns = turns_of([said("agent", 0.0, 1.0, "您好。"), said("agent", 2.5, 3.0, "请讲。")])
    assert short(turns) == [("agent", 0.0, 1.0, "您好。"), ("agent", 2.5, 3.0, "请讲。")]


def test_another_speaker_in_the_pause_ends_it():
    turns = turns_of(
        [
            said("agent", 0.0, 1.0, "您好。"),
            said("customer", 1.1, 1.4, "喂"),
            said("agent", 1.8, 3.0, "请讲。"),
        ]
    )
    assert [turn.role for turn in turns] == ["agent", "customer", "agent"]


def test_a_word_said_under_one_s_own_speech_does_not_shred_the_sentence():
    turns = turns_of(
        [
            said("agent", 0.0, 3.0, "您的订单"),
            said("customer", 1.0, 1.4, "嗯"),
            said("agent", 3.5, 5.0, "已经发货。"),
        ]
    )
    assert short(turns) == [("agent", 0.0, 5.0, "您的订单，已经发货。"), ("customer", 1.0, 1.4, "嗯")]


def test_every_character_has_its_time():
    (turn,) = turns_of([said("agent", 0.0, 0.8, "您的訂單"), said("agent", 1.0, 1.6, "已發货")])
    assert turn.text == "您的订单，已发货"
    assert turn.char_start_ms == (0, 200, 400, 600, 1000, 1000, 1200, 1400)


def test_turns_are_in_order_of_start_whatever_the_order_of_segments():
    turns = turns_of(
        [said("customer", 5.0, 6.0, "好"), said("agent", 7.0, 8.0, "再见"), said("agent", 0.0, 1.0, "喂")]
    )
    assert [turn.start_s for turn in turns] == [0.0, 5.0, 7.0]


def test_an_announcement_and_the_agent_after_it_are_two_turns():
    turns = turns_of([said("system", 0.0, 3.0, "工号八零二三为您服务。"), said("agent", 3.1, 4.0, "您好。")])
    assert [turn.role for turn in turns] == ["system", "agent"]


def test_on_one_channel_the_other_speaker_is_the_other_role():
    turns = turns_of(
        [
            said("agent", 0.0, 1.0, "您好。", 0),
            said("customer", 1.0, 1.8, "你好", 0),
            said("agent", 1.8, 2.4, "请讲。", 0),
            said("agent", 3.8, 4.4, "在吗？", 0),
        ]
    )
    assert short(turns) == [
        ("agent", 0.0, 1.0, "您好。"),
        ("customer", 1.0, 1.8, "你好"),
        ("agent", 1.8, 4.4, "请讲。在吗？"),
    ]


def test_on_one_channel_a_full_sentence_before_a_pause_ends_the_turn():
    turns = turns_of(
        [
            said("unknown", 0.0, 2.0, "请问您贵姓？"),
            said("unknown", 2.4, 3.0, "我姓李，"),
            said("unknown", 3.4, 4.0, "木子李。"),
            said("unknown", 5.0, 6.0, "好的"),
        ]
    )
    assert [turn.text for turn in turns] == ["请问您贵姓？", "我姓李，木子李。", "好的"]


def test_invented_text_leaves_no_turn_but_stays_raw_beside_real_text():
    turns = turns_of(
        [
            said("agent", 0.0, 2.0, "谢谢观看"),
            said("agent", 10.0, 12.0, "請稍等。"),
            said("agent", 12.5, 14.0, "(音乐)"),
        ]
    )
    assert short(turns) == [("agent", 10.0, 12.0, "请稍等。")]
    assert turns[0].raw_text == "請稍等。(音乐)"


def test_confidence_is_the_geometric_mean_over_tokens():
    pieces = (Piece("您", 0.0, 0.5, -0.2, 1), Piece("珺", 0.5, 1.0, -0.7, 2))
    (turn,) = turns_of([Spoken("agent", Segment(0, 0.0, 1.0, pieces))])
    assert turn.confidence == 0.7408  # exp(-0.9 / 3)


def test_nothing_said():
    assert turns_of([]) == ()


def addressed(text, odds, start_s=0.0):
    """A segment whose 您 and 你 carry odds."""
    left = iter(odds)
    pieces = tuple(
        Piece(char, start_s, start_s, -0.1, 1, next(left) if char in "您你" else None) for char in text
    )
    return Spoken("agent", Segment(0, start_s, start_s + 1.0, pieces))


def test_a_turn_keeps_the_odds_of_every_place_in_order():
    (turn,) = turns_of([addressed("您好。", [3.0]), addressed("你等您", [-2.0, 4.0], 1.2)])
    assert (turn.text, turn.formal) == ("您好。你等您", (3.0, -2.0, 4.0))


def test_odds_are_not_known_where_clean_up_took_some_out():
    (turn,) = turns_of([addressed("您好。感谢您的观看。", [3.0, 1.0]), addressed("您请", [2.0], 1.2)])
    assert (turn.text, turn.formal) == ("您好。您请", (None, 2.0))
