import csv
import hashlib
import json
import subprocess
from dataclasses import replace

import polars as pl
import pytest

from qa_audit.messages import QaError


def test_sha256sum_and_a_few_lines_check_an_exported_draw(book, tmp_path):
    for who in ("王芳", "李强"):
        book.commit("2026-10", who, f"{who}的密语一共十二个字好记")
    frozen = book.freeze(book.frame("2026-10"), "王芳")
    words = {who: f"{who}的密语一共十二个字好记" for who in ("王芳", "李强")}
    book.draw(frozen.frame_id, "王芳", words=words)
    paths = book.export(1, tmp_path)
    assert [path.name for path in paths] == ["frame.csv", "tickets.csv", "draw.json"]

    told = subprocess.run(["sha256sum", paths[0]], capture_output=True, text=True, check=True).stdout
    frame_hash = told.split()[0]
    kept = json.loads(paths[2].read_text(encoding="utf-8"))
    assert frame_hash == kept["frame"]["sha256"]

    def packed(*texts):
        return b"".join(str(len(text.encode())).encode() + b":" + text.encode() for text in texts)

    nonces = sorted(kept["nonces"], key=lambda one: one["who"])
    seed = hashlib.sha256(packed(frame_hash, *(one["words"] for one in nonces))).hexdigest()
    assert seed == kept["seed"]
    with paths[1].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 120
    assert all(hashlib.sha256(packed(seed, row["call_id"])).hexdigest() == row["ticket"] for row in rows)
    drawn = {row["call_id"] for row in rows if row["drawn"] == "true"}
    assert drawn == {one["call_id"] for one in kept["tickets"]}


def test_chosen_calls_have_no_frame(book, tmp_path):
    book.choose(["10-00-001"], "appeal", "王芳", "申诉 3")
    assert [path.name for path in book.export(1, tmp_path)] == ["draw.json"]


def test_an_unknown_draw(book, tmp_path):
    with pytest.raises(QaError) as error:
        book.export(9, tmp_path)
    assert error.value.code == "sampling.no_draw"


def _masking(book):
    return replace(book, mask=lambda: lambda text: text.replace("王晓明", "***"))


def test_the_reason_for_a_draw_is_masked_and_says_so(book, tmp_path):
    book.choose(["10-00-001"], "appeal", "王芳", "王晓明投诉")
    (path,) = _masking(book).export(1, tmp_path)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert (kept["reason"], kept["masked"]) == ("***投诉", ["reason"])


@pytest.mark.parametrize("number", ["13800138000", "013800138000", "8613800138000", "+8613800138000"])
def test_a_frame_whose_ids_hold_numbers_is_written_for_those_who_may_see_them(book, tmp_path, number):
    call = f"8001_20261003091500_{number}"
    calls = book.calls(None).head(1).with_columns(call_id=pl.lit(call))
    book = replace(book, calls=lambda _month: calls)
    book.choose([call], "appeal", "王芳", "申诉 3")
    with pytest.raises(QaError) as error:
        _masking(book).export(1, tmp_path)
    assert error.value.code == "sampling.numbers_in_ids"
    assert "13800138000" not in error.value.text("zh")
    assert [path.name for path in book.export(1, tmp_path)] == ["draw.json"]
