from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import update

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.complaints import open_complaint
from qa_audit.audit.events import append, read_sheet
from qa_audit.audit.plays import plays_frame
from qa_audit.desks import housekeeping
from qa_audit.messages import QaError, speaking
from qa_audit.retention.holds import add_hold, lift_hold
from qa_audit.retention.journal import deletions
from qa_audit.settings import RetentionSettings
from qa_audit.store.database import writing
from qa_audit.store.schema import calls
from qa_audit.verified import verify_workspace
from qa_audit.workspace import Workspace
from tests.browser.made_workspace import make_workspace
from tests.made_audits import HARSH, RUDE, hand_in

WORDS = "您好"
NONE = {"words": 0, "plays": 0, "closed": 0}


@pytest.fixture
def own(tmp_path):
    """A workspace whose recordings are its own, so that they may be deleted."""
    made = make_workspace(tmp_path / "ws")
    yield made
    made.database.dispose()


def test_what_was_said_in_a_deleted_call_is_found_no_more_and_a_held_one_stays(own):
    assert {RUDE, HARSH} <= set(own.find(WORDS)["call_id"])
    add_hold(own.database, [HARSH], "李敏", "法院调取")
    assert own.housekeeping.delete("主管", "期满", before="2027-01").done == 4
    with pytest.raises(QaError) as error:
        own.turns(RUDE)
    assert error.value.code == "workspace.not_transcribed"
    assert set(own.find(WORDS)["call_id"]) <= {HARSH}
    assert own.turns(HARSH).height > 0
    kept = own.calls("2026-10").filter(pl.col("status") == "scored")
    assert kept["call_id"].to_list() == [HARSH]


def test_a_deletion_that_was_killed_before_the_words_went_is_finished_by_the_next(own, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(housekeeping, "forget_words", killed)
        with pytest.raises(KeyboardInterrupt):
            own.housekeeping.delete("主管", "期满", before="2027-01")
    assert own.turns(RUDE).height > 0
    assert own.housekeeping.delete("主管", "期满", before="2027-01").done == 0
    with pytest.raises(QaError):
        own.turns(RUDE)
    assert list((own.results / "turns").rglob("*.parquet")) == []


@pytest.mark.parametrize("imported", [False, True])
def test_what_was_said_goes_where_a_recorder_deleted_the_recording_and_a_held_call_stays(own, imported):
    add_hold(own.database, [HARSH], "李敏", "法院调取")
    for call_id in (RUDE, HARSH):
        Path(own.recording(call_id).path).unlink()
    if imported:
        own.import_calls()
        plan = own.housekeeping.plan_deletion(before="2027-01")
        assert plan.gone.select("call_ids", "kept").rows() == [([HARSH], ["hold"]), ([RUDE], [])]
        with speaking("zh"):
            assert plan.summary().endswith("保留 0 个。另有 1 个录音已经不在，其中说的话可删。")
    told = own.housekeeping.delete("主管", "期满", before="2027-01")
    assert (told.done, told.gone, told.failed) == (3, 1, False)
    with pytest.raises(QaError) as error:
        own.turns(RUDE)
    assert error.value.code == "workspace.not_transcribed"
    assert own.turns(HARSH).height > 0
    again = own.housekeeping.delete("主管", "期满", before="2027-01")
    assert (again.done, again.gone, again.failed) == (0, 0, False)


def test_words_and_listening_go_each_at_its_own_age(own):
    append(own.database, RUDE, "李敏", WriteComment("语速快"), own.rubric)
    own.plays.note(RUDE, 0.0, 5.0)
    own.plays.flush()
    settings = RetentionSettings(delete_words_after_months=1200)
    aged = Workspace(own.folder, own.settings.model_copy(update={"retention": settings}), own.database)
    assert aged.housekeeping.delete_words("主管", "期满").as_json() == {
        **NONE,
        "kept": [],
        "complaints": [],
    }
    with speaking("zh"):
        told = str(own.housekeeping.delete_words("主管", "期满", before="2027-01"))
    assert told == "删除了 1 条记录中的文字、1 条收听记录。"
    assert read_sheet(own.database, RUDE, "李敏").comment == "…"
    assert plays_frame(own.database).is_empty()


def test_an_open_complaint_of_a_customer_to_be_forgotten_is_named_and_fails(own):
    open_complaint(own.database, text="没人管", who="主管", customer_no="020-8888 6666")
    told = own.housekeeping.forget_customer("02088886666", "主管", "客户要求")
    assert (told.failed, told.as_json()) == (True, {**NONE, "kept": [], "complaints": [1]})
    with speaking("zh"):
        assert str(told).splitlines()[-1] == "未删除，因为已封存或争议未了结：投诉 1。"


def test_a_customer_is_forgotten_with_recordings_words_and_clips_and_others_stay(own):
    with writing(own.database) as connection:
        for number, call_id in (("13800138000", RUDE), ("13900139000", HARSH)):
            row = update(calls).where(calls.c.call_id == call_id).values(customer_no=number)
            connection.execute(row)
    for call_id in (RUDE, HARSH):
        hand_in(own, call_id, "李敏", faults=[("greeting", 3.0, 5.0)])
    own.follow_up.keep_all_clips()
    clips = own.folder / "clips"
    recording, other = (Path(own.recording(call_id).path) for call_id in (RUDE, HARSH))
    plain = own.housekeeping.forget_customer("13800138000", "主管", "客户要求")
    assert (plain.files, recording.is_file()) == (None, True)
    add_hold(own.database, [RUDE], "李敏", "法院调取")
    held = own.housekeeping.forget_customer("13800138000", "主管", "客户要求", recordings=True)
    assert (held.failed, held.kept, recording.is_file()) == (True, (RUDE,), True)
    lift_hold(own.database, [RUDE], "李敏", "案件已结")
    assert len(list(clips.rglob("*.mp3"))) == 2
    told = own.housekeeping.forget_customer("13800138000", "主管", "客户要求", recordings=True)
    assert (told.failed, told.files.done, told.as_json()["recordings"]["done"]) == (False, 1, 1)
    assert (recording.exists(), other.is_file()) == (False, True)
    with pytest.raises(QaError) as error:
        own.turns(RUDE)
    assert error.value.code == "workspace.not_transcribed"
    assert RUDE not in set(own.find(WORDS)["call_id"])
    assert own.turns(HARSH).height > 0
    assert len(list(clips.rglob("*.mp3"))) == 1
    erased = deletions(own.database)
    assert erased.select("call_ids", "who", "reason").rows() == [([RUDE], "主管", "客户要求")]
    assert not verify_workspace(own.database, own.results).failed
    assert own.housekeeping.forget_customer("13800138000", "主管", "又来", recordings=True).files.done == 0
