"""A month of a real workspace from its figures to its closing, and what stands in the way."""

import json
from functools import partial, partialmethod

import polars as pl
import pytest
from sqlalchemy import update

from qa_audit.audit.actions import GiveVerdict
from qa_audit.audit.events import append
from qa_audit.audit.scores import audit_frame, events_frame
from qa_audit.call_results import CallResults
from qa_audit.calls.query import calls_frame
from qa_audit.closing.folder import read_folder
from qa_audit.closing.printed import printed
from qa_audit.closing.recompute import recompute
from qa_audit.estimation.audited import assigned_calls
from qa_audit.messages import QaError, speaking
from qa_audit.months.closed_report import filed_report, report_inputs
from qa_audit.months.sources import MonthSources, framed_calls
from qa_audit.months.state import changes_since
from qa_audit.sampling.frame import Frame
from qa_audit.store import sample_schema, schema
from qa_audit.store.database import writing
from qa_audit.workspace import Workspace
from tests.closing.conftest import closed, heard, heard_folder  # noqa: F401 - fixtures
from tests.closing.made_workspace import draw, hear, judge

MONTH = "2026-10"


def refused(code, call, *arguments, **options):
    with pytest.raises(QaError) as error:
        call(*arguments, **options)
    assert error.value.code == code, error.value.text("en")
    return error.value.text("zh")


def appeal_against(workspace, item):
    """An appeal against the first verdict of the month that failed this item."""
    failed = audit_frame(workspace.database).filter(item=item, first_verdict="fail").sort("call_id")
    call = next(one for one in failed["call_id"] if one.startswith(MONTH[5:]))
    return workspace.appeals.file(call, item, text="我说了再见", who="员工")


def heard_faults(workspace, item):
    """Calls in which the month's report says that people failed this item."""
    rates = report_inputs(workspace, MONTH).figures.rates_of_all
    assert rates is not None
    return rates.filter(item=item)["heard_faults"].item()


def test_what_an_appeal_settled_is_in_the_figure_and_in_what_is_computed_again(heard, tmp_path):  # noqa: F811
    book = heard.month_book
    appeal = appeal_against(heard, "closing")
    before = {one["agent"]: one["estimate"] for one in heard.pay_figures(MONTH).agents.to_dicts()}
    faults = heard_faults(heard, "closing")
    book.confirm(MONTH, None, "班长")
    heard.appeals.reply(appeal.appeal_id, text="再听一遍", who="班长")
    heard.appeals.decide(appeal.appeal_id, "overturned", reason="听得到再见", who="主管")
    after = {one["agent"]: one["estimate"] for one in heard.pay_figures(MONTH).agents.to_dicts()}
    own = f"person:{appeal.call_id.split('-')[1]}"
    assert after[own] > before[own] + 0.1
    assert (faults, heard_faults(heard, "closing")) == (7, 6)
    assert own.partition(":")[2] in refused("closing.unconfirmed", book.close, MONTH, "主管")
    book.confirm(MONTH, None, "班长")
    book.close(MONTH, "主管")
    assert printed(heard.pay_figures(MONTH)) == printed(book.told(MONTH).figures)
    book.export(MONTH, tmp_path / "存档")
    assert appeal.call_id in (tmp_path / "存档" / "rulings.jsonl").read_text("utf-8")
    assert not recompute(read_folder(tmp_path / "存档")).differences


def test_the_figures_are_these_digits(heard):  # noqa: F811
    """However a month is read, and on every machine: seeds, audits and calls of this one are fixed."""
    rows = heard.pay_figures(MONTH).agents.select("agent", "estimate", "half_width").rows()
    assert [(agent, f"{estimate:.6f}", f"{half:.6f}") for agent, estimate, half in rows] == [
        ("person:8001", "91.207140", "4.853269"),
        ("person:8002", "92.765298", "4.857835"),
        ("person:8003", "100.000000", "4.838761"),
        ("person:8004", "92.462663", "5.247900"),
    ]


