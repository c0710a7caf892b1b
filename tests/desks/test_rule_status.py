"""Statuses in a workspace: figures, decisions, and what they do to scores, pay, reports and closed months."""

import shutil
from datetime import UTC, datetime

import polars as pl
import pytest

from qa_audit.closing.filing import read_json
from qa_audit.closing.printed import printed
from qa_audit.messages import QaError, speaking
from qa_audit.months.closed_report import report_inputs
from qa_audit.months.glance import read_glance
from qa_audit.months.sources import machine_of
from qa_audit.reports.agent_document import agent_documents
from qa_audit.sampling.frame import agent_key
from qa_audit.verified import verify_workspace
from qa_audit.workspace import Workspace
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures
from tests.closing.made_workspace import draw, hear, make

BEFORE, MONTH, NEXT = "2026-09", "2026-10", "2026-11"
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def fresh_folder(tmp_path_factory):
    """Calls of two months, nothing drawn."""
    made = make(tmp_path_factory.mktemp("fresh"))
    made.database.dispose()
    return made.folder


@pytest.fixture
def fresh(fresh_folder, tmp_path):
    """A copy of it."""
    opened = Workspace.open(shutil.copytree(fresh_folder, tmp_path / "中心"))
    yield opened
    opened.database.dispose()


def manual(workspace, item="closing", **other):
    decided = {"who": "主管", "reason": "新提示音被当成没说", "override": True, "now": NOW, **other}
    return workspace.rule_status.change(item, "manual", **decided)


def code(call, *arguments, **options):
    with pytest.raises(QaError) as error:
        call(*arguments, **options)
    return error.value.code


def test_every_judged_item_starts_as_assisted_with_its_figures(heard):  # noqa: F811
    found = heard.rule_status.standings()
    assert [one.item for one in found] == list(heard.rule_status.rules)
    closing = next(one for one in found if one.item == "closing")
    assert (closing.status, closing.event, closing.former) == ("assisted", None, None)
    assert (closing.figures["flags"], closing.figures["wrong"]) == (10, 5)
    assert closing.figures["months"] == [BEFORE, MONTH]
    assert (closing.proposed, closing.more_if_flawless) == (None, 89)
    title = next(one for one in found if one.item == "title")
    assert (title.figures["flags"], title.figures["wrong"], title.proposed) == (40, 40, "manual")
    alone = {one.item: one for one in heard.rule_status.standings([MONTH])}
    assert alone["title"].figures["flags"] == 20


def test_a_run_changes_no_status(heard):  # noqa: F811
    heard.score()
    assert heard.rule_status.events() == []


def test_what_the_figures_say_needs_no_override_and_anything_else_does(heard):  # noqa: F811
    rules = heard.rule_status
    by_figures = rules.change("title", "manual", who="主管", reason="20 条都不对", now=NOW)
    assert (by_figures.overridden, by_figures.figures["wrong"], by_figures.from_month) == (False, 40, NEXT)
    refused = code(rules.change, "closing", "automatic", who="主管", reason="快些")
    assert refused == "rule_status.not_supported"
    kept = rules.change("closing", "automatic", who="主管", reason="快些", override=True)
    assert (kept.overridden, kept.before, kept.status) == (True, "assisted", "automatic")
    closing = next(one for one in rules.standings() if one.item == "closing")
    assert (closing.event, closing.proposed) == (kept, "manual")
    assert not verify_workspace(heard.database, heard.results).failed


def test_what_cannot_be_changed_is_refused(heard):  # noqa: F811
    change = heard.rule_status.change
    why = {"who": "主管", "reason": "因", "override": True}
    assert code(change, "nothing", "manual", **why) == "rule_status.no_item"
    assert code(change, "closing", "robot", **why) == "rule_status.bad_status"
    assert code(change, "closing", "assisted", **why) == "rule_status.same"
    assert code(change, "closing", "manual", direction="promote", **why) == "rule_status.no_promotion"
    assert code(change, "closing", "automatic", direction="demote", **why) == "rule_status.no_demotion"
    assert code(change, "closing", "manual", **{**why, "reason": ""}) == "rule_status.no_reason"
    assert code(change, "closing", "manual", **{**why, "who": ""}) == "audit.no_name"
    assert heard.rule_status.events() == []


