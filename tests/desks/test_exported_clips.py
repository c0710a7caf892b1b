"""Copies of the sound of faults: beeped where personal data is said, none where that can't be known."""

import pytest

from qa_audit.audit.actions import Fault, GiveVerdict, HandIn, PassRest
from qa_audit.audit.events import append
from qa_audit.desks.exported_clips import export_clips
from qa_audit.settings import PrivacySettings
from qa_audit.workspace import Workspace
from tests.browser.made_workspace import make_workspace
from tests.made_audits import RUDE


@pytest.fixture
def own(tmp_path):
    made = make_workspace(tmp_path / "ws")
    items = tuple(item.id for item in made.rubric.items)
    fault = Fault("a" * 32, "closing", "minor", 0.5, 1.5, "", "")
    for action in (GiveVerdict("closing", "fail"), fault, PassRest(items), HandIn()):
        append(made.database, RUDE, "李敏", action, made.rubric)
    made.follow_up.keep_clips()
    yield made
    made.database.dispose()


def test_each_fault_has_its_sound_beside_the_register(own, tmp_path):
    written = own.follow_up.export(tmp_path / "out" / "工差.csv", with_clips=True)
    clip = f"工差_clips/{'a' * 32}.mp3"
    assert (written.parent / clip).is_file()
    assert clip in written.read_text("utf-8-sig")


def test_where_the_words_are_gone_only_who_may_hear_all_gets_the_sound(own, tmp_path):
    own.housekeeping.delete("主管", "期满", before="2027-01")
    for path in (own.results / "turns").rglob("*.parquet"):
        path.unlink()
    faults = own.faults()
    assert export_clips(own, faults, tmp_path / "a.csv") == [None]
    assert not (tmp_path / "a_clips").exists()
    settings = own.settings.model_copy(update={"privacy": PrivacySettings(mask_exports=False)})
    seeing = Workspace(own.folder, settings, own.database)
    assert export_clips(seeing, faults, tmp_path / "b.csv") == [f"b_clips/{'a' * 32}.mp3"]
