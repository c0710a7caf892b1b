from click.testing import CliRunner

from benchmarks.unheard_agents import CASES, RATE_CASES, Case, RateCase, main, measured


def test_where_all_were_heard_both_methods_are_one():
    for case in (Case("plain", 4, 0, 5.0), Case("simulated", 4, 0)):
        first, second = measured(case, 3)
        assert first == second


def test_unheard_agents_make_the_interval_wider_and_surer():
    (covered, width), (covered_now, width_now) = measured(Case("plain", 10, 4, 10.0), 40)
    assert covered < 0.85 < covered_now
    assert 1.5 * width < width_now < 4 * width


def test_agents_heard_too_little_for_a_slope_do_not_spoil_the_mean():
    (covered, _), (covered_now, _) = measured(Case("simulated", 5, 2), 20)
    assert covered < 0.6
    assert covered_now >= 0.9


def test_it_prints_a_line_a_case():
    run = CliRunner().invoke(main, ["--repetitions", "6", "--only", "SD 5, unequal"])
    assert run.exit_code == 0
    [line] = run.output.splitlines()[2:]
    assert line.startswith("| 10, SD 5, unequal | 4 | 1 | ")
    assert {case.teams for case in CASES} == {1, 6}


def test_rates_where_all_were_heard_are_the_same_by_both_methods():
    first, second = measured(RateCase(4, 0, 0.2), 20)
    assert first == second


def test_unheard_agents_make_the_interval_of_a_rate_wider_and_surer():
    (covered, width), (covered_now, width_now) = measured(
        RateCase(10, 4, 0.2, differ=1.0, finds=0.0, heard=24), 60
    )
    assert covered < 0.85 < covered_now
    assert 1.3 * width < width_now < 3 * width


def test_a_rate_has_a_line_too_with_its_width_in_points():
    run = CliRunner().invoke(main, ["--repetitions", "20", "--only", "5% ± 5.0%"])
    assert run.exit_code == 0
    [line] = run.output.splitlines()[2:]
    assert line.startswith("| 10, 5% ± 5.0%, no machine | 4 | 1 | ")
    assert 5 < float(line.split(" | ")[-1].split(" / ")[0]) < 25
    assert {case.what for case in RATE_CASES if case.heard == 24} == {
        "20% ± 10.0%, no machine, 24 calls each"
    }
