"""Shares and intervals that the benchmark of the sentence detectors prints."""

import numpy as np
import pytest

from benchmarks.detector_figures import balanced_precision, percent, show, wilson
from qa_audit.scoring.learned.evaluate import Figures


def test_of_nothing_no_share_is_told():
    assert (percent(0, 0), wilson(0, 0)) == ("–", "–")
    assert percent(3, 600) == "0.50 % (0.17–1.46)"


@pytest.mark.parametrize(("p", "q", "faults", "clean"), [(0.8, 0.01, 60, 2000), (0.6, 0.05, 100, 300)])
def test_the_interval_of_a_balanced_precision_covers_it(p, q, faults, clean):
    rng = np.random.default_rng(1)
    covered = 0
    for found, false in zip(rng.binomial(faults, p, 2000), rng.binomial(clean, q, 2000), strict=True):
        _, low, high = balanced_precision(Figures(faults, int(found), 0, clean, int(false), 0))
        covered += low <= p / (p + q) <= high
    assert covered / 2000 == pytest.approx(0.95, abs=0.02)


def test_a_line_says_precision_as_if_there_were_as_many_clean_as_faults(capsys):
    figures = Figures(faults=50, found=40, unclear=5, clean=500, false=10, clean_unclear=4)
    show("item", figures)
    show("item", figures, balanced=False)
    first, second = (line.split()[1:3] for line in capsys.readouterr().out.splitlines())
    assert first == ["0.98", "(0.96–0.99)"]
    assert second == ["0.80", "(0.67–0.89)"]


def test_nothing_called_a_fault_has_no_precision(capsys):
    show("item", Figures(faults=50, found=0, unclear=0, clean=500, false=0, clean_unclear=0))
    assert capsys.readouterr().out.split()[1] == "–"
