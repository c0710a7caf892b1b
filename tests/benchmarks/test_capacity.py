from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import capacity
from benchmarks.capacity import (
    FIGURES_BEGIN,
    FIGURES_END,
    Load,
    arrivals,
    core_hours_of,
    machines_for,
    main,
    simulate,
)

ROOT = Path(__file__).parents[2]
CALM = Load(100.0, 0.1, 1, 8, 0.0, 0.0, 20.0, 0.0)


def test_the_page_shows_what_the_command_prints():
    text = (ROOT / "docs" / "capacity.md").read_text(encoding="utf-8")
    shown = text.partition(FIGURES_BEGIN)[2].partition(FIGURES_END)[0]
    run = CliRunner().invoke(main, [], catch_exceptions=False)
    assert shown.strip() == run.output.strip()


def test_arrivals_make_up_the_hours_and_keep_the_profile():
    at, length = arrivals(CALM)
    assert len(at) == 2000
    assert length.sum() == pytest.approx(100 * 3600)
    assert (np.diff(at) >= 0).all()
    assert 0 <= at[0] <= at[-1] < 86400
    at_ten = ((at >= 10 * 3600) & (at < 11 * 3600)).mean()
    assert at_ten == pytest.approx(12 / sum(capacity.ARRIVALS), abs=0.03)


def _given(monkeypatch, at, length):
    monkeypatch.setattr(capacity, "arrivals", lambda _load: (np.array(at), np.array(length)))


def test_one_core_takes_one_call_after_the_other(monkeypatch):
    _given(monkeypatch, [0.0, 600.0, 7200.0], [3600.0, 3600.0, 3600.0])
    night = simulate(replace(CALM, cores=1, core_hours=0.5))
    # Busy 0:00 to 0:30, 0:30 to 1:00, 2:00 to 2:30; the second waited from 0:10 to 0:30.
    assert (night.done_hour, night.busy_core_hours, night.calls) == (2.5, 1.5, 3)
    assert night.longest_wait_hours == pytest.approx(20 / 60)
    assert night.longest_queue_hours == pytest.approx(1.0)


def test_work_begins_when_it_may(monkeypatch):
    _given(monkeypatch, [0.0, 600.0], [3600.0, 3600.0])
    night = simulate(replace(CALM, cores=1, core_hours=0.5, begin_hour=18.0))
    assert (night.done_hour, night.longest_wait_hours) == (19.0, pytest.approx(18 + 20 / 60))
    assert night.longest_queue_hours == pytest.approx(2.0)


def test_a_machine_that_goes_costs_an_attempt_and_the_lease(monkeypatch):
    _given(monkeypatch, [0.0], [3600.0])
    night = simulate(replace(CALM, machines=2, cores=1, outage_hour=0.25, outage_hours=10.0))
    assert night.done_hour == pytest.approx(0.1)  # done before the machine went
    night = simulate(replace(CALM, machines=2, cores=1, core_hours=1.0, outage_hour=0.25, outage_hours=10.0))
    assert night.died == 1
    assert night.done_hour == pytest.approx(0.25 + 180 / 3600 + 1.0)
    assert night.busy_core_hours == pytest.approx(1.25)
    alone = simulate(replace(CALM, cores=1, core_hours=1.0, outage_hour=0.25, outage_hours=10.0))
    assert alone.done_hour == pytest.approx(11.25)


def test_three_deaths_and_a_call_is_given_up():
    night = simulate(replace(CALM, faults=1.0))
    assert (night.given_up, night.died, night.done_hour) == (2000, 6000, 0.0)
    some = simulate(replace(CALM, faults=0.1))
    assert some.died == pytest.approx(222, abs=45)
    assert some.given_up == pytest.approx(2, abs=5)


def test_without_faults_the_work_is_the_hours_times_their_cost():
    assert simulate(CALM).busy_core_hours == pytest.approx(10.0)


def test_machines_are_the_fewest_that_are_enough():
    load = replace(CALM, hours=2000.0, machines=0, cores=2, begin_hour=18.0)
    found = machines_for(load, 30.0)
    assert simulate(replace(load, machines=found)).done_hour <= 30.0
    assert simulate(replace(load, machines=found - 1)).done_hour > 30.0


def test_core_hours_are_those_that_were_measured():
    assert core_hours_of("ctranslate2 balanced") == pytest.approx(0.085, abs=0.001)
    assert core_hours_of("openai-whisper balanced") > core_hours_of("ctranslate2 balanced")


def test_bytes_a_call_of_a_workspace(scored):
    told = capacity.stored(scored.folder)
    assert told[0].startswith("5 calls with a recording")
    assert {line.split(":")[0] for line in told[1:]} >= {"recordings", "turns", "findings", "database"}


def test_a_database_grows_by_calls_and_actions():
    (told,) = capacity.database_bytes(calls=1_000, actions=100)
    call, action = (int(word.replace(",", "")) for word in told.split() if word[0].isdigit())
    assert 500 < call < 3_000
    assert 200 < action < 3_000
