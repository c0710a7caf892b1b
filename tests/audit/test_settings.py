import pytest
from pydantic import ValidationError

from qa_audit.audit.settings import AppealSettings


def test_deadlines_are_days():
    assert AppealSettings() == AppealSettings(file_days=7, reply_days=3, decide_days=7)


@pytest.mark.parametrize("days", [0, -1, 367, 1.5])
def test_what_is_no_deadline_is_refused(days):
    with pytest.raises(ValidationError):
        AppealSettings(reply_days=days)
