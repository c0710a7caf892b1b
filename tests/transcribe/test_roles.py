import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.transcribe.driver import Segment
from qa_audit.transcribe.engine import Piece
from qa_audit.transcribe.roles import (
    assign_roles,
    confidence_of,
    guess_agent_channel,
    is_one_speaker,
    split_announcements,
)
from qa_audit.transcribe.speakers import Speakers
from tests.transcribe.test_speakers import AGENT, said
from tests.transcribe.test_speakers import CALL as DIALOGUE


def segment(text, channel=0, start_s=10.0):
    pieces = tuple(
        Piece(char, start_s + 0.2 * at, start_s + 0.2 * (at + 1), -0.1) for at, char in enumerate(text)
    )
    return Segment(channel, start_s - 0.1, start_s + 0.2 * len(text) + 0.1, pieces)


def parts(text):
    return [(machine, part.raw_text) for machine, part in split_announcements(segment(text))]


@pytest.mark.parametrize(
    "greeting",
    [
        "您好，8023号为您服务，请问有什么可以帮您？",
        "您好，云岭宽带客服中心，零二幺七号为您服务，请问有什么可以帮您？",
        "您好，工号8023为您服务，请讲。",
        "您好，润川水务客服中心，我是八零幺三号，请问有什么可以帮您？",
        "你好，我是工号8023的客服，很高兴为您服务。",
        "您好，星桥通信客服中心，八零二幺号，请问有什么可以帮您？",
        "您好，这里是客服中心，欢迎您来电。",
        "很高兴为您服务，请讲。",
    ],
)
def test_a_live_greeting_is_no_announcement(greeting):
    assert parts(greeting) == [(False, greeting)]


@pytest.mark.parametrize(
    "sentence",
    [
        "请问您按一下重启键，灯亮了吗？",
        "麻烦您稍等，我帮您转接一下。",
        "我们通话结束以后，您会收到短信。",
        "您的通话记录我查一下。",
        "请按时缴费就可以了。",
        "这边请您不要着急，我马上处理。",
    ],
)
def test_what_a_live_agent_says_is_no_announcement(sentence):
    assert parts(sentence) == [(False, sentence)]


@pytest.mark.parametrize(
    "announcement",
    [
        "工号8023为您服务。",
        "工号八零二三，为您服务。",
        "8023号话务员为您服务。",
        "为了保证服务质量，您的通话可能会被录音。",
        "为保证服务质量，本次通话将被录音。",
        "普通话服务请按一，人工服务请按零。",
        "坐席忙，请稍后，您前面还有三位客户在等待。",
        "请不要挂机，正在为您转接。",
        "请对我的服务进行评价，满意请按一。",
        "为了保证服务质量,您的普通话可能会被录音。",
    ],
)
def test_announcements(announcement):
    assert parts(announcement) == [(True, announcement)]


def test_an_announcement_and_the_agent_s_own_greeting_are_split_between_the_sentences():
    text = "工号8023为您服务。您好，请问有什么可以帮您？"
    first, second = split_announcements(segment(text))
    assert (first[0], first[1].raw_text) == (True, "工号8023为您服务。")
    assert (second[0], second[1].raw_text) == (False, "您好，请问有什么可以帮您？")
    assert first[1].start_s == 9.9
    assert first[1].end_s == pytest.approx(second[1].start_s) == pytest.approx(10.0 + 0.2 * 11)


def test_split_at_the_greeting_even_where_the_model_wrote_a_comma():
    assert parts("工号8023为您服务，您好，请问有什么可以帮您？") == [
        (True, "工号8023为您服务，"),
        (False, "您好，请问有什么可以帮您？"),
    ]


def test_a_number_announced_after_the_recording_notice_belongs_to_the_machine():
    assert parts("为了保证服务质量，您的通话可能会被录音。零二幺七号，为您服务。您好，请讲。") == [
        (True, "为了保证服务质量，您的通话可能会被录音。零二幺七号，为您服务。"),
        (False, "您好，请讲。"),
    ]


@pytest.mark.parametrize(
    ("text", "after", "machine"),
    [
        ("工号8023为您服务。", "您好，请问有什么可以帮您？", True),
        ("工号8023为您服务。", "请问有什么可以帮您？", False),
        ("8023号为您服务。", "好的，请您稍等。", False),
        ("工号8023为您服务，请问有什么可以帮您？", None, False),
        ("8023号客服代表为您服务。", "你好，请讲。", True),
        ("您好，欢迎致电云岭宽带，8023号很高兴为您服务。", None, False),
        ("您好，欢迎致电云岭宽带客户服务热线。", None, True),
    ],
)
def test_what_follows_tells_an_announced_number_from_an_agent_who_forgot_to_greet(text, after, machine):
    assert [kind for kind, _ in split_announcements(segment(text), after)] == [machine]