def test_drawn_months_stay_as_they_were(heard):  # noqa: F811
    """Their machine scores would otherwise depend on which of their calls were drawn."""
    before = printed(heard.pay_figures(MONTH)), heard.calls(MONTH), machine_of(heard, MONTH)
    manual(heard)
    assert heard.rule_status.in_force()["closing"] == "manual"
    assert heard.rule_status.in_force(MONTH)["closing"] == "assisted"
    after = printed(heard.pay_figures(MONTH)), heard.calls(MONTH), machine_of(heard, MONTH)
    assert before[0] == after[0]
    assert before[1].equals(after[1])
    assert before[2] == after[2]
    assert machine_of(heard, NEXT)["set_aside"] == ["closing"]
    assert machine_of(heard, NEXT)["name"] != machine_of(heard, MONTH)["name"]


def test_before_the_first_draw_it_holds_for_all_and_scores_leave_the_item_out(fresh):
    was, found = fresh.calls(MONTH), fresh.findings(MONTH)
    glance = read_glance(fresh, MONTH)
    faulty = found.filter(item="closing", verdict="fail")["call_id"].to_list()
    kept = manual(fresh)
    assert kept.from_month == BEFORE
    now = fresh.calls(MONTH)
    assert len(faulty) == 14
    both = was.select("call_id", "uncertain", before="score").join(
        now.select("call_id", "score", more="uncertain"), on="call_id"
    )
    rest = both.filter(pl.col("call_id").is_in(faulty))
    assert (rest["score"] > rest["before"]).all()
    assert (both["more"] - both["uncertain"]).unique().to_list() == [1]
    # The machine goes on judging, so that audits go on telling how good it is.
    assert fresh.findings(MONTH).equals(found)
    shown = fresh.month(MONTH).findings.filter(item="closing")
    assert shown["verdict"].unique().to_list() == ["uncertain"]
    again = read_glance(fresh, MONTH)
    assert again.key != glance.key
    assert again.everyone["mean"][0] == pytest.approx(now["score"].mean())


def test_the_draw_looks_for_bad_calls_without_it(fresh):
    before = fresh.samples.frame(MONTH).calls
    manual(fresh)
    frame = fresh.samples.frame(MONTH).calls
    assert frame["score"].to_list() == fresh.calls(MONTH).sort("call_id")["score"].to_list()
    assert frame["score"].to_list() != before["score"].to_list()


def test_people_s_scores_stay_as_they_were_and_quality_counts_all(fresh):
    manual(fresh)
    draw(fresh, MONTH)
    hear(fresh, MONTH)
    quality = fresh.rule_quality([MONTH]).filter(item="closing").row(0, named=True)
    assert quality["flags"] > 0
    paid = fresh.pay_figures(MONTH)
    assert paid.agents["estimate"].is_not_null().all()
    inputs = report_inputs(fresh, MONTH)
    assert inputs.figures.quality.filter(item="closing")["flags"][0] == quality["flags"]
    assert inputs.figures.rule_statuses.filter(item="closing").select("status", "from_month").rows() == [
        ("manual", BEFORE)
    ]
    assert inputs.findings.filter(item="closing")["verdict"].unique().to_list() == ["uncertain"]


def test_a_closed_month_keeps_the_status_that_it_was_closed_with(fresh, tmp_path):
    manual(fresh)
    for month in (BEFORE, MONTH):
        draw(fresh, month)
        hear(fresh, month)
    book = fresh.month_book
    closing = book.close(MONTH, "主管", without_word="试")
    figures = printed(fresh.pay_figures(MONTH))
    kept = report_inputs(fresh, MONTH)
    about = read_json(book.ledger.files(closing), "about.json")
    assert about["machine"]["set_aside"] == ["closing"]
    fresh.rule_status.change("closing", "automatic", who="主管", reason="规则好了", override=True, now=NOW)
    assert fresh.rule_status.in_force()["closing"] == "automatic"
    assert printed(fresh.pay_figures(MONTH)) == figures
    again = report_inputs(fresh, MONTH)
    assert again.findings.equals(kept.findings)
    assert again.figures.rule_statuses.equals(kept.figures.rule_statuses)
    assert again.figures.rule_statuses.filter(item="closing")["status"].to_list() == ["manual"]
    assert not book.recompute(MONTH).differences
    # Reopened, it goes by what was in force for it, not by what was decided later.
    book.reopen(MONTH, "主管", "复核")
    assert printed(fresh.pay_figures(MONTH)) == figures
    later = book.close(MONTH, "主管", without_word="试")
    assert read_json(book.ledger.files(later), "about.json")["machine"]["set_aside"] == ["closing"]


