import io
from pathlib import Path

import numpy as np
import pytest

from qa_audit.messages import QaError
from qa_audit.scoring.learned.features import VERSION
from qa_audit.scoring.learned.model import (
    LONG,
    LinearDetector,
    Scale,
    from_bytes,
)
from qa_audit.scoring.learned.rows import rows_of
from qa_audit.scoring.learned.semantic import built_in_detector, read_detector

FAULTS = ["不归我们管", "不归我们部门管", "找厂家去", "您去找厂家"]
CLEAN = ["请您稍等", "请您稍等片刻", "我帮您查一下", "我帮您处理一下"]


def detector(version=VERSION):
    rows, buckets = rows_of([*FAULTS, *CLEAN])
    weights = rows.back(np.repeat([1.0, -1.0], 4))
    unit = float(np.abs(weights).max()) / 127
    table = np.rint(weights / unit).astype(np.int8)[:, None]
    return LinearDetector(
        ("no_blame_shifting",),
        buckets.astype(np.int32),
        table,
        (Scale(unit, 0.0, 1.0, 0.3),),
        {"features": version},
    )


def test_three_answers():
    answers = detector().answers([*FAULTS, *CLEAN])[:, 0].tolist()
    assert answers == [1] * 4 + [-2] * 4


def test_an_answer_depends_on_nothing_else_in_the_batch():
    one = detector()
    together = one.scores([*FAULTS, *CLEAN])
    for place, sentence in enumerate([*FAULTS, *CLEAN]):
        np.testing.assert_allclose(one.scores([sentence])[0], together[place])


def test_a_fault_is_found_in_a_sentence_without_full_stops():
    padding = "今天天气晴朗道路畅通无阻大家心情愉快" * 3
    long = padding + "这个不归我们管您去找厂家" + padding
    assert len(long) > LONG
    one = detector()
    assert one.scores([long])[0, 0] > one.scores([padding])[0, 0] + 0.3


def test_nothing_to_judge():
    assert detector().answers([]).shape == (0, 1)


def test_why_names_the_words_that_weighed():
    sentence = "天气晴朗不归我们管"
    words = detector().why(sentence, "no_blame_shifting")
    assert sentence[words[0].start : words[0].end] in "不归我们管"
    assert words[0].weight > 0


def test_why_is_the_same_of_a_sentence_that_was_just_answered_and_of_one_alone():
    sentence, item = "天气晴朗不归我们管", "no_blame_shifting"
    one = detector()
    alone = one.why(sentence, item, most=5)
    one.answers(["您好", sentence, "再见"])
    assert one.why(sentence, item, most=5) == alone
    one.answers(["您好"])
    assert one.why(sentence, item, most=5) == alone


def test_chance_rises_with_the_score():
    one = detector()
    assert one.chance("不归我们管", "no_blame_shifting") > 0.5 > one.chance("请您稍等", "no_blame_shifting")


def test_stored_and_read_again(tmp_path):
    one = detector()
    path = tmp_path / "a.npz"
    path.write_bytes(one.as_bytes())
    other = read_detector(path)
    assert other.sha256 == one.sha256
    assert other.scales == one.scales
    np.testing.assert_array_equal(other.scores(FAULTS), one.scores(FAULTS))


def test_another_threshold_is_another_detector():
    one = detector()
    other = LinearDetector(one.items, one.buckets, one.weights, (Scale(1.0, 0.0, 2.0, 0.3),), one.made_from)
    assert other.sha256 != one.sha256


def spoilt(content, name="weights.npy"):
    """The archive with the beginning of a packed member written over."""
    start = content.index(name.encode()) + len(name)
    return content[:start] + b"\xff" * 40 + content[start + 40 :]


def encrypted(content):
    """The archive with its first member marked as encrypted."""
    start = content.index(b"PK\x01\x02") + 8
    return content[:start] + b"\x01" + content[start + 1 :]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        detector().as_bytes()[:200],
        spoilt(detector().as_bytes()),
        encrypted(detector().as_bytes()),
    ],
)
def test_damaged_files(content):
    with pytest.raises(QaError) as error:
        from_bytes(content, "a.npz")
    assert error.value.code == "learned.unreadable"


def test_features_of_another_version():
    with pytest.raises(QaError) as error:
        from_bytes(detector(version=0).as_bytes(), "a.npz")
    assert error.value.code == "learned.other_version"


def test_a_missing_file(tmp_path):
    with pytest.raises(QaError) as error:
        read_detector(tmp_path / "none.npz")
    assert error.value.code == "learned.unreadable"


def test_the_packages_detector_is_small():
    assert len(built_in_detector().as_bytes()) < 4 * 1024 * 1024


def test_length_takes_from_the_score():
    np.testing.assert_allclose(detector().scores(["天" * 15, "天" * 25])[:, 0], [0.0, -0.8])


def test_code_in_a_detector_s_file_is_not_run(tmp_path):
    class Planted:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "planted",))

    file = io.BytesIO()
    np.savez(file, head=np.array([Planted()], dtype=object))
    with pytest.raises(QaError) as error:
        from_bytes(file.getvalue(), "a.npz")
    assert error.value.code == "learned.unreadable"
    assert not (tmp_path / "planted").exists()
