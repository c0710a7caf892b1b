"""What stands below a month's pay figures in a terminal or a notebook."""

from types import SimpleNamespace

from qa_audit.messages import speaking
from qa_audit.shown.month import month_notes


def notes(department, critical):
    with speaking("zh"):
        return month_notes(SimpleNamespace(department=department, critical=critical), ())[0]


def test_the_department_and_its_critical_faults_with_their_intervals():
    department = {"estimate": 82.25, "low": 80.0, "high": 84.5, "reason": None}
    critical = {"rate": 0.05, "low": 0.01, "high": 0.15, "reason": None}
    assert notes(department, critical) == (
        "部门：82.25（80.00 – 84.50）；一票否决的通话占 5.0%（1.0% – 15.0%）"
    )
    assert notes(department, None).endswith("；一票否决的通话占 –（–）")


def test_where_there_is_no_interval_the_reason_stands_in_its_place():
    department = {"estimate": 82.25, "low": None, "high": None, "reason": "no_spread"}
    critical = {"rate": 0.05, "low": None, "high": None, "reason": "no_spread"}
    assert notes(department, critical) == (
        "部门：82.25（样本看不出差异，给不出区间）；一票否决的通话占 5.0%（样本看不出差异，给不出区间）"
    )
    nothing = {"estimate": None, "low": None, "high": None, "reason": "no_audits"}
    never = {"rate": None, "low": None, "high": None, "reason": "never_asked"}
    assert notes(nothing, never) == (
        "部门：–（本月没有人工质检，不给分）；一票否决的通话占 –（质检的通话中没有用到该项目）"
    )
