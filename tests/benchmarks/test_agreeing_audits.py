"""The simulation of audits that agree, in small."""

from click.testing import CliRunner

from benchmarks.agreeing_audits import CASES, Case, main, measured


def test_the_third_method_holds_what_the_second_promised():
    found = measured(Case(20, 100, 8, 0.1), 8)
    assert found[2][0] < 0.85
    assert found[3][0] > 0.9
    assert found[3][2] == 0


def test_the_table_has_a_row_for_every_case(monkeypatch):
    monkeypatch.setattr(
        "benchmarks.agreeing_audits.measured", lambda *_: {2: (0.74, 2.6, 0.015), 3: (0.96, 2.0, 0)}
    )
    printed = CliRunner().invoke(main).output.splitlines()
    assert printed[2] == "| 60 | 8 of 600 | 10% | 0% | 74.0 / 96.0 % | 2.6 / 2.0 | 1.5 / 0.0 % |"
    assert len(printed) == 2 + len(CASES)