def test_a_month_is_read_once(heard, monkeypatch):  # noqa: F811
    read = []
    for owner, name in ((Frame, "read"), (CallResults, "score_jobs")):
        plain = getattr(owner, name)
        counted = partial(lambda plain, name, *given: read.append(name) or plain(*given), plain, name)
        monkeypatch.setattr(owner, name, counted if name == "read" else partialmethod(_told, plain, read))
    heard.pay_figures(MONTH)
    # Of this month and of the one before it.
    assert sorted(read) == ["calls", "calls", "read", "read"]


def _told(self, plain, read, known):
    read.append("calls")
    return plain(self, known)


def test_the_month_before_enters_and_who_changed_teams_is_one_person(heard):  # noqa: F811
    told = heard.month_book.told(MONTH)
    assert told.closed is None
    assert told.provenance == [{"month": "2026-09", "how": "recomputed"}]
    agents = told.figures.agents
    assert agents["agent"].to_list() == ["person:8001", "person:8002", "person:8003", "person:8004"]
    assert agents["months"].to_list() == [2, 2, 2, 2]
    # 8002 went from 一班 to 二班 in mid-month: one figure from all calls, each team with its own.
    assert agents.filter(agent="person:8002")["calls"].to_list() == [14]
    moved = calls_frame(heard.database, MONTH).filter(agent_no="8002")["team"]
    assert sorted(moved.unique()) == ["一班", "二班"]
    assert printed(heard.pay_figures(MONTH)) == printed(told.figures)


def test_what_stands_in_the_way_of_closing_is_said(heard):  # noqa: F811
    book = heard.month_book
    told = refused("closing.unconfirmed", book.close, MONTH, "主管")
    assert "4 名员工没有确认" in told
    refused("closing.unknown_agent", book.confirm, MONTH, ["9999"], "班长")
    book.confirm(MONTH, ["8001", "李四", "person:8003"], "班长")
    told = refused("closing.unconfirmed", book.close, MONTH, "主管")
    assert "8004 赵六" in told
    assert "person:" not in told
    book.confirm(MONTH, ["8004"], "班长")
    appeal = appeal_against(heard, "closing")
    assert f"#1 {appeal.call_id} 结束语" in refused("closing.appeals_open", book.close, MONTH, "主管")
    heard.appeals.withdraw(appeal.appeal_id, reason="看错了", who="员工")
    book.confirm(MONTH, ["8004"], "班长", agreed=False, note="要申诉")
    refused("closing.unconfirmed", book.close, MONTH, "主管")
    assert book.close(MONTH, "主管", without_word="8004 长期病假").version == 1
    refused("closing.closed", book.close, MONTH, "主管")
    refused("closing.closed", book.confirm, MONTH, ["8004"], "班长")
    refused("closing.closed", book.confirm, MONTH, ["9999"], "班长")
    refused("closing.not_closed", book.recompute, "2026-09")


@pytest.mark.parametrize("code", ["closing.appeals_open", "closing.words_changed"])
def test_nothing_is_closed_over_what_came_in_while_it_was_computed(heard, monkeypatch, code):  # noqa: F811
    book = heard.month_book
    book.confirm(MONTH, None, "班长")
    plain = filed_report

    def meanwhile(*given):
        if code == "closing.appeals_open":
            appeal_against(heard, "closing")
        else:
            book.confirm(MONTH, ["8004"], "班长", agreed=False, note="要申诉")
        return plain(*given)

    monkeypatch.setattr("qa_audit.months.book.filed_report", meanwhile)
    refused(code, book.close, MONTH, "主管")
    assert book.ledger.history(MONTH) == []


def test_an_inspector_who_left_keeps_what_they_judged_and_holds_up_what_they_did_not(heard):  # noqa: F811
    before = heard.pay_figures(MONTH).agents
    extra = draw_again(heard)
    left = heard.month_book.state(MONTH).open_audits
    # A call that chance gave to the same inspector again is heard already.
    assert 0 < sum(one.calls for one in left) <= 20
    told = refused("closing.audits_open", heard.month_book.close, MONTH, "主管")
    assert left[0].inspector in told
    first = assigned_calls(heard.samples, MONTH).filter(inspector=left[0].inspector, purpose="first")
    for call in first["call_id"]:
        judge(heard, call, left[0].inspector)
    rest = heard.month_book.state(MONTH).open_audits
    assert [one.inspector for one in rest] == [one.inspector for one in left[1:]]
    heard.month_book.close(MONTH, "主管", leave_open=f"{rest[0].inspector} 已离职", without_word="试")
    figures = heard.pay_figures(MONTH).agents
    assert figures["heard"].sum() == 20 - sum(one.calls for one in rest)
    assert extra.draw_id == 3
    assert before["heard"].sum() == 20