def test_months_before_are_scored_again_without_the_item(fresh):
    draw(fresh, BEFORE)
    hear(fresh, BEFORE)
    manual(fresh)
    draw(fresh, MONTH)
    hear(fresh, MONTH)
    told = fresh.month_book.told(MONTH)
    assert [one["how"] for one in told.provenance] == ["recomputed"]
    assert told.figures.agents["months"].to_list() == [2, 2, 2, 2]


def test_a_changed_rule_starts_as_assisted_and_says_what_it_was(heard):  # noqa: F811
    manual(heard)
    file = heard.folder / "rubric.toml"
    text = file.read_text("utf-8")
    dearer = text.replace('version = "1.0.0"', 'version = "1.0.1"', 1)
    file.write_text(dearer, "utf-8")
    same = next(one for one in Workspace.open(heard.folder).rule_status.standings() if one.item == "closing")
    assert (same.status, same.former) == ("manual", None)
    place = dearer.index('id = "closing"')
    said = dearer.index('phrases = ["', place)
    file.write_text(
        dearer[:said] + 'phrases = ["祝您安康", "' + dearer[said + len('phrases = ["') :], "utf-8"
    )
    other = Workspace.open(heard.folder)
    closing = next(one for one in other.rule_status.standings() if one.item == "closing")
    assert (closing.status, closing.event, closing.former.status) == ("assisted", None, "manual")
    assert other.rule_status.in_force()["closing"] == "assisted"
    assert len(other.rule_status.events("closing")) == 1


def _page_of(workspace, name):
    made = workspace.month(MONTH)
    calls = made.calls.with_columns(agent=agent_key())
    with speaking("zh"):
        inputs = report_inputs(workspace, MONTH)
        pages = agent_documents(made.agents, calls, made.findings, inputs.context, inputs.figures)
        page = next(one for one in pages if name in one.document.title)
    return next(one for one in page.document.sections if one.title.startswith("请先改")).points


def test_of_calls_that_wait_to_be_scored_nothing_is_concluded(heard):  # noqa: F811
    file = heard.folder / "rubric.toml"
    file.write_text(file.read_text("utf-8").replace('version = "1.0.0"', 'version = "1.0.1"', 1), "utf-8")
    bumped = Workspace.open(heard.folder)
    found = {one.item: one for one in bumped.rule_status.standings()}
    assert {one.proposed for one in found.values()} == {None}
    closing = found["closing"].figures
    assert (closing["unscored"], closing["flags"], closing["faults"], closing["recall"]) == (40, 0, 0, None)
    why = {"who": "主管", "reason": "因", "now": NOW}
    assert code(bumped.rule_status.change, "title", "manual", **why) == "rule_status.unscored"
    assert bumped.rule_status.change("title", "manual", override=True, **why).overridden
    bumped.score()
    closing = next(one for one in bumped.rule_status.standings() if one.item == "closing")
    assert [closing.figures[name] for name in ("unscored", "flags", "wrong", "faults")] == [0, 10, 5, 14]
    assert not bumped.rule_status.change("please", "manual", **why).overridden


def test_an_agent_s_page_says_what_is_for_people_to_confirm(fresh):
    assert any("机器判的，由人确认" in one for one in _page_of(fresh, "张三"))
    for item in ("greeting", "title", "please", "hold_courtesy", "further_help", "no_harsh_language"):
        manual(fresh, item)
    points = _page_of(fresh, "张三")
    assert [one.partition("：")[0] for one in points] == ["结束语"]
