import numpy as np

from qa_audit.scoring.learned.readings import Readings
from qa_audit.scoring.reading_parts import READINGS, readings_frame, readings_of
from qa_audit.store.parts import write_part

MONTH = "2026-10"


def lengths(said):
    return np.array([[len(one), -1.5] for one in said], np.float32)


def test_what_was_read_is_known_afterwards_by_the_same_model_alone(tmp_path):
    readings = readings_of(tmp_path, MONTH, "one")
    readings.of(["您好", "请讲"], lengths)
    write_part(readings_frame(readings, "one"), tmp_path, READINGS, MONTH, "a")
    again = readings_of(tmp_path, MONTH, "one")
    assert again.of(["请讲", "请", "您好"], lambda said: 0 * lengths(said)).tolist() == [
        [2, -1.5],
        [0, 0],
        [2, -1.5],
    ]
    write_part(readings_frame(again, "one"), tmp_path, READINGS, MONTH, "b")
    assert len(readings_of(tmp_path, MONTH, "one").names) == 3
    assert len(readings_of(tmp_path, MONTH, "other").names) == 0
    assert len(readings_of(tmp_path, "2026-11", "one").names) == 0


def test_a_sentence_that_two_runs_read_is_there_once(tmp_path):
    for key in ("a", "b"):
        readings = Readings()
        readings.of(["您好"], lengths)
        write_part(readings_frame(readings, "one"), tmp_path, READINGS, MONTH, key)
    assert len(readings_of(tmp_path, MONTH, "one").names) == 1
