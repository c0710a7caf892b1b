"""The files of a closed month, read again; those of months closed by earlier versions among them."""

import json

import pytest

from qa_audit.closing.figures import month_figures
from qa_audit.closing.filing import RULINGS_FILE, inputs_of, json_bytes, rulings_in
from qa_audit.closing.folder import sealed
from qa_audit.closing.printed import decimals, differences, printed
from qa_audit.closing.recompute import recompute
from qa_audit.estimation.audited import assigned_calls, audit_rows, estimation_frame
from qa_audit.estimation.difference import estimate_cells, estimate_month
from qa_audit.estimation.groups import department_estimate
from qa_audit.messages import QaError

MONTH = "2026-10"


def files_of(workspace):
    ledger = workspace.month_book.ledger
    return dict(ledger.files(ledger.closed(MONTH)))


def test_what_was_filed_gives_the_inputs_again(closed):
    found = inputs_of(files_of(closed))
    assert (found.month, found.calls.height, found.sheets.height, found.method) == (MONTH, 56, 20, 3)
    assert json.loads(files_of(closed)["about.json"])["group_method"] == 3
    assert found.sheets["ruled_score"].is_not_null().all()


def test_a_month_closed_before_rulings_were_kept_has_none_and_can_be_computed(closed):
    files = files_of(closed)
    before = printed(recompute(files).figures)
    files.pop(RULINGS_FILE)
    assert rulings_in(files) == []
    assert inputs_of(files).sheets.height == 20
    assert printed(month_figures(inputs_of(files))) == before


def with_method(files, method):
    """The files as a month closed by this method has them; None names none, as the first months did."""
    about = json.loads(files["about.json"])
    about.pop("group_method", None)
    named = about if method is None else about | {"group_method": method}
    return files | {"about.json": json_bytes(named)}


def without_agent(files, number):
    """The files with no call of the agent heard."""
    lines = files["events.jsonl"].splitlines(keepends=True)
    kept = [line for line in lines if f"10-{number}-".encode() not in line]
    assert 0 < len(kept) < len(lines)
    return files | {"events.jsonl": b"".join(kept)}


def test_a_month_closed_before_there_was_a_second_method_is_computed_by_the_first(closed):
    old, new = (with_method(without_agent(files_of(closed), "8003"), method) for method in (None, 2))
    assert (inputs_of(old).method, inputs_of(new).method) == (1, 2)
    before, now = (printed(month_figures(inputs_of(files))) for files in (old, new))
    inputs = inputs_of(old)
    known = estimation_frame(inputs.samples, MONTH, inputs.calls)
    audits = audit_rows(assigned_calls(inputs.samples, MONTH), inputs.sheets)
    slopes = estimate_month(known, audits).slopes
    by_first = department_estimate(known, audits, slopes, method=1)
    assert before["department"]["low"] == decimals(by_first["low"][0])
    moved = [name for name, _, _ in differences(before, now)]
    assert "department.half_width" in moved
    # Nobody's own figure rests on it, except limits about the department's mean.
    limits = ("inner_low", "inner_high", "outer_low", "outer_high", "outside")
    parts = ("department.", "teams.")
    assert [name for name in moved if not name.startswith(parts) and not name.endswith(limits)] == []


def test_what_was_closed_by_any_method_is_computed_to_the_same_digits(closed):
    heard = without_agent(files_of(closed), "8003")
    del heard["manifest.json"]
    for method, other in ((None, 2), (2, None), (3, None)):
        files = with_method(heard, method)
        files["figures.json"] = json_bytes(printed(month_figures(inputs_of(files))))
        assert recompute(sealed(files)).differences == ()
        by_other = recompute(sealed(with_method(files, other)))
        assert "department.half_width" in [what for what, _, _ in by_other.differences]
    # Where all were heard the second method makes no difference.
    whole = with_method(files_of(closed), None)
    del whole["manifest.json"]
    whole["figures.json"] = json_bytes(printed(month_figures(inputs_of(with_method(whole, 2)))))
    assert recompute(sealed(whole)).differences == ()


def test_a_month_closed_before_the_third_method_keeps_what_equal_audits_made_of_it(closed):
    """Every call of the first two agents is scored 100 by machine and people: their audits agree."""
    files = files_of(closed)
    rows = files["calls.csv"].decode().splitlines()
    place = rows[0].split(",").index("score")
    equal = [
        ",".join("100.0" if n == place else cell for n, cell in enumerate(row.split(","))) for row in rows[1:]
    ]
    agreed = [
        new if new.startswith(("10-8001", "10-8002")) else old
        for old, new in zip(rows[1:], equal, strict=True)
    ]
    files["calls.csv"] = "\n".join([rows[0], *agreed, ""]).encode()
    kept = []
    for line in files["events.jsonl"].decode().splitlines():
        event = json.loads(line)
        if not (event["call_id"].startswith(("10-8001", "10-8002")) and event["kind"] == "give_verdict"):
            kept.append(line)
    files["events.jsonl"] = "\n".join([*kept, ""]).encode()
    before, now = (month_figures(inputs_of(with_method(files, method))) for method in (2, 3))
    assert before.method == 2
    by_hand = estimate_cells(before.estimate.cells, method=2).agents
    assert before.estimate.agents.equals(by_hand)
    assert not now.estimate.agents.equals(by_hand)


def test_a_method_of_later_versions_is_refused(closed):
    files = files_of(closed)
    for method in (0, 4, "2", [2]):
        with pytest.raises(QaError) as refused:
            inputs_of(with_method(files, method))
        assert refused.value.code == "closing.other_method"
        assert str(method) in refused.value.text("zh")


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
