from datetime import datetime

import pytest

from qa_audit.audit.rubric_uses import RubricUse
from qa_audit.messages import QaError, speaking
from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.shown.rubric_uses import difference, shown_uses

TEXT = built_in_rubric_text()
CHANGED = TEXT.replace("weight = 8", "weight = 9", 1)


def use(number, text=TEXT, sha256="a" * 64, detector="built-in", occasion="scored"):
    at = datetime(2026, 11, 30, 16 + number, 5)
    return RubricUse(number, occasion, "zh_service", "1.0.0", sha256, "k", detector, 12, text, "赵六", at)


def test_the_newest_standard_stands_first_with_what_it_changed_in_beijing_time():
    uses = [
        use(1),
        use(2, CHANGED, "b" * 64),
        use(3, CHANGED, "b" * 64, "3f2a", "accepted"),
        use(4, "id = 1\n", "c" * 64, "3f2a"),
    ]
    with speaking("zh"):
        shown = shown_uses(uses)
    assert list(shown.headings) == [
        *("号", "自何时", "谁", "怎么启用的", "评分标准", "句子识别", "程序规则", "比上一号改了几处"),
    ]
    name = "zh_service 1.0.0 "
    assert shown.rows == [
        (4, "2026-12-01 04:05", "赵六", "用它评分", f"{name}(cccccccc)", "3f2a", 12, "本版程序读不懂"),
        (3, "2026-12-01 03:05", "赵六", "选用句子识别", f"{name}(bbbbbbbb)", "3f2a", 12, "0"),
        (2, "2026-12-01 02:05", "赵六", "用它评分", f"{name}(bbbbbbbb)", "built-in", 12, "1"),
        (1, "2026-12-01 01:05", "赵六", "用它评分", f"{name}(aaaaaaaa)", "built-in", 12, "–"),
    ]


def test_a_difference_is_told_key_by_key():
    (change,) = difference(use(1), use(2, CHANGED)).changes
    assert str(change) == "greeting weight：8 → 9"


def test_a_file_that_can_not_be_read_is_named_by_its_number():
    with pytest.raises(QaError) as error:
        difference(use(1), use(2, "id = 1\n"))
    assert "#2" in str(error.value)
