from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from qa_audit.reports.bulletin import AUDITED, bulletin
from qa_audit.reports.context import ReportContext
from qa_audit.reports.registers import FAULT_REGISTER

DAY = date(2026, 10, 3)
MakeContext = Callable[..., ReportContext]


def _audited(*rows: tuple[str, str, str, float | None, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (call, datetime(2026, 10, 2, 9), f"person:{name}", "一班", "1001", name, who, score, faults)
            for call, name, who, score, faults in rows
        ],
        AUDITED,
        orient="row",
    )


def _fault(item: str, severity: str, words: str, should_say: str = "", times: int = 1) -> dict[str, object]:
    return {
        "call_id": "c1",
        "start": datetime(2026, 10, 2, 9),
        "agent": "person:王喆",
        "team": "一班",
        "agent_no": "1001",
        "agent_name": "王喆",
        "item": item,
        "severity": severity,
        "start_s": 3.0,
        "end_s": 5.0,
        "words": words,
        "should_say": should_say,
        "comment": "",
        "times": times,
        "inspector": "李敏",
        "at": datetime(2026, 10, 3, 10),
        "clip": None,
    }


def test_a_day_in_words(make_context: MakeContext) -> None:
    marked = pl.DataFrame(
        [
            _fault("closing", "minor", "好的再见", "感谢您的来电，再见"),
            _fault("closing", "minor", "再见", times=2),
            _fault("no_harsh_language", "critical", "王小明先生你有完没完，13812345678"),
        ],
        FAULT_REGISTER,
    )
    audited = _audited(("c1", "王喆", "李敏", 62.0, 3), ("c2", "李堃", "赵静", 98.25, 0))
    assert bulletin(audited, marked, make_context(), DAY, DAY).text == (
        "每日质检情况\n"
        "客户服务部 · 2026年10月3日\n"
        "\n"
        "【质检了什么】\n"
        "2 名质检员听评了 2 通电话，涉及 1 个班组、2 名员工，记工差 3 条，其中严重 1 条。\n"
        "人工平均分（听评的通话，不是随机样本的不代表全体）：80.1\n"
        "\n"
        "【要紧的问题】\n"
        "· 不使用生硬语言：1 次（严重 1 次）；有人说：“某先生你有完没完，＊”\n"
        "· 结束语：2 次（重犯 1 次）；有人说：“好的再见”\n"
        "\n"
        "【日常提示】\n"
        "· 结束语：应说“感谢您的来电，再见”\n"
        "\n"
        "【表扬】\n"
        "· 一班 李堃：通话 c2，98.3 分，没有一处工差\n"
        "\n"
        "客户姓名和号码已隐去；问题不点名，表扬点名。工差和得分都按申诉裁决以后的算。"
    )


def test_a_day_without_audits_says_so(make_context: MakeContext) -> None:
    page = bulletin(_audited(), pl.DataFrame(schema=FAULT_REGISTER), make_context(), DAY, DAY)
    assert "这一天没有交卷的听评。" in page.text


@pytest.mark.parametrize("ending", ["html", "pdf", "txt"])
def test_a_week_is_written_in_three_forms(make_context: MakeContext, tmp_path: Path, ending: str) -> None:
    marked = pl.DataFrame([_fault("closing", "minor", "<script>")], FAULT_REGISTER)
    page = bulletin(_audited(("c1", "王喆", "李敏", None, 1)), marked, make_context(), date(2026, 9, 27), DAY)
    written = {path.suffix: path for path in page.write(tmp_path)}
    path = written[f".{ending}"]
    assert path.name == f"2026-10-03-每周质检情况.{ending}"
    content = path.read_bytes()
    assert content.startswith(b"%PDF-") if ending == "pdf" else "2026年9月27日 至" in content.decode()
    assert ending != "html" or (b"<script>" not in content and b"&lt;script&gt;" in content)