def draw_again(workspace):
    """Another draw instead of the first of the month: nothing of it is heard yet."""
    [old] = workspace.samples.draws(MONTH)
    return draw(workspace, MONTH, instead_of=old.draw_id, reason="换抽样方案")


def test_other_amounts_after_closing_are_told_and_not_applied(closed):  # noqa: F811
    kept = printed(closed.pay_figures(MONTH))
    file = closed.folder / "qa_audit.toml"
    text = file.read_text("utf-8")
    given = next(line for line in text.splitlines() if "amounts_yuan" in line)
    file.write_text(text.replace(given, "amounts_yuan = [0.0, 300.0, 400.0, 900.0]", 1), "utf-8")
    again = Workspace.open(closed.folder)
    with speaking("zh"):
        assert [str(one) for one in again.month_book.state(MONTH).changes] == [
            "· 设置里的等级界限或金额（[pay]）已改，没有采用"
        ]
    assert printed(again.pay_figures(MONTH)) == kept
    again.database.dispose()


def test_a_label_after_closing_is_told_and_not_applied(closed):  # noqa: F811
    book = closed.month_book
    kept = printed(closed.pay_figures(MONTH))
    assert book.state(MONTH).changes == []
    call, who = assigned_calls(closed.samples, MONTH).sort("call_id").select("call_id", "inspector").row(0)
    append(closed.database, call, who, GiveVerdict("closing", "not_applicable"), closed.rubric)
    judge(closed, call, "路过的人")
    [change] = book.state(MONTH).changes
    assert change.code == "labels"
    assert change.values["count"] > 1
    assert printed(closed.pay_figures(MONTH)) == kept
    assert not book.recompute(MONTH).failed
    with speaking("zh"):
        assert "没有计入" in str(book.state(MONTH))


def test_a_label_is_known_by_its_own_number_alone(closed):  # noqa: F811
    book = closed.month_book
    files = book.ledger.files(book.ledger.closed(MONTH))
    assert b"10-8001-" in files["events.jsonl"]
    inputs = MonthSources.read(closed, book.ledger, MONTH).inputs
    events = events_frame(closed.database, assigned_calls(closed.samples, MONTH)["call_id"].unique())
    late = pl.concat([events, events.head(1).with_columns(uuid=pl.lit("10-8001-"))])
    [change] = changes_since(files, inputs, closed.pay_figures(MONTH), late, 0, names={})
    assert (change.code, change.values) == ("labels", {"count": 1})


def test_who_would_have_another_figure_is_called_by_name_whatever_the_key_holds(closed):  # noqa: F811
    files = closed.month_book.ledger.files(closed.month_book.ledger.closed(MONTH))
    told = json.loads(files["figures.json"])
    told["agents"][0] |= {"agent": "name:J. Smith", "estimate": "50.00"}
    told["agents"][1]["estimate"] = "50.00"
    inputs = MonthSources.read(closed, closed.month_book.ledger, MONTH).inputs
    figures, events = closed.pay_figures(MONTH), events_frame(closed.database, ["10-8001-00"])
    files = {**files, "figures.json": json.dumps(told).encode()}
    found = changes_since(files, inputs, figures, events, 0, names={"person:8002": "8002 李四"})
    moved = {one.values["agent"]: str(one) for one in found if one.code == "figure"}
    assert set(moved) == {"name:J. Smith", "person:8001", "person:8002"}
    assert "J. Smith" in moved["name:J. Smith"]
    assert "name:" not in moved["name:J. Smith"]
    assert "8002 李四" in moved["person:8002"]


