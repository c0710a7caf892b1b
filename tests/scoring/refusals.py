"""Why a part of a rule is refused."""

import pytest
from pydantic import TypeAdapter, ValidationError

from qa_audit.store.toml_mistakes import NotAllowedError


def refusal(kind, /, **given):
    """Code of the first thing for which pydantic, or the model itself, refuses what was given."""
    with pytest.raises((NotAllowedError, ValidationError)) as error:
        TypeAdapter(kind).validate_python(given)
    if isinstance(error.value, NotAllowedError):
        return error.value.code
    inner = error.value.errors()[0].get("ctx", {}).get("error")
    return inner.code if isinstance(inner, NotAllowedError) else error.value.errors()[0]["type"]
