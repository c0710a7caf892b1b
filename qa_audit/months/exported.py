"""A closed month as it leaves the department: the sealed files, and beside them the words that are left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qa_audit.audit.filed_words import words_apart
from qa_audit.closing.filing import Files
from qa_audit.closing.words_file import (
    ERASED_FILE,
    EVENTS_FILE,
    RULINGS_FILE,
    WORDS_FILE,
    erased_bytes,
    without_own_words,
    words_bytes,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.workspace import Workspace


def exported(workspace: Workspace, files: Mapping[str, bytes]) -> Files:
    """The files of a closed month with the words of its events and rulings, masked unless all may be seen."""
    events = [json.loads(line) for line in files[EVENTS_FILE].splitlines()]
    settled = [json.loads(line) for line in files.get(RULINGS_FILE, b"").splitlines()]
    rows = words_apart(
        workspace.database, [row["uuid"] for row in events], [row["ruling_id"] for row in settled]
    )
    mask = workspace.masker()
    if mask is None:
        # What a version holds itself has no salted digest to be compared with.
        own = {row["uuid"] for row in events if row.get("words_sha256") is None}
        own_rulings = {row["ruling_id"] for row in settled if row.get("words_sha256") is None}
        apart = [row for row in rows if row["id"] not in (own if row["of"] == "event" else own_rulings)]
        return {**files, WORDS_FILE: words_bytes(apart)} if apart else dict(files)
    masked = words_bytes(rows, mask)
    changed, told = without_own_words(files)
    left = {**files, **changed, **({WORDS_FILE: masked} if masked else {})}
    if changed:
        before = json.loads(files[ERASED_FILE])["files"] if ERASED_FILE in files else {}
        left[ERASED_FILE] = erased_bytes({**before, **told}, masked=True)
    return left