def test_reopening_makes_another_version_and_the_first_can_still_be_computed(closed):  # noqa: F811
    book = closed.month_book
    first = book.recompute(MONTH)
    book.reopen(MONTH, "主管", "抽样方案有误")
    assert book.told(MONTH).closed is None
    draw_again(closed)
    hear(closed, MONTH)
    # The figures are others now, so that what was confirmed before does not hold.
    refused("closing.unconfirmed", book.close, MONTH, "主管")
    book.confirm(MONTH, None, "班长")
    assert book.close(MONTH, "主管").version == 2
    assert book.recompute(MONTH, 1).filed == first.filed
    assert book.recompute(MONTH).receipt != first.receipt
    assert not book.recompute(MONTH).failed


def test_a_seed_that_does_not_come_from_the_frozen_frame_is_refused(heard):  # noqa: F811
    with writing(heard.database) as connection:
        connection.execute(update(sample_schema.draws).values(seed="ab" * 32))
    told = refused("closing.draw_wrong", heard.month_book.close, MONTH, "主管", without_word="试")
    assert "种子只能由冻结后的抽样框" in told


def test_words_told_after_the_frame_was_frozen_make_no_seed(heard):  # noqa: F811
    samples = heard.samples
    [old] = samples.draws(MONTH)
    frozen = samples.freeze(samples.frame(MONTH), "主管")
    samples.commit(MONTH, "李敏", "知道抽样框以后才想出来的词")
    words = {"李敏": "知道抽样框以后才想出来的词"}
    refused(
        "sampling.not_committed",
        samples.draw, frozen.frame_id, "主管", words=words, instead_of=old.draw_id, reason="试",
    )  # fmt: skip


def test_a_call_belongs_to_one_month(heard):  # noqa: F811
    """A corrected list moves a call of the frozen frame of September over midnight into October."""
    september = calls_frame(heard.database, "2026-09")["call_id"]
    move = update(schema.calls).where(schema.calls.c.call_id == september[0])
    with writing(heard.database) as connection:
        connection.execute(move.values(start=calls_frame(heard.database, MONTH)["start"][0]))
    figures = heard.pay_figures("2026-09").agents
    assert figures["calls"].sum() == 56  # it stays where it was frozen, with its score
    draw_again(heard)  # and now October's frame has it too
    told = refused("closing.call_in_two_months", heard.month_book.close, MONTH, "主管", without_word="试")
    assert september[0] in told


def test_a_call_that_a_corrected_list_moves_is_not_drawn_again(heard, tmp_path):  # noqa: F811
    """The first of September turns out to be one of October: its frozen frame keeps it, the next lacks it."""
    row = calls_frame(heard.database, "2026-09").row(0, named=True)
    call = row["call_id"]
    file = tmp_path / "更正.csv"
    file.write_text(
        "呼叫流水号,开始时间,坐席工号,坐席姓名,班组,录音文件\n"
        f"{call},2026-10-01 00:00:00,{row['agent_no']},{row['agent_name']},{row['team']},{call}.wav\n",
        encoding="utf-8",
    )
    heard.import_calls(call_list=file)
    assert call in calls_frame(heard.database, MONTH)["call_id"]
    draw_again(heard)
    assert call not in framed_calls(heard.samples, MONTH)
    assert call in framed_calls(heard.samples, "2026-09")
    hear(heard, MONTH)
    for month in ("2026-09", MONTH):
        assert heard.month_book.close(month, "主管", without_word="试").version == 1


def test_an_appeal_on_a_drawn_call_holds_up_its_month_though_the_list_moved_the_call(heard):  # noqa: F811
    appeal = appeal_against(heard, "closing")
    move = update(schema.calls).where(schema.calls.c.call_id == appeal.call_id)
    with writing(heard.database) as connection:
        connection.execute(move.values(start=calls_frame(heard.database, "2026-09")["start"][0]))
    told = refused("closing.appeals_open", heard.month_book.close, MONTH, "主管", without_word="试")
    assert f"#1 {appeal.call_id} 结束语" in told
    assert heard.month_book.open_appeals(MONTH) == [f"#1 {appeal.call_id} closing"]


