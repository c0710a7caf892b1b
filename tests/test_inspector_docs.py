"""docs/inspector.zh-CN.md: its table of keys is the player's, and what it links is there."""

import re
from pathlib import Path

from qa_audit.messages import say
from qa_audit.widgets.keys import KEYS

DOCS = Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "inspector.zh-CN.md").read_text(encoding="utf-8")
SIGNS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Space": "空格"}


def _cap(key):
    return "+".join(SIGNS.get(part, part) for part in key.split("+"))


def test_the_table_has_every_key_in_the_order_of_the_player():
    rows = [
        f"| {' / '.join(f'`{_cap(key)}`' for key in keys)} | {say(f'player.do_{action}', 'zh')} |"
        for action, keys in KEYS.items()
    ]
    assert TEXT.split("|---|---|\n")[1].splitlines() == rows


def test_every_key_in_the_text_is_one_of_the_player():
    told = re.findall(r"`([^`]+)`", TEXT.split("## 全部按键")[0])
    browsers = {"Enter", "Tab", "Shift+Enter", "Ctrl+Enter", "?", "make lab"}
    known = {_cap(key) for keys in KEYS.values() for key in keys} | browsers
    assert set(told) <= known


def test_what_it_links_is_there():
    for link in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (DOCS / link).is_file()
