"""Estimates at a glance: what is kept is shown only while it is whole and of now."""

from dataclasses import replace

import polars as pl
import pytest

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.messages import QaError
from qa_audit.months.glance import Glance
from qa_audit.months.glance_estimates import kept_estimates, make_estimates
from tests.made_audits import RUDE

MONTH = "2026-10"
GLANCE = Glance(MONTH, "ab" * 16, *[pl.DataFrame()] * 4, calls=pl.LazyFrame(), moments=pl.LazyFrame())
"""Of its figures no more than month and key is asked for."""


@pytest.fixture
def drawn(scored):
    """The workspace with a draw of the month."""
    scored.samples.draw(scored.samples.frame(MONTH), "王芳")
    return scored


def files(workspace):
    return list((workspace.results / "glance_estimates").rglob("*.parquet"))


def agents(made):
    assert made is not None
    return made["agent"].to_list()


def test_a_month_that_was_not_drawn_cannot_be_estimated_and_nothing_is_kept(scored):
    assert make_estimates(scored, GLANCE) is None
    assert files(scored) == []


def test_figures_of_other_calls_or_scores_are_not_those_of_now(drawn):
    make_estimates(drawn, GLANCE)
    assert kept_estimates(drawn, replace(GLANCE, key="cd" * 16)) == (None, False)


def test_whatever_anybody_adds_makes_what_was_kept_old_and_the_old_goes_when_it_is_made_again(drawn):
    make_estimates(drawn, GLANCE)
    [old] = files(drawn)
    append(drawn.database, RUDE, "李敏", WriteComment("再听一遍"), drawn.rubric)
    assert kept_estimates(drawn, GLANCE) == (None, False)
    make_estimates(drawn, GLANCE)
    [new] = files(drawn)
    assert new != old
    assert kept_estimates(drawn, GLANCE)[1]


def test_a_damaged_file_is_as_good_as_none(drawn):
    make_estimates(drawn, GLANCE)
    [file] = files(drawn)
    whole = file.read_bytes()
    file.write_bytes(whole[:4] + bytes(len(whole) - 8) + whole[-4:])
    assert kept_estimates(drawn, GLANCE) == (None, False)
    made = agents(make_estimates(drawn, GLANCE))
    found, now = kept_estimates(drawn, GLANCE)
    assert (agents(found), now) == (made, True)


def test_a_disk_that_cannot_be_written_gives_the_estimates_all_the_same(drawn, monkeypatch):
    def refuse(*_):
        raise QaError("store.not_writable", path="results", reason="read-only")

    monkeypatch.setattr("qa_audit.months.glance_estimates.write_part", refuse)
    assert agents(make_estimates(drawn, GLANCE)) == ["person:KF003", "person:KF004", "person:KF006"]
    assert files(drawn) == []
