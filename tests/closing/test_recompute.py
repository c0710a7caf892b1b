"""A closed month computed again from its export alone, by a process that knows no workspace."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from qa_audit.closing.folder import MANIFEST, sealed
from qa_audit.closing.recompute import main

ROOT = Path(__file__).parents[2]


def fresh_process(folder):
    """Recompute in a process that can't find the workspace, for it lies nowhere."""
    return subprocess.run(
        [sys.executable, "-m", "qa_audit.closing.recompute", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_another_process_gets_the_same_digits_without_the_workspace(closed, export, tmp_path):
    receipt = closed.month_book.ledger.closed("2026-10").receipt
    figures = json.loads((export / "figures.json").read_text("utf-8"))
    shutil.move(export, tmp_path / "别处")
    closed.database.dispose()
    shutil.rmtree(closed.folder)
    run = fresh_process(tmp_path / "别处")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"2026-10：4 名员工的计酬得分逐位相同。存档摘要 {receipt}\n"
    assert len(figures["agents"]) == 4
    assert all(row["estimate"] and row["half_width"] for row in figures["agents"])


def test_a_changed_export_is_refused_naming_the_file(export, capsys):
    file = export / "calls.csv"
    file.write_bytes(file.read_bytes().replace(b"42.30769", b"92.30769", 1))
    assert main([str(export)]) == 2
    assert "calls.csv" in capsys.readouterr().err


def _resealed(export):
    """Files with a manifest that fits them, as a careful forger would leave it."""
    names = [path for path in export.rglob("*") if path.is_file() and path.name != MANIFEST]
    (export / MANIFEST).write_bytes(
        sealed({path.relative_to(export).as_posix(): path.read_bytes() for path in names})[MANIFEST]
    )


def test_a_forged_figure_differs_from_what_is_computed(export, capsys):
    file = export / "figures.json"
    figures = json.loads(file.read_text("utf-8"))
    was = figures["agents"][0]["estimate"]
    figures["agents"][0]["estimate"] = "99.99"
    file.write_text(json.dumps(figures), "utf-8")
    _resealed(export)
    assert main([str(export)]) == 1
    assert f"agents.person:8001.estimate: 99.99 → {was}" in capsys.readouterr().out


def test_a_forged_seed_does_not_follow_from_the_frame(export, capsys):
    [file] = export.glob("draws/*/draw.json")
    record = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**record, "seed": "ab" * 32}), "utf-8")
    _resealed(export)
    assert main([str(export)]) == 2
    assert "seed" in capsys.readouterr().err


def test_words_bound_after_the_frame_was_frozen_are_refused(export, capsys):
    [file] = export.glob("draws/*/draw.json")
    record = json.loads(file.read_text("utf-8"))
    nonce = {**record["nonces"][0], "commitment_id": 1}
    bound = {"commitment_id": 1, "sha256": "00", "committed_at": "2026-12-31T00:00:00"}
    file.write_text(json.dumps({**record, "nonces": [nonce], "commitments": [bound]}), "utf-8")
    _resealed(export)
    assert main([str(export)]) == 2
    assert "words" in capsys.readouterr().err


def test_without_a_folder_it_says_how_it_is_used(capsys):
    assert main([]) == 2
    assert "recompute" in capsys.readouterr().err


def test_every_file_is_explained_to_those_who_recompute(export):
    page = (ROOT / "docs" / "monthly.zh-CN.md").read_text("utf-8")
    names = {path.name for path in export.rglob("*") if path.is_file()}
    assert {name for name in names if f"{name}`" not in page} == set()
