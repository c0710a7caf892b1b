from click.testing import CliRunner

from benchmarks.find_words import main


def test_it_finds_what_it_put_there():
    run = CliRunner().invoke(main, ["--calls", "20"], catch_exceptions=False)
    rows = [line.split() for line in run.output.splitlines()[2:]]
    counts = [(row[-4], int(row[-3])) for row in rows[:6]]
    assert counts[0] == ("退款", 1), "the new calls are found at the first search"
    assert counts[1:] == [("感谢您的来电", 20), ("退款", 1), ("推宽", 1), ("天气预报", 0), ("–", 1)]
    assert "20 calls of 40 turns" in run.output
