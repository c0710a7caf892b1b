from click.testing import CliRunner

from benchmarks.mishearing.model import load
from benchmarks.scoring import MISHEARING, composed, labelled, main, plain_loop, plain_patterns, store
from qa_audit.scoring import load_rubric


def test_calls_have_sixty_turns_in_order_and_differ():
    calls = labelled()
    one, other = composed(calls, 1), composed(calls, 2)
    assert len(one.turns) == len(other.turns) == 60
    assert [turn.text for turn in one.turns] != [turn.text for turn in other.turns]
    assert composed(calls, 1) == one
    assert all(a.start_s <= b.start_s for a, b in zip(one.turns, one.turns[1:], strict=False))
    assert one.turns[0].role in ("agent", "system", "customer")


def test_misheard_calls_are_as_many_turns_of_other_words():
    calls, drawer = labelled(), load(MISHEARING).drawer()
    said, heard, other = composed(calls, 1), composed(calls, 1, drawer), composed(calls, 2, drawer)
    assert [turn.role for turn in heard.turns] == [turn.role for turn in said.turns]
    assert composed(calls, 1, drawer) == heard
    words = {turn.text for turn in said.turns}
    assert 0 < sum(turn.text in words for turn in heard.turns) < 40
    assert len({turn.text for turn in heard.turns} & {turn.text for turn in other.turns}) < 20


def test_the_plain_loop_finds_places_of_every_call(tmp_path):
    store(tmp_path, 2)
    patterns = plain_patterns(load_rubric())
    assert len(patterns) > 500
    assert plain_loop(tmp_path, [0, 1], patterns) > plain_loop(tmp_path, [0], patterns) > 10


def test_speed_and_memory_are_printed():
    arguments = ["--calls", "2", "--processes", "1", "--different", "2", "--plain", "1"]
    told = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert told.exit_code == 0
    lines = told.output.splitlines()
    assert lines[1].split() == [
        "calls",
        "processes",
        "calls/s",
        "CPU",
        "ms/call",
        "run",
        "MB",
        "worker",
        "MB",
    ]
    assert [line[:12].strip() for line in lines[2:]] == ["qa-audit", "misheard", "plain loop"]
    assert all(float(figure) > 0 for line in lines[2:] for figure in line[12:].split()[:5])