def test_a_closed_month_enters_as_it_was_closed_and_another_rubric_needs_it_scored_again(heard):  # noqa: F811
    book = heard.month_book
    book.close("2026-09", "主管", without_word="试")
    told = book.told(MONTH)
    assert [one["how"] for one in told.provenance] == ["closed"]
    rubric = heard.folder / "rubric.toml"
    rubric.write_text(rubric.read_text("utf-8").replace('"1.0.0"', '"1.0.1"', 1), "utf-8")
    changed = Workspace.open(heard.folder)
    assert [one["how"] for one in changed.month_book.told(MONTH).provenance] == ["not_rescored"]
    assert changed.month_book.state("2026-09").changes[0].code == "machine"
    changed.score(month="2026-09")
    again = changed.month_book.told(MONTH)
    assert [one["how"] for one in again.provenance] == ["rescored"]
    assert again.figures.agents["months"].to_list() == [2, 2, 2, 2]
    assert not changed.month_book.recompute("2026-09").failed
    changed.database.dispose()


NEW_ITEM = """
[[items]]
id = "farewell"
name_zh = "祝福语"
name_en = "Good wishes"
source = "test"
weight = 30
check = { kind = "banned", said = { phrases = ["请您稍等"] } }

"""


def with_new_item(workspace):
    """The workspace opened again with an item that nobody has judged, its calls scored."""
    file = workspace.folder / "rubric.toml"
    head, mark, rest = file.read_text("utf-8").partition("[[items]]")
    file.write_text(head.replace('"1.0.0"', '"1.0.1"', 1) + NEW_ITEM + mark + rest, "utf-8")
    changed = Workspace.open(workspace.folder)
    changed.score()
    return changed


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_month_before_tells_nothing_of_an_item_that_came_later(heard, is_closed):  # noqa: F811
    """Its calls were judged without the item, so that people's scores of them are too high by it."""
    if is_closed:
        heard.month_book.close("2026-09", "主管", without_word="试")
    changed = with_new_item(heard)
    told = changed.month_book.told(MONTH)
    assert [one["how"] for one in told.provenance] == ["not_judged"]
    assert told.figures.agents["months"].to_list() == [1, 1, 1, 1]
    assert told.figures.agents["estimate"].equals(told.figures.agents["alone"])
    changed.database.dispose()


def test_a_month_is_not_closed_by_a_rubric_with_items_that_nobody_judged(heard):  # noqa: F811
    changed = with_new_item(heard)
    book = changed.month_book
    assert book.told(MONTH).unjudged == {"祝福语": 20}
    assert book.state(MONTH).as_json()["items_unjudged"] == {"祝福语": 20}
    with speaking("zh"):
        assert "注意：20 通已提交的抽听没有评过“祝福语”" in str(book.state(MONTH))
    told = refused("closing.items_unjudged", book.close, MONTH, "主管", without_word="试")
    assert "2026-10 有 20 通已提交的抽听没有评过“祝福语”" in told
    file = changed.folder / "rubric.toml"
    file.write_text(file.read_text("utf-8").replace(NEW_ITEM, ""), "utf-8")
    without = Workspace.open(changed.folder)
    without.score()
    assert without.month_book.told(MONTH).unjudged == {}
    assert without.month_book.close(MONTH, "主管", without_word="试").version == 1
    assert without.month_book.state(MONTH).as_json()["items_unjudged"] == {}
    for one in (changed, without):
        one.database.dispose()


def test_a_closed_month_that_the_rubric_of_now_says_nothing_of_is_left_out(heard):  # noqa: F811
    """All items have other ids now: people's verdicts give no score, and no month may be scored by both."""
    heard.month_book.close("2026-09", "主管", without_word="试")
    file = heard.folder / "rubric.toml"
    head = file.read_text("utf-8").partition("[[items]]")[0].replace('"1.0.0"', '"2.0.0"', 1)
    file.write_text(head + NEW_ITEM, "utf-8")
    changed = Workspace.open(heard.folder)
    changed.score()
    told = changed.month_book.told(MONTH)
    assert [one["how"] for one in told.provenance] == ["not_judged"]
    assert told.figures.agents["reason"].to_list() == ["no_audits"] * 4
    changed.database.dispose()
