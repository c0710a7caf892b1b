import re
from pathlib import Path

import pytest

from qa_audit.messages import QaError, catalogue
from qa_audit.widgets.keys import KEYS, key_map

SOURCE = Path(__file__).parents[2] / "js" / "src"


def test_every_key_has_one_action():
    keys = [key for keys in key_map().values() for key in keys]
    assert len(keys) == len(set(keys))


def test_a_list_of_keys_replaces_those_before():
    assert key_map({"undo": ["Ctrl+U", "F7"]})["undo"] == ["Ctrl+U", "F7"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"dance": "D"}, "player.unknown_action"),
        ({"play": "space"}, "player.bad_key"),
        ({"play": "Enter"}, "player.bad_key"),
        ({"play": ""}, "player.bad_key"),
        ({"play": "F"}, "player.double_key"),
    ],
)
def test_mistakes_are_told(changes, code):
    with pytest.raises(QaError) as error:
        key_map(changes)
    assert error.value.code == code


def test_two_actions_can_change_places():
    changed = key_map({"fault": "G", "fault_next": "F"})
    assert (changed["fault"], changed["fault_next"]) == (["G"], ["F"])


def test_every_action_is_explained_and_shown_by_the_help():
    shown = set(
        re.findall(r'"([a-z_]+)"', (SOURCE / "dialogs.js").read_text("utf-8").split("export class")[0])
    )
    assert set(KEYS) <= shown
    assert {f"player.do_{action}" for action in KEYS} <= set(catalogue())


def test_every_action_is_done_by_the_player():
    done = "".join(path.read_text("utf-8") for path in SOURCE.glob("*.js"))
    missing = [action for action in KEYS if not re.search(rf"^      {action}: ", done, re.M)]
    assert missing == []
