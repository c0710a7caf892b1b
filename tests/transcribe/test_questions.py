from qa_audit.transcribe import questions
from qa_audit.transcribe.questions import Question


def test_a_question_is_known_by_its_turns_and_phrases():
    one = Question((0, 2), ("再见", "再会"))
    assert one.id == "60436addf91d9e33"
    assert Question((0, 2), ("再会", "再见")).id != one.id
    assert Question((0,), ("再见", "再会")).id != one.id


def test_what_is_answered_otherwise_is_asked_anew(monkeypatch):
    monkeypatch.setattr(questions, "ANSWER_VERSION", 2)
    assert Question((0, 2), ("再见", "再会")).id == "c4623e9d060d080c"
