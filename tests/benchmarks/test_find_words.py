from click.testing import CliRunner

from benchmarks.find_words import main


def test_it_finds_what_it_put_there():
    run = CliRunner().invoke(main, ["--calls", "20"], catch_exceptions=False)
    found = [line.split() for line in run.output.splitlines()]
    counts = {
        line[-3]: int(line[-2]) for line in found if len(line) > 3 and line[-1].replace(".", "").isdigit()
    }
    assert counts["感谢您的来电"] == 20
    assert counts["退款"] == counts["推宽"] == 1
    assert counts["天气预报"] == 0
    assert "2 new calls into the index" in run.output
