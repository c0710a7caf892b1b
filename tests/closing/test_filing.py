"""The files of a closed month, read again; those of months closed by earlier versions among them."""

import pytest

from qa_audit.closing.figures import month_figures
from qa_audit.closing.filing import RULINGS_FILE, inputs_of, rulings_in
from qa_audit.closing.printed import printed
from qa_audit.closing.recompute import recompute
from qa_audit.messages import QaError

MONTH = "2026-10"


def files_of(workspace):
    ledger = workspace.month_book.ledger
    return dict(ledger.files(ledger.closed(MONTH)))


def test_what_was_filed_gives_the_inputs_again(closed):
    found = inputs_of(files_of(closed))
    assert (found.month, found.calls.height, found.sheets.height) == (MONTH, 56, 20)
    assert found.sheets["ruled_score"].is_not_null().all()


def test_a_month_closed_before_rulings_were_kept_has_none_and_can_be_computed(closed):
    files = files_of(closed)
    before = printed(recompute(files).figures)
    files.pop(RULINGS_FILE)
    assert rulings_in(files) == []
    assert inputs_of(files).sheets.height == 20
    assert printed(month_figures(inputs_of(files))) == before


@pytest.mark.parametrize(
    ("name", "code"), [("events.jsonl", "closing.no_file"), ("calls.csv", "closing.no_file")]
)
def test_every_other_file_must_be_there(closed, name, code):
    files = files_of(closed)
    files.pop(name)
    with pytest.raises(QaError) as refused:
        inputs_of(files)
    assert refused.value.code == code
    assert name in refused.value.text("zh")


def test_rulings_that_cannot_be_read_are_said(closed):
    files = files_of(closed) | {RULINGS_FILE: b'{"at": "gestern"}\n'}
    with pytest.raises(QaError) as refused:
        rulings_in(files)
    assert refused.value.code == "closing.bad_file"