CALL = (
    segment("您好，云岭宽带客服中心，请问有什么可以帮您？", 1, 0.0),
    segment("我想问一下，我家的宽带怎么回事。", 0, 6.0),
    segment("请您稍等。让您久等了，感谢您的来电，再见。", 1, 12.0),
)


def test_auto_finds_the_agent_by_the_script():
    roles = guess_agent_channel(CALL)
    assert (roles.agent_channel, roles.confidence) == (1, 1.0)
    mirrored = [Segment(1 - one.channel, one.start_s, one.end_s, one.pieces) for one in CALL]
    assert guess_agent_channel(mirrored).agent_channel == 0


def test_auto_without_any_clue_says_that_it_does_not_know():
    roles = guess_agent_channel([segment("喂", 0), segment("嗯", 1)])
    assert (roles.agent_channel, roles.confidence) == (0, 0.5)


def test_auto_with_a_weak_clue_is_in_between():
    roles = guess_agent_channel([segment("请您稍等", 1), segment("好的", 0)])
    assert roles.agent_channel == 1
    assert 0.5 < roles.confidence < 0.8


def test_a_phrase_counts_once_however_many_of_the_list_are_like_it():
    for text in ("感谢您的来电。", "请问有什么可以帮您？"):
        roles = guess_agent_channel([segment(text, 1), segment("嗯", 0)])
        assert (roles.agent_channel, roles.confidence) == (1, 0.75)
    roles = guess_agent_channel([segment("请问有什么可以帮您？请问还有什么可以帮您？", 1), segment("嗯", 0)])
    assert (roles.agent_channel, roles.confidence) == (1, 0.917)


def test_what_a_machine_says_makes_nobody_the_agent():
    """An outbound call: the other side is answered by its own announcement first."""
    segments = [
        segment("您好，欢迎致电某某公司，感谢您的来电。人工服务请按一，您的通话可能会被录音。", 1, 0.0),
        segment("喂您好，我是物流公司的，请问是张先生吗？请您稍等。", 0, 12.0),
        segment("喂，你是哪位？", 1, 20.0),
    ]
    roles, spoken = assign_roles(segments, 2, "auto")
    assert (roles.agent_channel, roles.confidence) == (0, 0.625)
    assert [one.role for one in spoken] == ["system", "agent", "customer"]


@pytest.mark.parametrize(
    ("setting", "expected", "confidence", "note"),
    [("left", "customer", 0.5, "audio.swapped_channels"), ("right", "agent", 1.0, None)],
)
def test_the_setting_decides_when_it_names_a_channel_and_words_may_doubt_it(
    setting, expected, confidence, note
):
    roles, spoken = assign_roles(CALL, 2, setting)
    assert (roles.confidence, roles.note) == (confidence, note)
    assert note is None or roles.odd_channel == 1
    assert spoken[0].role == expected


def test_a_setting_stands_while_the_words_do_not_clearly_contradict_it():
    segments = [segment("请您稍等", 1), segment("让您久等了", 1), segment("好的", 0)]
    roles, _ = assign_roles(segments, 2, "left")
    assert (roles.agent_channel, roles.confidence, roles.note) == (0, 1.0, None)


def test_one_channel_without_voices_has_no_roles_but_announcements_are_known():
    roles, spoken = assign_roles([segment("工号8023为您服务。您好。")], 1, "left")
    assert (roles.agent_channel, roles.confidence) == (None, 0.0)
    assert [one.role for one in spoken] == ["system", "unknown"]


def test_announcements_on_either_channel_are_the_machine_s():
    _, spoken = assign_roles([segment("请不要挂机，正在为您转接。", 1)], 2, "left")
    assert [one.role for one in spoken] == ["system"]


def test_after_a_persons_greeting_no_machine_tells_its_number():
    """One sentence cut in two by the speech detector, and the customer's 你好 right behind it."""
    segments = [
        segment("您好，青禾商城客服部。", start_s=0.4),
        segment("八零幺三号很高兴为您服务。", start_s=2.7),
        segment("你好，我想查一下退货的运费。", start_s=5.5),
    ]
    _, spoken = assign_roles(segments, 1, "left")
    assert [one.role for one in spoken] == ["unknown", "unknown", "unknown"]


def test_two_speakers_on_one_channel_get_roles():
    windows, segments, _ = said(DIALOGUE)
    roles, spoken = assign_roles(segments, 1, "left", windows)
    assert roles.agent_channel is None
    assert roles.confidence > 0.9
    expected = ["agent" if speaker is AGENT else "customer" for speaker, _ in DIALOGUE]
    assert [one.role for one in spoken] == expected
    assert [one.segment for one in spoken] == segments


def test_an_announcement_on_one_channel_is_neither_speaker():
    windows, segments, _ = said(((AGENT, "为了保证服务质量，您的通话可能会被录音。"), *DIALOGUE))
    _, spoken = assign_roles(segments, 1, "left", windows)
    assert [one.role for one in spoken][:3] == ["system", "agent", "customer"]


