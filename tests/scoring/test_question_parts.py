from qa_audit.scoring.question_parts import QUESTIONS, questions_by_findings, questions_frame
from qa_audit.store.parts import write_part
from qa_audit.transcribe.questions import Question

ONE, OTHER = Question((0, 3), ("您好",)), Question((7,), ("再见", "再会"))


def test_questions_are_found_again_by_the_findings_that_ask(tmp_path):
    write_part(questions_frame([("f1", [ONE, OTHER]), ("f2", [])]), tmp_path, QUESTIONS, "2026-10", "a")
    write_part(questions_frame([("f1", [ONE]), ("f3", [OTHER])]), tmp_path, QUESTIONS, "2026-10", "b")
    assert questions_by_findings(tmp_path, ["2026-10"]) == {"f1": (ONE, OTHER), "f3": (OTHER,)}
    assert questions_by_findings(tmp_path, ["2026-11"]) == {}
