from click.testing import CliRunner

from benchmarks.audit_events import actions_of, main, material_of
from qa_audit.audit.actions import from_json
from qa_audit.scoring import load_rubric


def test_calls_have_sixty_turns_and_differ():
    one, other = material_of("C1").transcript, material_of("C2").transcript
    assert len(one.turns) == len(other.turns) == 60
    assert [turn.text for turn in one.turns] != [turn.text for turn in other.turns]
    assert material_of("C1").transcript == one


def test_an_audit_is_made_of_actions_and_ends_with_handing_in():
    items = [item.id for item in load_rubric().items]
    kinds = [from_json(action).kind for action in actions_of("C1", items)]
    assert kinds == [
        "comment",
        "fault",
        "fault",
        "undo",
        "redo",
        "text",
        *["verdict"] * 5,
        "pass_rest",
        "hand_in",
    ]


def test_times_and_memory_are_printed():
    told = CliRunner().invoke(main, ["--calls", "2", "--long", "3"], catch_exceptions=False)
    assert told.exit_code == 0
    lines = told.output.splitlines()
    counts = {line.split("  ")[0]: line.removeprefix(line.split("  ")[0]).split()[0] for line in lines[2:-1]}
    assert counts == {
        "open a call": "2",
        "save an action": "24",
        "hand in": "2",
        "queue": "2",
        "save, 3 events before": "20",
    }
    assert lines[-1].startswith("memory of the process after each tenth of 2 calls, MB: ")
