import io
import sys

from qa_audit.progress import track


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
