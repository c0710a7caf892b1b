"""Where the archive lies and by what it is known: marks, names of its folders, what may not hold what."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from qa_audit.messages import QaError
from qa_audit.retention import place
from qa_audit.retention.place import (
    MARK_FILE,
    archive_of,
    archives_of,
    folder_in,
    mark_in,
    open_archive,
    require_present,
)
from qa_audit.store.database import open_database, writing
from qa_audit.store.roles import grant
from qa_audit.store.schema import folders
from tests.refusal import code_of


@pytest.fixture
def home(tmp_path):
    """A folder with a disk in it."""
    (tmp_path / "disk").mkdir()
    return tmp_path.resolve()


@pytest.fixture
def opened(home):
    """Makes databases, each with these folders of recordings."""
    made = []

    def make(name="qa.db", sources=()):
        made.append(open_database(home / name))
        with writing(made[-1]) as connection:
            for source in sources:
                connection.execute(insert(folders).values(path=str(source)))
        return made[-1]

    yield make
    for one in made:
        one.dispose()


def test_without_a_name_nothing_is_written(home, opened):
    database = opened()
    assert open_archive(database, home / "disk") == home / "disk"
    assert archives_of(database) == {}
    assert list((home / "disk").iterdir()) == []


def test_the_mark_lies_in_the_folder_and_is_known(home, opened):
    database = opened()
    open_archive(database, home / "disk", "李敏")
    mark = mark_in(home / "disk")
    assert mark is not None
    assert len(mark) == 32
    assert archives_of(database) == {str(home / "disk"): mark}


@pytest.mark.sqlite  # where the login is the one the environment names
def test_who_may_not_add_an_archive_leaves_no_mark(home, opened, monkeypatch):
    database = opened()
    monkeypatch.setenv("JUPYTERHUB_USER", "zhao")
    grant(database, "zhao", "supervisor", name="赵六", reason="开始使用")
    grant(database, "li", "inspector", name="李敏", reason="入职")
    monkeypatch.setenv("JUPYTERHUB_USER", "li")
    assert code_of(open_archive, database, home / "disk", "李敏") == "roles.not_allowed"
    assert list((home / "disk").iterdir()) == []
    monkeypatch.setenv("JUPYTERHUB_USER", "zhao")
    assert code_of(open_archive, database, home / "disk", "李敏") == "roles.not_you"
    assert (list((home / "disk").iterdir()), archives_of(database)) == ([], {})


def test_a_disk_that_cannot_be_written_is_no_archive(home, opened, monkeypatch):
    database = opened()

    def full(path, _text):
        raise QaError("store.disk_full", path=path)

    monkeypatch.setattr(place, "write_text", full)
    assert code_of(open_archive, database, home / "disk", "李敏") == "store.disk_full"
    assert archives_of(database) == {}


def test_whoever_opens_it_again_finds_the_same_mark(home, opened):
    database = opened()
    open_archive(database, home / "disk", "李敏")
    before = archives_of(database)
    open_archive(database, home / "disk", "王芳")
    assert archives_of(database) == before
    assert mark_in(home / "disk") == before[str(home / "disk")]


def test_two_workspaces_may_share_an_archive_and_its_mark(home, opened):
    one, other = opened("one.db"), opened("other.db")
    for database in (one, other):
        open_archive(database, home / "disk", "李敏")
    assert archives_of(one) == archives_of(other)
    assert open_archive(one, home / "disk") == home / "disk"


def test_two_disks_have_different_marks(home, opened):
    database = opened()
    for name in ("disk", "other"):
        (home / name).mkdir(exist_ok=True)
        open_archive(database, home / name, "李敏")
    assert len(set(archives_of(database).values())) == 2


@pytest.mark.parametrize("lying", [None, b"", b" \n", b"\xff\xfe", b"0123456789abcdef0123456789abcdef"])
def test_a_folder_without_its_own_mark_is_another_disk_and_stays_as_it_is(home, opened, lying):
    database, mark = opened(), home / "disk" / MARK_FILE
    open_archive(database, home / "disk", "李敏")
    if lying is None:
        mark.unlink()
    else:
        mark.write_bytes(lying)
    assert code_of(open_archive, database, home / "disk", "李敏") == "archive.other_disk"
    assert (mark.read_bytes() if mark.exists() else None) == lying


def test_the_ways_to_a_folder_lead_to_one_archive(home, opened, monkeypatch):
    database = opened()
    (home / "link").symlink_to(home / "disk")
    monkeypatch.chdir(home)
    monkeypatch.setenv("HOME", str(home))
    for way in ("disk", "~/disk", home / "link", home / "disk" / ".." / "disk"):
        assert open_archive(database, way, "李敏") == home / "disk"
    assert list(archives_of(database)) == [str(home / "disk")]


@pytest.mark.parametrize("name", ["gone", "qa.db"])
def test_what_is_no_folder_is_no_archive(home, opened, name):
    assert code_of(open_archive, opened(), home / name, "李敏") == "archive.target_missing"


@pytest.mark.parametrize("below", ["录音", "2026/录音"])
def test_an_archive_that_holds_recordings_of_the_recorder_is_refused(home, opened, below):
    database = opened(sources=[home / "disk" / below])
    assert code_of(open_archive, database, home / "disk", "李敏") == "archive.inside"
    assert mark_in(home / "disk") is None


def test_a_link_does_not_hide_that_it_lies_among_the_recordings(home, opened):
    database = opened(sources=[home / "disk"])
    (home / "disk" / "存档").mkdir()
    (home / "link").symlink_to(home / "disk" / "存档")
    assert code_of(open_archive, database, home / "link", "李敏") == "archive.inside"


def test_folders_whose_names_begin_alike_do_not_lie_in_one_another(home, opened):
    (home / "disk2").mkdir()
    database = opened(sources=[home / "disk", home / "disk22"])
    assert open_archive(database, home / "disk2", "李敏") == home / "disk2"


def test_what_came_from_the_recorder_may_lie_right_in_a_known_archive_and_no_deeper(home, opened):
    database = opened()
    open_archive(database, home / "disk", "李敏")
    moved = folder_in(home / "disk", "/data/录音")
    with writing(database) as connection:
        connection.execute(insert(folders).values(path=moved))
    assert open_archive(database, home / "disk") == home / "disk"
    with writing(database) as connection:
        connection.execute(insert(folders).values(path=f"{moved}/七月"))
    assert code_of(open_archive, database, home / "disk") == "archive.inside"


def test_folders_of_the_same_name_lie_apart():
    sources = ("/data/录音", "/data/2026/录音", "/录音")
    names = {Path(folder_in(Path("/mnt"), source)).name for source in sources}
    assert len(names) == 3
    assert {name.rpartition("-")[0] for name in names} == {"录音"}


def test_a_root_has_a_name_too_and_one_that_is_no_utf_8_a_place():
    assert folder_in(Path("/mnt"), "/").startswith("/mnt/recordings-")
    assert Path(folder_in(Path("/mnt"), "/data/\udcff")).parent == Path("/mnt")


@pytest.mark.parametrize(
    ("folder", "wanted"),
    [
        ("/mnt/a", "/mnt/a"),
        ("/mnt/a/录音-712494bb/七月", "/mnt/a"),
        ("/mnt/ab/录音", None),
        ("/mnt", None),
    ],
)
def test_an_archive_is_told_by_whole_names(folder, wanted):
    assert archive_of(folder, {"/srv": "s", "/mnt/a": "m"}) == wanted


def test_only_files_of_an_archive_need_its_disk(home):
    known = {str(home / "disk"): "m"}
    require_present(str(home / "录音"), known)
    inside = str(home / "disk" / "录音-712494bb")
    assert code_of(require_present, inside, known) == "archive.other_disk"
    (home / "disk" / MARK_FILE).write_text("m\n")
    require_present(inside, known)