def test_a_call_with_one_speaker_is_not_torn_in_two():
    lines = (
        *((AGENT, text) for speaker, text in DIALOGUE if speaker is AGENT),
        (AGENT, "请您稍等，我帮您查询一下。"),
        (AGENT, "让您久等了，感谢您的来电。"),
    )
    windows, segments, _ = said(lines * 2)
    roles, spoken = assign_roles(segments, 1, "left", windows)
    assert {one.role for one in spoken} == {"agent"}
    assert [one.segment for one in spoken] == segments
    assert roles.confidence == 0.7


def test_one_speaker_without_telling_words_stays_unknown():
    windows, segments, _ = said(((AGENT, "星期三下午三点到五点。"),) * 4)
    roles, spoken = assign_roles(segments, 1, "left", windows)
    assert roles.confidence == 0.0
    assert {one.role for one in spoken} == {"unknown"}


def test_a_second_of_speech_stays_unknown():
    windows, segments, _ = said(((AGENT, "您好。"),))
    roles, spoken = assign_roles(segments, 1, "left", windows)
    assert (roles.confidence, [one.role for one in spoken]) == (0.0, ["unknown"])


def test_no_speech_on_one_channel():
    roles, spoken = assign_roles([], 1, "left", [])
    assert (roles.agent_channel, roles.confidence, spoken) == (None, 0.0, [])


def on_channel(segments, channel):
    return [Segment(channel, one.start_s, one.end_s, one.pieces) for one in segments]


def test_both_parties_on_one_of_two_channels_are_told_apart():
    windows, segments, _ = said(DIALOGUE * 3)
    roles, spoken = assign_roles(on_channel(segments, 1), 2, "left", windows)
    assert (roles.agent_channel, roles.note, roles.odd_channel) == (None, "audio.shared_channel", 1)
    assert roles.confidence >= 0.99
    expected = ["agent" if speaker is AGENT else "customer" for speaker, _ in DIALOGUE * 3]
    assert [one.role for one in spoken] == expected


@pytest.mark.parametrize(("channel", "role"), [(0, "agent"), (1, "customer")])
def test_a_silent_other_side_leaves_the_channel_its_role(channel, role):
    lines = ("您好，这里是客服中心。", "您好，能听到吗？", "听不到您的声音，请您稍后再拨。")
    windows, segments, _ = said(tuple((AGENT, text) for text in lines))
    roles, spoken = assign_roles(on_channel(segments, channel), 2, "left", windows)
    assert (roles.agent_channel, roles.confidence, roles.note) == (0, 1.0, None)
    assert {one.role for one in spoken} == {role}


def test_words_of_both_sides_in_one_voice_make_the_channel_doubtful():
    lines = ("您好，请问有什么可以帮您？", "我想问一下宽带。", "请您稍等。")
    windows, segments, _ = said(tuple((AGENT, text) for text in lines))
    roles, spoken = assign_roles(segments, 2, "left", windows)
    assert (roles.agent_channel, roles.confidence, roles.note) == (0, 0.5, "audio.maybe_shared_channel")
    assert {one.role for one in spoken} == {"agent"}


def test_speech_on_both_channels_is_told_apart_by_channel_whatever_the_voices():
    windows, segments, _ = said(DIALOGUE * 3)
    mixed = [*on_channel(segments[:-1], 0), *on_channel(segments[-1:], 1)]
    roles, spoken = assign_roles(mixed, 2, "left", windows)
    assert (roles.agent_channel, roles.confidence, roles.note) == (0, 1.0, None)
    assert [one.role for one in spoken] == ["agent"] * (len(segments) - 1) + ["customer"]


def speakers(advantage, separation, leans):
    return Speakers((), (), separation, leans, advantage)


@pytest.mark.parametrize(
    ("advantage", "separation", "leans", "one", "confidence"),
    [
        (40.0, 30.0, 5.0, False, 0.998),
        (20.0, 10.0, 3.0, False, 0.935),
        (15.0, 2.0, 1.5, False, 0.54),
        (8.0, 2.0, 12.0, False, 0.065),  # between one speaker and two nobody can tell
        (2.0, 0.2, 20.0, True, 0.7),  # one speaker is never surer than this
        (2.0, 0.2, -4.0, True, 0.5),
        (-1.0, 0.2, 1.0, True, 0.125),
    ],
)
def test_how_sure_roles_on_one_channel_are(advantage, separation, leans, one, confidence):
    found = speakers(advantage, separation, leans)
    assert is_one_speaker(found) == one
    assert confidence_of(found) == pytest.approx(confidence, abs=0.01)


@given(st.floats(-50, 500), st.floats(0, 200), st.floats(-500, 500))
def test_confidence_is_a_probability(advantage, separation, leans):
    assert 0.0 <= confidence_of(speakers(advantage, separation, leans)) <= 1.0
