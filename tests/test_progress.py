import io
import sys

import pytest

from qa_audit.messages import speaking
from qa_audit.progress import hours_bar, left_text, track


def test_items_pass_unchanged_and_nothing_is_shown_off_a_terminal(monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    assert list(track(iter("abc"), label="x", total=3)) == ["a", "b", "c"]
    assert shown.getvalue() == ""


def test_a_terminal_sees_the_bar(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    assert list(track([1, 2], label="转写", total=2)) == [1, 2]
    assert "转写" in shown.getvalue()


def test_the_bar_of_a_transcription_counts_hours_of_audio(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("COLUMNS", "100")
    with speaking("en"), hours_bar("transcribing", 4 * 3600.0) as advance:
        assert "transcribing   0%" in shown.getvalue()
        assert "4.0 h of audio left" in shown.getvalue()
        advance(3 * 3600.0)
        assert "75%" in shown.getvalue()
        assert "1.0 h of audio left, about 0:00:00" in shown.getvalue()


def test_the_bar_of_hours_is_not_shown_off_a_terminal(monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    with hours_bar("x", 3600.0) as advance:
        advance(3600.0)
    assert shown.getvalue() == ""


@pytest.mark.parametrize(
    ("done_s", "total_s", "elapsed_s", "text"),
    [
        (0.0, 5400.0, 12.0, "剩余录音 1.5 小时"),
        (1800.0, 5400.0, 225.0, "剩余录音 1.0 小时，约需 0:07:30"),
        (3600.0, 365_600.0, 900.0, "剩余录音 100.6 小时，约需 25:08:20"),
        (5500.0, 5400.0, 225.0, "剩余录音 0.0 小时，约需 0:00:00"),
    ],
)
def test_time_left_goes_by_the_speed_so_far(done_s, total_s, elapsed_s, text):
    with speaking("zh"):
        assert left_text(done_s, total_s, elapsed_s) == text
