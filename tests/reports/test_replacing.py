import errno
from pathlib import Path

import pytest

from qa_audit.messages import QaError
from qa_audit.reports.replacing import replacing


def write_half(path: Path, fault: BaseException) -> None:
    with replacing(path) as out:
        out.write(b"half")
        raise fault


def test_a_new_file_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "深" / "a.csv"
    for content in (b"1", b"2"):
        with replacing(path) as out:
            out.write(content)
    assert path.read_bytes() == b"2"
    assert [file.name for file in path.parent.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "report.disk_full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "report.disk_full"),
        (PermissionError(errno.EACCES, "Permission denied"), "report.locked"),
        (OSError(errno.EIO, "Input/output error"), "report.not_writable"),
    ],
)
def test_a_fault_while_writing_leaves_the_old_file_and_says_why(
    tmp_path: Path, fault: OSError, code: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    with pytest.raises(QaError) as caught:
        write_half(path, fault)
    assert caught.value.code == code
    assert str(path) in str(caught.value)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


def test_ctrl_c_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_half(path, KeyboardInterrupt())
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


def test_a_target_that_cannot_be_replaced_is_one_clear_fault(tmp_path: Path) -> None:
    path = tmp_path / "2026-10.xlsx"
    path.mkdir()
    with pytest.raises(QaError) as caught, replacing(path) as out:
        out.write(b"x")
    assert caught.value.code in ("report.not_writable", "report.locked")
    assert [file.name for file in tmp_path.iterdir()] == ["2026-10.xlsx"]


def test_a_folder_that_is_a_file_is_one_clear_fault(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(QaError) as caught, replacing(tmp_path / "out" / "a.csv") as out:
        out.write(b"x")
    assert caught.value.code == "report.not_writable"
