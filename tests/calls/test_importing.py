import errno
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from qa_audit.calls import importing
from qa_audit.calls.importing import import_calls
from qa_audit.calls.query import calls_frame, recordings_frame
from qa_audit.calls.settings import CallListSettings
from qa_audit.messages import QaError
from qa_audit.store import schema
from qa_audit.store.database import reading

HEADINGS = "通话编号,录音文件,工号,班组,开始时间,呼叫方向"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "录音"
    folder.mkdir()
    return folder


def put(folder: Path, **contents: str) -> None:
    for name, content in contents.items():
        (folder / f"{name}.wav").write_text(content)


def write_list(tmp_path: Path, *lines: str, headings: str = HEADINGS, name: str = "list.csv") -> Path:
    file = tmp_path / name
    file.write_text("\n".join((headings, *lines)), encoding="utf-8")
    return file


def dump(engine):
    with reading(engine) as connection:
        return {
            table.name: sorted(connection.execute(select(table)).all(), key=repr)
            for table in schema.metadata.sorted_tables
        }


def files_of(engine):
    frame = calls_frame(engine).select("call_id", "recording")
    return {call: None if path is None else Path(path).name for call, path in frame.rows()}


def history(engine):
    query = select(schema.call_changes.c.call_id, schema.call_changes.c.before)
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(query.order_by(schema.call_changes.c.change_id))]


A1 = "A1,a1.wav,8001,一班,2026-10-03 09:15:07,呼入"
A2 = "A2,a2.wav,8002,一班,2026-10-03 10:00,呼出"


def test_list_and_folder_come_together(engine, folder, tmp_path):
    put(folder, a1="one", a2="two", rest="three")
    (folder / "readme.txt").write_text("x")
    report = import_calls(
        engine, folder, write_list(tmp_path, A1, A2, "A3,a3.wav,8001,一班,2026-10-03 11:00,呼入")
    )
    assert report.counts == {
        "calls_new": 3,
        "calls_changed": 0,
        "calls_unchanged": 0,
        "recordings_new": 3,
        "recordings_changed": 0,
        "recordings_unchanged": 0,
        "recordings_gone": 0,
        "roster_new": 0,
        "roster_removed": 0,
        "roster_unchanged": 0,
        "other_files": 1,
    }
    assert report.calls_without_recording == ("A3",)
    assert report.recordings_without_call == ("rest.wav",)
    assert report.problems == ()
    assert files_of(engine) == {"A1": "a1.wav", "A2": "a2.wav", "A3": None}


def test_the_same_import_twice_changes_nothing(engine, folder, tmp_path):
    put(folder, a1="one", a2="two")
    roster = write_list(tmp_path, "P1,张三,8001,一班", headings="人员编号,姓名,工号,班组", name="roster.csv")
    call_list = write_list(tmp_path, A1, A2)
    first = import_calls(engine, folder, call_list, roster)
    before = dump(engine)
    again = import_calls(engine, folder, call_list, roster)
    assert dump(engine) == before
    assert first.changed
    assert not again.changed
    assert (again.calls_unchanged, again.recordings_unchanged, again.roster_unchanged) == (2, 2, 1)
    assert len(before["imports"]) == 1


def test_the_import_is_on_record_with_who_and_which_list(engine, folder, tmp_path):
    put(folder, a1="one")
    import_calls(engine, folder, write_list(tmp_path, A1), who="李四")
    with reading(engine) as connection:
        row = connection.execute(select(schema.imports)).one()
    assert (row.who, row.list_name, row.folder, row.counts["calls_new"]) == (
        "李四",
        "list.csv",
        str(folder),
        1,
    )
    assert row.list_sha256 == importing.sha256_of(tmp_path / "list.csv")


def test_a_corrected_list_updates_the_row_and_keeps_what_stood_there(engine, folder, tmp_path):
    put(folder, a1="one", a2="two")
    import_calls(engine, folder, write_list(tmp_path, A1, A2))
    corrected = A1.replace("8001", "8003").replace("09:15:07", "09:15:08")
    report = import_calls(engine, folder, write_list(tmp_path, corrected, A2))
    assert (report.calls_changed, report.calls_unchanged) == (1, 1)
    assert calls_frame(engine).row(0, named=True)["agent_no"] == "8003"
    assert history(engine) == [
        ("A1", None),
        ("A2", None),
        ("A1", {"agent_no": "8001", "start": "2026-10-03T09:15:07"}),
    ]


