"""What is refused, as tests ask for it."""

import pytest

from qa_audit.messages import QaError


def code_of(call, *arguments, **options):
    """Code of the `QaError` that a call ends with; both languages have words for it."""
    with pytest.raises(QaError) as error:
        call(*arguments, **options)
    for lang in ("zh", "en"):
        assert error.value.text(lang)
    return error.value.code
