from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from matplotlib.image import imread

from qa_audit.messages import QaError
from qa_audit.reports import MonthFiles, ReportContext, write_month

Month = tuple[pl.DataFrame, pl.DataFrame]


def test_a_month_is_six_files_with_these_names(
    by_hand: Month, make_context: Callable[..., ReportContext], tmp_path: Path
) -> None:
    files = write_month(tmp_path / "out", "2026-10", *by_hand, make_context())
    assert files == MonthFiles(
        workbook=tmp_path / "out/2026-10.xlsx",
        teams_csv=tmp_path / "out/2026-10-班组.csv",
        agents_csv=tmp_path / "out/2026-10-员工.csv",
        calls_csv=tmp_path / "out/2026-10-明细.csv",
        faults_csv=tmp_path / "out/2026-10-问题清单.csv",
        agents_png=tmp_path / "out/2026-10-员工.png",
        items_png=tmp_path / "out/2026-10-项目.png",
    )
    written = {file.name for file in (tmp_path / "out").iterdir()}
    assert written == {getattr(files, field).name for field in MonthFiles.__dataclass_fields__}
    agents = pl.read_csv(files.agents_csv, schema_overrides={"工号": pl.String})
    assert agents.select("工号", "机器平均分", "一票否决率").rows() == [
        ("0012", 37.5, 0.5),
        ("1002", None, None),
        ("未知", None, None),
    ]
    assert pl.read_csv(files.calls_csv)["结束语"].to_list() == ["不合格", None, None, None]
    for picture in (files.agents_png, files.items_png):
        assert imread(picture).std() > 0.05


def test_writing_twice_gives_the_same_bytes(
    by_hand: Month, make_context: Callable[..., ReportContext], tmp_path: Path
) -> None:
    def contents() -> dict[str, bytes]:
        write_month(tmp_path, "2026-10", *by_hand, make_context())
        return {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    assert contents() == contents()


def test_two_months_in_one_call_are_refused(
    by_hand: Month, make_context: Callable[..., ReportContext], tmp_path: Path
) -> None:
    with pytest.raises(QaError) as caught:
        write_month(tmp_path, "2026-09", *by_hand, make_context())
    assert caught.value.values == {"month": "2026-09", "context": "2026-10"}
    assert list(tmp_path.iterdir()) == []
