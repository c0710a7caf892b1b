from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from matplotlib.image import imread

from qa_audit.messages import QaError
from qa_audit.reports.context import ReportContext
from qa_audit.reports.month_files import write_month

Month = tuple[pl.DataFrame, pl.DataFrame]


def test_a_month_is_these_files(
    by_hand: Month, make_context: Callable[..., ReportContext], tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    written = write_month(folder, "2026-10", *by_hand, make_context())
    assert [path.relative_to(folder).as_posix() for path in written] == [
        "2026-10.xlsx",
        "2026-10.html",
        "2026-10.pdf",
        "2026-10-班组.csv",
        "2026-10-员工.csv",
        "2026-10-项目.csv",
        "2026-10-明细.csv",
        "2026-10-问题清单.csv",
        "2026-10-calls.parquet",
        "2026-10-findings.parquet",
        "2026-10-agents.parquet",
        "2026-10-teams.parquet",
        "2026-10-items.parquet",
        "2026-10-员工.png",
        "2026-10-项目.png",
        "2026-10-成绩单/0012.pdf",
        "2026-10-成绩单/1002.pdf",
        "2026-10-成绩单/未知.pdf",
    ]
    assert {path for path in folder.rglob("*") if path.is_file()} == set(written)
    assert (folder / "2026-10.pdf").read_bytes().startswith(b"%PDF-")
    assert pl.read_parquet(folder / "2026-10-agents.parquet")["agent"].to_list() == [
        "person:p1",
        "person:p2",
        "unknown:未知",
    ]
    agents = pl.read_csv(folder / "2026-10-员工.csv", schema_overrides={"工号": pl.String})
    assert agents.select("工号", "机器平均分", "一票否决率").rows() == [
        ("0012", 37.5, 0.5),
        ("1002", None, None),
        ("未知", None, None),
    ]
    assert pl.read_csv(folder / "2026-10-明细.csv")["结束语"].to_list() == ["不合格", None, None, None]
    for picture in (folder / "2026-10-员工.png", folder / "2026-10-项目.png"):
        assert imread(picture).std() > 0.05


def test_writing_twice_gives_the_same_bytes(
    by_hand: Month, make_context: Callable[..., ReportContext], tmp_path: Path
) -> None:
    def contents() -> dict[str, bytes]:
        write_month(tmp_path, "2026-10", *by_hand, make_context())
        return {file.name: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}

    assert contents() == contents()


def test_two_months_in_one_call_are_refused(
    by_hand: Month, make_context: Callable[..., ReportContext], tmp_path: Path
) -> None:
    with pytest.raises(QaError) as caught:
        write_month(tmp_path, "2026-09", *by_hand, make_context())
    assert caught.value.values == {"month": "2026-09", "context": "2026-10"}
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_wanted_is_written(
    by_hand: Month, make_context: Callable[..., ReportContext], tmp_path: Path
) -> None:
    written = write_month(tmp_path, "2026-10", *by_hand, make_context(), formats=("pdf",))
    assert [path.name for path in written] == ["2026-10.pdf"]
    with pytest.raises(QaError) as caught:
        write_month(tmp_path, "2026-10", *by_hand, make_context(), formats=("docx",))  # type: ignore[arg-type]
    assert caught.value.code == "report.bad_format"
