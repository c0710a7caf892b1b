"""Commands speak Chinese, whatever language the machine or a test before has set."""

import pytest

from qa_audit.messages import set_language


@pytest.fixture(autouse=True)
def _chinese(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    yield
    set_language(None)
