from qa_audit.audit.appeals import Disputed, file_appeal
from qa_audit.audit.complaints import Moment, add_call, decide_complaint, note_heard, open_complaint
from qa_audit.audit.disputed_moments import MOMENTS, disputed_moments
from qa_audit.audit.settings import AppealSettings
from qa_audit.store.database import open_database


def test_places_of_appeals_and_complaints(tmp_path):
    database = open_database(tmp_path / "qa.db")
    assert disputed_moments(database).schema == MOMENTS
    disputed = Disputed("c1", "closing", ("李敏",), duration_s=60.0)
    file_appeal(database, disputed, at_s=12.5, text="说了", who="员工", terms=AppealSettings())
    nowhere = Disputed("c2", "closing", ("李敏",), duration_s=60.0)
    file_appeal(database, nowhere, at_s=None, text="哪里都没有", who="员工", terms=AppealSettings())
    number = open_complaint(database, text="说话难听", who="主管").complaint_id
    add_call(database, number, "c3", who="主管", text="就是这通")
    note_heard(database, number, text="打断客户", who="主管", moment=Moment("c3", 7.0))
    decide_complaint(
        database,
        number,
        "at_fault",
        reason="属实",
        who="主管",
        evidence=[Moment("c3", 7.0), Moment("c3", 30.0)],
    )
    assert disputed_moments(database).rows() == [
        ("appeal 1 12.50", "c1", 12.5, 22.5),
        ("complaint 1 7.00", "c3", 7.0, 17.0),
        ("complaint 1 30.00", "c3", 30.0, 40.0),
    ]
