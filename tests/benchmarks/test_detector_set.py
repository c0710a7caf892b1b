import pytest

from benchmarks.detector_set import read_table, spoken


@pytest.mark.parametrize("heading", ["call\tturn\trole\ttext\n", ""])
def test_a_heading_is_no_row(tmp_path, heading):
    path = tmp_path / "calls.tsv"
    path.write_text(f"{heading}a\t1\tagent\t您好\na\t2\tcustomer\t喂\n", encoding="utf-8")
    rows = read_table(path, ("call", "turn", "role", "text"))
    assert [row["text"] for row in rows] == ["您好", "喂"]
    assert [(turn.role, turn.start_s, turn.end_s) for turn in spoken(rows)] == [
        ("agent", 0.0, 0.5),
        ("customer", 0.9, 1.15),
    ]
