import pytest

from qa_audit.audit.actions import Fault, GiveVerdict, HandIn, PassRest, Skip, WriteComment
from qa_audit.audit.compared import compared
from qa_audit.audit.events import append
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database

RUBRIC = load_rubric()
ITEMS = tuple(item.id for item in RUBRIC.items)


@pytest.fixture
def acts(tmp_path):
    """Keeps actions of somebody on a call."""
    database = open_database(tmp_path / "qa.db")

    def act(call_id, who, *actions):
        for action in actions:
            append(database, call_id, who, action, RUBRIC)

    act.database = database
    yield act
    database.dispose()


def test_what_differs_stands_side_by_side_as_first_handed_in(acts):
    fault = Fault("a" * 32, "closing", "minor", 3.0, 4.5, "感谢您的来电，再见", "太快")
    acts("c1", "李", fault, PassRest(ITEMS), WriteComment("结尾仓促"), HandIn())
    acts("c1", "王", PassRest(ITEMS), HandIn(), GiveVerdict("closing", "fail"))
    assert compared(acts.database, ["c1"]).rows() == [
        ("c1", "closing", "李", "fail", 3.0, 4.5, "感谢您的来电，再见", "太快", "结尾仓促"),
        ("c1", "closing", "王", "pass", None, None, None, None, ""),
    ]


def test_nothing_is_told_before_everybody_has_handed_in(acts):
    acts("c1", "李", GiveVerdict("closing", "fail"), PassRest(ITEMS), HandIn())
    acts("c1", "王", GiveVerdict("closing", "pass"))
    assert compared(acts.database, ["c1"]).is_empty()
    acts("c1", "王", PassRest(ITEMS), HandIn())
    assert compared(acts.database, ["c1"]).height == 2
    assert compared(acts.database, ["c1"], {"c1": ["李", "王", "赵"]}).is_empty()
    acts("c1", "赵", PassRest(ITEMS), HandIn())
    assert compared(acts.database, ["c1"], {"c1": ["李", "王", "赵"]}).height == 3


def test_who_agrees_or_skips_or_is_alone_differs_in_nothing(acts):
    acts("c1", "李", PassRest(ITEMS), HandIn())
    acts("c1", "王", PassRest(ITEMS), HandIn())
    acts("c2", "李", GiveVerdict("closing", "fail"), PassRest(ITEMS), HandIn())
    acts("c2", "王", Skip("no_audio"))
    assert compared(acts.database, ["c1", "c2"]).is_empty()