def test_a_list_without_a_column_leaves_that_value_alone(engine, folder, tmp_path):
    put(folder, a1="one")
    import_calls(engine, folder, write_list(tmp_path, A1))
    report = import_calls(engine, folder, write_list(tmp_path, "A1,12", headings="通话编号,振铃秒数"))
    row = calls_frame(engine).row(0, named=True)
    assert report.calls_changed == 1
    assert (row["ring_s"], row["agent_no"], row["team"], row["direction"]) == (
        12.0,
        "8001",
        "一班",
        "inbound",
    )
    assert row["recording"] is not None


def test_a_cell_of_a_further_column_is_corrected_and_taken_away(engine, folder, tmp_path):
    def extra():
        with reading(engine) as connection:
            return connection.execute(select(schema.calls.c.extra)).scalar_one()

    found = []
    for headings, cells in (
        ("备注,业务类型", "急,新装"),
        ("业务　类型", "移机"),
        ("业务类型", ""),
        ("满意度", "5"),
    ):
        listed = write_list(tmp_path, f"A1,8001,{cells}", headings=f"通话编号,工号,{headings}")
        import_calls(engine, folder, listed)
        found.append(extra())
    assert found == [
        {"备注": "急", "业务类型": "新装"},
        {"备注": "急", "业务　类型": "移机"},
        {"备注": "急"},
        {"备注": "急", "满意度": "5"},
    ]


def test_a_renamed_file_is_the_same_recording(engine, folder, tmp_path):
    put(folder, a1="one")
    import_calls(engine, folder, write_list(tmp_path, A1))
    sha256 = calls_frame(engine)["sha256"][0]
    (folder / "a1.wav").rename(folder / "neu.wav")
    report = import_calls(engine, folder, write_list(tmp_path, A1))
    assert (report.recordings_new, report.recordings_changed, report.recordings_gone) == (0, 1, 1)
    assert report.calls_without_recording == ()
    assert calls_frame(engine).select("sha256", "recording").row(0) == (sha256, str(folder / "neu.wav"))


def test_two_calls_with_the_same_audio_stay_two(engine, folder, tmp_path):
    put(folder, a1="same", a2="same")
    report = import_calls(engine, folder, write_list(tmp_path, A1, A2))
    assert (report.calls_new, report.recordings_new) == (2, 1)
    assert calls_frame(engine)["sha256"].n_unique() == 1
    assert recordings_frame(engine)["calls"].to_list() == [2, 2]


def test_a_file_copied_anew_brings_its_new_content(engine, folder, tmp_path):
    put(folder, a1="half")
    import_calls(engine, folder, write_list(tmp_path, A1))
    before = calls_frame(engine)["sha256"][0]
    put(folder, a1="whole now")
    report = import_calls(engine, folder, write_list(tmp_path, A1))
    assert (report.recordings_new, report.calls_changed, report.calls_new) == (1, 1, 0)
    assert history(engine)[-1] == ("A1", {"sha256": before})


def test_a_file_that_is_gone_is_told_and_comes_back(engine, folder, tmp_path):
    put(folder, a1="one", a2="two")
    call_list = write_list(tmp_path, A1, A2)
    import_calls(engine, folder, call_list)
    (folder / "a1.wav").unlink()
    report = import_calls(engine, folder, call_list)
    assert (report.recordings_gone, report.calls_without_recording) == (1, ("A1",))
    row = calls_frame(engine).row(0, named=True)
    assert row["recording"] is None
    assert len(row["sha256"]) == 64
    put(folder, a1="one")
    assert import_calls(engine, folder, call_list).calls_without_recording == ()
    assert files_of(engine) == {"A1": "a1.wav", "A2": "a2.wav"}


def test_a_folder_without_one_of_its_recordings_is_a_disk_not_mounted(engine, folder, tmp_path):
    put(folder, a1="one", a2="two")
    import_calls(engine, folder, write_list(tmp_path, A1, A2))
    for path in folder.iterdir():
        path.unlink()
    report = import_calls(engine, folder)
    (problem,) = report.problems
    assert (problem.code, problem.values, problem.left_out) == ("calls.folder_empty", {"count": 2}, True)
    assert (report.recordings_gone, files_of(engine)) == (0, {"A1": "a1.wav", "A2": "a2.wav"})


