"""People as they were frozen when a month was drawn, though a roster came or was put right afterwards."""

import csv
import io
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from qa_audit.calls.people import ROSTER_SCHEMA
from qa_audit.estimation.filtered import HISTORY
from qa_audit.estimation.trend import MONTHS
from qa_audit.messages import QaError, set_language
from qa_audit.months.closed_report import report_inputs
from qa_audit.months.frozen_people import framed_people, frozen_keys, frozen_people, under_frozen_keys
from qa_audit.months.past import Past
from qa_audit.sampling.frame import agent_key
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures

MONTH, BEFORE = "2026-10", "2026-09"
PEOPLE = ("person_id", "agent_no", "agent_name", "team")


@pytest.fixture(autouse=True)
def _chinese(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    yield
    set_language(None)


def framed(*rows):
    names = ("call_id", "agent", "agent_no", "agent_name", "team")
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def calls(*rows):
    return pl.DataFrame(rows, dict.fromkeys(("call_id", *PEOPLE), pl.String), orient="row")


def drawn(frame):
    """Samples of one draw, from this frame."""
    return SimpleNamespace(
        sample=lambda _month: pl.DataFrame({"draw_id": [1]}),
        frame_of=lambda _draw_id: SimpleNamespace(calls=frame),
    )


FRAMED = framed(
    ("c1", "person:8001", "8001", "张三", "一班"),
    ("c2", "number:8002", "8002", None, "一班"),
    ("c3", "name:王五", None, "王五", None),
)
NOW = calls(
    ("c1", "KF001", "8001", "张珊", "三班"),
    ("c2", "KF002", "8002", "李四", "三班"),
    ("c3", "KF003", "8003", "王五", "三班"),
    ("late1", "KF001", "8001", "张珊", "三班"),
    ("late2", "KF002", "8012", "李四", "三班"),
    ("late3", "KF003", "8003", "王五", "三班"),
    ("new", "KF009", "8009", "孙九", "三班"),
    ("nobody", None, None, None, None),
)


def test_calls_of_a_frame_are_whose_they_were_and_later_ones_join_them():
    found = frozen_people(FRAMED, NOW)
    assert found.rows() == [
        ("c1", "8001", "8001", "张三", "一班"),
        ("c2", None, "8002", None, "一班"),
        ("c3", None, None, "王五", None),
        ("late1", "8001", "8001", "张珊", "三班"),
        ("late2", None, "8002", "李四", "三班"),
        ("late3", None, None, "王五", "三班"),
        ("new", "KF009", "8009", "孙九", "三班"),
        ("nobody", None, None, None, None),
    ]
    assert found.select(agent_key())["agent"].to_list() == [
        *("person:8001", "number:8002", "name:王五") * 2,
        *("person:KF009", None),
    ]
    assert frozen_people(FRAMED, found).equals(found)
    assert frozen_people(FRAMED.clear(), NOW).equals(NOW)


def test_who_has_two_frozen_keys_keeps_the_present_one_for_later_calls():
    both = framed(
        ("c1", "person:8001", "8001", "张三", "一班"), ("c2", "person:KF001", "8001", "张三", "一班")
    )
    mine = calls(*((call, "KF001", "8001", "张三", "一班") for call in ("c1", "c2", "late")))
    assert frozen_keys(both, mine) == {}
    assert frozen_people(both, mine)["person_id"].to_list() == ["8001", "KF001", "KF001"]


def roster(workspace, *, team="一班"):
    names = (
        ("张三", "8001", team),
        ("李四", "8002", "一班"),
        ("王五", "8003", "二班"),
        ("赵六", "8004", "二班"),
    )
    people = [(f"KF{no[1:]}", name, no, None, of, date(2026, 1, 1), None) for name, no, of in names]
    file = workspace.folder / "花名册.csv"
    rows = pl.DataFrame(people, ROSTER_SCHEMA, orient="row")
    headings = {"person_id": "人员编号", "agent_name": "姓名", "new_no": "工号", "team": "班组"}
    rows.select(*headings, pl.col("start_date").alias("开始日期")).rename(headings).write_csv(file)
    workspace.import_calls(roster=file)


def sheet(workspace, name, folder):
    written = workspace.report(MONTH, folder, formats=("csv",))
    path = next(one for one in written if one.name == f"{MONTH}-{name}.csv")
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_a_roster_after_the_draw_leaves_every_score_where_it_belongs(heard, tmp_path):  # noqa: F811
    columns = ("班组", "工号", "可抽通话", "人工抽听", "其机器平均分", "校正后得分", "等级", "金额（元）")
    before = [[row[name] for name in columns] for row in sheet(heard, "员工", tmp_path / "先")]
    assert before[0] == ["一班", "8001", "14", "5", "71.36", "91.21", "优秀", "500.0"]
    roster(heard, team="三班")
    assert set(heard.calls(MONTH)["person_id"]) == {"KF001", "KF002", "KF003", "KF004"}
    assert [[row[name] for name in columns] for row in sheet(heard, "员工", tmp_path / "后")] == before
    teams = sheet(heard, "班组", tmp_path / "班组")
    assert [(row["班组"], row["可抽通话"], row["通话数"], row["人工抽听"]) for row in teams] == [
        ("一班", "21", "21", "7"),
        ("二班", "35", "35", "13"),
    ]
    inputs = report_inputs(heard, MONTH)
    assert set(inputs.calls.select(agent_key())["agent"]) == set(inputs.figures.agents["agent"])
    same = inputs.figures.sameness.filter(level="agent")["subject"].unique().sort().to_list()
    assert same == ["person:8001", "person:8002", "person:8003", "person:8004"]
    book = heard.month_book
    assert book.names(MONTH)["person:8001"] == "8001 张三"
    for name in ("8001", "张三", "KF001", "person:8001"):
        assert book.agent_of(MONTH, name) == "person:8001"
    assert book.confirm(MONTH, ["8001"], "班长")[0].figure == "91.21"
    # A month that is drawn by the roster takes up what was known of the person's number.
    new = pl.DataFrame(
        [(f"10-8001-{at:02d}", "person:KF001", "8001", "张三", "一班") for at in range(14)],
        framed().schema,
        orient="row",
    )
    samples = drawn(new)
    rows = [{"month": BEFORE, "agent": f"person:{one}", "bias": 1.0} for one in ("8001", "8002")]
    trend = [{"key": f"person:{one}", "month": BEFORE, "estimate": 90.0} for one in ("8001", "8002")]
    past = Past(pl.DataFrame(rows, HISTORY), pl.DataFrame(trend, MONTHS), [])
    found = under_frozen_keys(heard, samples, MONTH, past)
    assert found.history["agent"].to_list() == ["person:KF001", "person:8002"]
    assert found.earlier["key"].to_list() == ["person:KF001", "person:8002"]
    assert framed_people(samples, MONTH).equals(new)


def test_a_number_that_another_person_had_in_an_earlier_month_is_not_theirs(heard):  # noqa: F811
    file = heard.folder / "花名册.csv"
    file.write_text(
        "人员编号,姓名,工号,班组,开始日期,结束日期\n"
        "KF000,周八,8001,一班,2026-01-01,2026-09-30\n"
        "KF001,张三,8001,一班,2026-10-01,\n",
        "utf-8",
    )
    heard.import_calls(roster=file)
    new = framed(("10-8001-00", "person:KF001", "8001", "张三", "一班"))
    samples = drawn(new)
    rows = [{"month": BEFORE, "agent": "person:8001", "bias": 1.0}]
    past = Past(pl.DataFrame(rows, HISTORY), pl.DataFrame(schema=MONTHS), [])
    assert under_frozen_keys(heard, samples, MONTH, past).history["agent"].to_list() == ["person:8001"]
    with pytest.raises(QaError, match="9999"):
        heard.month_book.agent_of(MONTH, "9999")
