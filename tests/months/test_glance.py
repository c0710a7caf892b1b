import shutil

import polars as pl
import pytest

from qa_audit.audit.actions import HandIn, PassRest
from qa_audit.audit.events import append
from qa_audit.estimation.month import agent_month, item_month
from qa_audit.messages import QaError
from qa_audit.months.glance import EVERYWHERE, keep_glances, read_glance
from qa_audit.months.glance_estimates import kept_estimates, make_estimates
from qa_audit.reports.moments import moments, moments_of
from tests.browser.made_workspace import make_workspace

MONTH = "2026-10"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_workspace(tmp_path_factory.mktemp("glance") / "workspace")


@pytest.fixture
def workspace(made, tmp_path):
    shutil.copytree(made.folder, tmp_path / "workspace")
    return type(made).open(tmp_path / "workspace")


def kept(workspace):
    return sorted(path.name for path in workspace.results.glob(f"glance_everyone/{MONTH}/*.parquet"))


def test_the_figures_are_those_of_the_month(workspace):
    glance, month = read_glance(workspace, MONTH), workspace.month(MONTH)
    assert glance.agents.equals(agent_month(month.calls, month.findings))
    assert glance.teams.equals(month.teams)
    by_team = glance.items.filter(pl.col("team") != EVERYWHERE)
    assert by_team.equals(item_month(month.calls, month.findings))
    whole = glance.items.filter(pl.col("team") == EVERYWHERE).drop("team")
    assert whole.equals(item_month(month.calls, month.findings, by="department"))
    assert glance.everyone["scored"].to_list() == [5]
    assert glance.calls.collect()["call_id"].to_list() == month.calls["call_id"].to_list()
    assert tuple(moments_of(glance.moments.collect())) == moments(month.calls, month.findings)
    assert set(glance.moments.collect()["agent"]) <= set(glance.agents["agent"])


def test_what_is_kept_serves_and_is_the_same(workspace, monkeypatch):
    first = read_glance(workspace, MONTH)
    monkeypatch.setattr(type(workspace), "month", None)
    again = read_glance(workspace, MONTH)
    assert again.agents.equals(first.agents)
    assert again.items.equals(first.items)
    assert again.calls.collect().equals(first.calls.collect())
    assert again.moments.collect().equals(first.moments.collect())


def test_a_new_rubric_and_new_scores_make_it_anew_and_the_old_one_is_dropped(workspace):
    before = read_glance(workspace, MONTH)
    text = (workspace.folder / "rubric.toml").read_text("utf-8")
    (workspace.folder / "rubric.toml").write_text(text + "\n# 换了一个版本\n", "utf-8")
    other = type(workspace).open(workspace.folder)
    assert read_glance(other, MONTH).everyone["scored"].to_list() == [0]
    other.score()
    after = read_glance(other, MONTH)
    assert after.everyone["scored"].to_list() == [5]
    assert after.key != before.key
    assert kept(workspace) == [f"{after.key}.parquet"]


def test_a_trend_does_not_mind_what_only_concerns_calls_without_a_score(workspace):
    read_glance(workspace, MONTH)
    recordings = workspace.folder.parent / "other"
    recordings.mkdir()
    (recordings / "20261102001.wav").write_bytes(b"no sound")
    workspace.import_calls(recordings)
    (name,) = kept(workspace)
    file = workspace.results / "glance_everyone" / MONTH / name
    written = file.stat().st_mtime_ns
    read_glance(workspace, MONTH, scored_only=True)
    assert file.stat().st_mtime_ns == written
    read_glance(workspace, MONTH)
    assert file.stat().st_mtime_ns != written


def test_a_disk_that_cannot_be_written_shows_the_month_all_the_same(workspace, monkeypatch):
    def refuse(*_):
        raise QaError("store.not_writable", path="results", reason="read-only")

    monkeypatch.setattr("qa_audit.months.glance.write_part", refuse)
    glance = read_glance(workspace, MONTH)
    assert glance.calls.collect().height == 14  # all of the list, five of them scored
    assert kept(workspace) == []


def test_a_run_keeps_every_month(workspace):
    keep_glances(workspace)
    months = sorted(path.name for path in workspace.results.glob("glance_everyone/*"))
    assert months == workspace.months() == ["2026-09", "2026-10"]


def test_a_month_without_calls_is_refused(workspace):
    with pytest.raises(QaError) as refused:
        read_glance(workspace, "2027-01")
    assert refused.value.code == "workspace.empty_month"


def test_estimates_are_kept_until_somebody_judges_another_call(workspace):
    glance = read_glance(workspace, MONTH)
    assert kept_estimates(workspace, glance) == (None, True)
    book = workspace.samples
    draw = book.draw(book.frame(MONTH), "王芳")
    assert kept_estimates(workspace, glance) == (None, False)
    made = make_estimates(workspace, glance)
    assert made is not None
    found, now = kept_estimates(workspace, glance)
    assert now
    assert found is not None
    assert found.equals(made)
    assert made.equals(workspace.estimates(MONTH).agents)
    book.hand_out(draw.draw_id, ["李强"], "王芳")
    items = tuple(item.id for item in workspace.rubric.items)
    (first, *_) = book.assignments(draw.draw_id)
    for action in (PassRest(items), HandIn()):
        append(workspace.database, first.call_id, "李强", action, workspace.rubric)
    assert kept_estimates(workspace, glance) == (None, False)
    assert make_estimates(workspace, glance).filter(pl.col("heard") == 1).height == 1
