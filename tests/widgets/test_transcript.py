import re

from qa_audit.messages import speaking
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.turns import Transcript, Turn
from qa_audit.widgets.player import STATIC
from qa_audit.widgets.transcript import transcript_html

TURNS = turns_frame(
    Transcript(
        "ab",
        90.0,
        2,
        "openai-whisper",
        "base",
        "balanced",
        (
            Turn("agent", 1.0, 4.0, "您好<b>", 0.9),
            Turn("customer", 5.0, 9.0, "我要退货", 0.3),
            Turn("agent", 70.0, 75.0, "再见", 0.9),
        ),
    )
)


def test_text_is_escaped_and_speakers_are_named():
    with speaking("zh"):
        html = transcript_html(TURNS)
    assert "您好&lt;b&gt;" in html
    assert "<b>" not in html
    assert html.count("坐席") == 2
    assert html.count("客户") == 1
    assert "01:10" in html


def test_the_moment_is_marked_by_a_sign_and_what_is_far_is_left_out():
    html = transcript_html(TURNS, here_s=6.0, around_s=10.0)
    assert html.count("▶") == 1
    assert "▶ 00:05" in html
    assert "再见" not in html


def test_a_doubtful_turn_says_so():
    with speaking("en"):
        html = transcript_html(TURNS)
    assert html.count("low recognition confidence") == 1


def test_in_one_page_it_and_the_player_leave_each_other_s_look_alone():
    html = transcript_html(TURNS, here_s=6.0)
    styled = set(re.findall(r"\.(qa-[a-z-]+)", html))
    named = {name for names in re.findall(r'class="([^"]+)"', html) for name in names.split()}
    assert len(styled) == 6
    assert named == {*styled, "qa-around-customer"}
    player = set(re.findall(r"\.(qa-[a-z_-]+)", (STATIC / "player.css").read_text("utf-8")))
    assert len(player) > 80
    assert (styled | named) & player == set()