def test_a_file_that_cannot_be_read_for_once_is_not_gone(engine, folder, tmp_path, monkeypatch):
    put(folder, a1="one")
    import_calls(engine, folder, write_list(tmp_path, A1))

    def refuse(_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("qa_audit.calls.recordings.sha256_of", refuse)
    report = import_calls(engine, folder, rehash=True)
    assert [problem.code for problem in report.problems] == ["calls.recording_unreadable"]
    assert report.recordings_gone == 0
    assert files_of(engine) == {"A1": "a1.wav"}


def test_without_a_list_the_file_names_tell(engine, folder):
    put(folder, **{"8001_20261003091507_13800138000": "one", "会议": "two"})
    (folder / "1").mkdir()
    (folder / "2").mkdir()
    put(folder / "1", **{"001": "three"})
    put(folder / "2", **{"001": "four"})
    report = import_calls(engine, folder)
    frame = calls_frame(engine).select("call_id", "agent_no", "start", "customer_no")
    assert frame.rows() == [
        ("8001_20261003091507_13800138000", "8001", datetime(2026, 10, 3, 9, 15, 7), "13800138000"),
        ("1/001", None, None, None),
        ("2/001", None, None, None),
        ("会议", None, None, None),
    ]
    assert [(p.code, p.file) for p in report.problems] == [
        ("calls.name_without_start", "1/001.wav"),
        ("calls.name_without_start", "2/001.wav"),
        ("calls.name_without_start", "会议.wav"),
    ]
    assert not import_calls(engine, folder).changed


def test_beside_a_list_only_telling_names_become_calls(engine, folder, tmp_path):
    put(folder, a1="one", **{"8009_20261003091507_13800138000": "two", "会议": "three"})
    report = import_calls(engine, folder, write_list(tmp_path, A1))
    assert sorted(files_of(engine)) == ["8009_20261003091507_13800138000", "A1"]
    assert report.recordings_without_call == ("会议.wav",)
    later = import_calls(engine, folder)  # without the list this time, but there is one
    assert later.recordings_without_call == ("会议.wav",)
    assert not later.changed


def test_the_list_takes_over_from_the_file_name(engine, folder, tmp_path):
    put(folder, **{"8001_20261003091507_13800138000": "one"})
    import_calls(engine, folder)
    call_list = write_list(tmp_path, "A1,,8001,一班,2026-10-03 09:15:05,呼入")
    report = import_calls(engine, folder, call_list)
    assert (report.calls_new, report.calls_changed) == (1, 1)
    assert files_of(engine) == {"A1": "8001_20261003091507_13800138000.wav"}
    assert not import_calls(engine, folder, call_list).changed
    assert not import_calls(engine, folder).changed


def test_a_recording_that_the_list_lets_go_stands_for_itself_again(engine, folder, tmp_path):
    put(folder, other="two", **{"8001_20261003091507_13800138000": "one"})
    import_calls(engine, folder)
    row = "A1,{},8001,一班,2026-10-03 09:15:07,呼入"
    import_calls(engine, folder, write_list(tmp_path, row.format("8001_20261003091507_13800138000.wav")))
    assert files_of(engine) == {"A1": "8001_20261003091507_13800138000.wav", "other": "other.wav"}
    import_calls(engine, folder, write_list(tmp_path, row.format("other.wav")))
    assert files_of(engine) == {
        "A1": "other.wav",
        "8001_20261003091507_13800138000": "8001_20261003091507_13800138000.wav",
    }


def test_a_recording_copied_anew_or_renamed_stays_the_call_it_was(engine, folder):
    put(folder, **{"8001_20261003091507_13800138000": "half"})
    import_calls(engine, folder)
    put(folder, **{"8001_20261003091507_13800138000": "whole now"})
    report = import_calls(engine, folder)
    assert (report.calls_new, report.calls_changed, report.problems) == (0, 1, ())
    (folder / "8001_20261003091507_13800138000.wav").rename(folder / "x.wav")
    report = import_calls(engine, folder)
    row = calls_frame(engine).row(0, named=True)
    assert (row["call_id"], row["agent_no"]) == ("8001_20261003091507_13800138000", "8001")
    assert Path(row["recording"]).name == "x.wav"
    assert report.calls_new == 0


def test_an_id_of_a_pattern_that_two_recordings_claim_is_told(engine, folder):
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    put(folder / "a", T7="one")
    put(folder / "b", T7="two")
    report = import_calls(engine, folder, settings=CallListSettings(file_names=("{call_id}",)))
    assert files_of(engine) == {"T7": "T7.wav"}
    assert [(p.code, p.file, p.left_out) for p in report.problems if p.code == "calls.same_id"] == [
        ("calls.same_id", "b/T7.wav", True)
    ]
    assert report.recordings_without_call == ("b/T7.wav",)


def test_a_name_that_fits_two_recordings_is_told(engine, folder, tmp_path):
    (folder / "b").mkdir()
    (folder / "c").mkdir()
    put(folder / "b", a1="one")
    put(folder / "c", a1="two")
    report = import_calls(engine, folder, write_list(tmp_path, A1))
    assert [(p.code, p.row, p.values["candidates"]) for p in report.problems] == [
        ("calls.ambiguous_recording", 2, "b/a1.wav, c/a1.wav")
    ]
    assert report.calls_without_recording == ("A1",)


def test_the_recording_of_another_day_is_no_stand_in(engine, folder, tmp_path):
    (folder / "20261004").mkdir()
    put(folder / "20261004", **{"0001": "four"})
    call_list = write_list(
        tmp_path,
        r"A1,D:\rec\20261003\0001.wav,8001,一班,2026-10-03 09:15,呼入",
        r"A2,D:\rec\20261004\0001.wav,8002,一班,2026-10-04 09:15,呼入",
    )
    for _ in range(2):  # and is not taken from what an earlier import saw, either
        report = import_calls(engine, folder, call_list)
        assert files_of(engine) == {"A1": None, "A2": "0001.wav"}
        assert report.calls_without_recording == ("A1",)
        assert [(p.code, p.row, p.values["candidates"]) for p in report.problems] == [
            ("calls.recording_in_other_folder", 2, "20261004/0001.wav")
        ]
    import_calls(engine, folder / "20261004")
    import_calls(engine, folder, call_list)
    assert files_of(engine)["A1"] is None


def test_a_recording_that_two_rows_fit_alike_is_told(engine, folder, tmp_path):
    put(folder, **{"0001": "one"})
    rows = (rf"A{day},D:\rec\2026100{day}\0001.wav,8001,一班,2026-10-0{day} 09:15,呼入" for day in (3, 4))
    report = import_calls(engine, folder, write_list(tmp_path, *rows))
    assert [(p.code, p.row, p.values["candidates"]) for p in report.problems] == [
        ("calls.contested_recording", 2, "0001.wav"),
        ("calls.contested_recording", 3, "0001.wav"),
    ]
    assert report.calls_without_recording == ("A3", "A4")


def test_a_recording_is_given_up_when_it_turns_out_to_be_another_rows(engine, folder, tmp_path):
    put(folder, **{"8001_20261003091504": "one"})
    near = "A1,,8001,一班,2026-10-03 09:15:00,呼入"
    import_calls(engine, folder, write_list(tmp_path, near))
    assert files_of(engine) == {"A1": "8001_20261003091504.wav"}
    import_calls(engine, folder, write_list(tmp_path, near, "A2,,8001,一班,2026-10-03 09:15:04,呼入"))
    assert files_of(engine) == {"A1": None, "A2": "8001_20261003091504.wav"}


def test_a_name_with_two_readings_gives_no_agent(engine, folder):
    put(folder, **{"20261003091507_80001_87654321": "one"})
    report = import_calls(engine, folder)
    frame = calls_frame(engine).select("agent_no", "customer_no", "start")
    assert frame.rows() == [(None, None, datetime(2026, 10, 3, 9, 15, 7))]
    assert [(p.code, dict(p.values)) for p in report.problems] == [
        ("calls.name_with_two_readings", {"one": "80001", "other": "87654321"})
    ]


def test_a_list_first_and_recordings_later(engine, folder, tmp_path):
    call_list = write_list(tmp_path, A1)
    assert import_calls(engine, None, call_list).calls_without_recording == ("A1",)
    put(folder, a1="one")
    assert import_calls(engine, folder, call_list).calls_changed == 1
    assert import_calls(engine, None, call_list).calls_without_recording == ()
    assert files_of(engine) == {"A1": "a1.wav"}


def test_agents_that_the_roster_does_not_have(engine, folder, tmp_path):
    roster = write_list(
        tmp_path,
        "P1,张三,8001,一班,2026-10-01,",
        headings="人员编号,姓名,工号,班组,开始日期,结束日期",
        name="r.csv",
    )
    early = "A0,,8001,一班,2026-09-30 09:00,呼入"
    report = import_calls(engine, None, write_list(tmp_path, A1, A2), roster)
    assert report.unknown_agents == ("8002",)
    assert import_calls(engine, None, write_list(tmp_path, early)).unknown_agents == ("8001",)
    assert calls_frame(engine)["person_id"].to_list() == ["P1", "P1", "8002"]


def test_a_new_roster_replaces_the_old_one_which_stays_on_record(engine, tmp_path):
    headings = "人员编号,姓名,工号,班组"
    import_calls(
        engine, None, None, write_list(tmp_path, "P1,张三,1,一班", "P2,李四,2,一班", headings=headings)
    )
    report = import_calls(
        engine, None, None, write_list(tmp_path, "P1,张三,1,二班", "P2,李四,2,一班", headings=headings)
    )
    assert (report.roster_new, report.roster_removed, report.roster_unchanged) == (1, 1, 1)
    table = schema.roster
    with reading(engine) as connection:
        rows = connection.execute(select(table.c.person_id, table.c.team, table.c.removed_in)).all()
    assert sorted(map(tuple, rows), key=str) == [
        ("P1", "一班", 2),
        ("P1", "二班", None),
        ("P2", "一班", None),
    ]
    kept = import_calls(engine, None, None, write_list(tmp_path, headings=headings))
    assert not kept.changed
    assert [problem.code for problem in kept.problems] == ["calls.roster_no_rows"]


def test_a_mistake_in_the_list_shows_before_anything_is_hashed(engine, folder, tmp_path, monkeypatch):
    put(folder, a1="one")
    monkeypatch.setattr("qa_audit.calls.recordings.sha256_of", lambda _: pytest.fail("hashed"))
    with pytest.raises(QaError) as raised:
        import_calls(engine, folder, write_list(tmp_path, "1,2", headings="甲,乙"))
    assert raised.value.code == "calls.list_headings"


def test_an_import_that_is_cut_off_leaves_nothing(engine, folder, tmp_path, monkeypatch):
    put(folder, a1="one")
    before = dump(engine)

    def cut(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "write_calls", cut)
    with pytest.raises(KeyboardInterrupt):
        import_calls(engine, folder, write_list(tmp_path, A1))
    assert dump(engine) == before
    monkeypatch.undo()
    assert import_calls(engine, folder, write_list(tmp_path, A1)).calls_new == 1


def test_two_imports_at_once_make_each_call_once(engine, folder, tmp_path):
    for number in range(40):
        put(folder, **{f"c{number}": str(number)})
    call_list = write_list(tmp_path, *(f"C{i},c{i}.wav,8001,一班,2026-10-03 09:00,呼入" for i in range(40)))
    reports = []
    threads = [
        threading.Thread(target=lambda: reports.append(import_calls(engine, folder, call_list)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report.calls_new for report in reports) == [0, 0, 0, 40]
    assert calls_frame(engine).height == 40


def test_a_touched_file_makes_no_entry_in_the_history(engine, folder, tmp_path):
    put(folder, a1="one")
    call_list = write_list(tmp_path, A1)
    import_calls(engine, folder, call_list)
    (folder / "a1.wav").touch()
    assert not import_calls(engine, folder, call_list).changed
    with reading(engine) as connection:
        noted = connection.execute(select(schema.recording_files.c.mtime_ns)).scalar_one()
    assert noted == (folder / "a1.wav").stat().st_mtime_ns


def test_ten_thousand_calls_come_in_and_out_unharmed(engine, tmp_path):
    lines = [
        f"C{i:05},,{8000 + i % 60},一班,2026-10-{1 + i % 28:02} 09:00:{i % 60:02},呼入" for i in range(10_000)
    ]
    call_list = write_list(tmp_path, *lines)
    assert import_calls(engine, None, call_list).calls_new == 10_000
    assert import_calls(engine, None, call_list).calls_unchanged == 10_000
    assert calls_frame(engine, "2026-10").height == 10_000


def test_a_list_of_which_no_call_belongs_to_a_month_fails(engine, folder, tmp_path):
    put(folder, a1="one", **{"8001_20261003091507": "two"})
    undated = write_list(tmp_path, "A1,a1.wav", headings="通话编号,录音文件")
    report = import_calls(engine, folder, undated)
    assert [(one.code, one.left_out) for one in report.problems] == [("calls.no_start_column", True)]
    dated = write_list(tmp_path, "A1,a1.wav", "A2,8001_20261003091507.wav", headings="通话编号,录音文件")
    report = import_calls(engine, folder, dated)
    assert [(one.code, one.left_out) for one in report.problems] == [("calls.no_start_column", False)]
    assert not import_calls(engine, folder, dated).changed


def test_new_calls_without_recordings_yet_are_no_failure(engine, folder, tmp_path):
    put(folder, a1="one")
    import_calls(engine, folder, write_list(tmp_path, A1))
    report = import_calls(engine, folder, write_list(tmp_path, A2))
    assert (report.calls_without_recording, report.problems) == (("A2",), ())
