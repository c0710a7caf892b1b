from qa_audit.audit.status_names import START, STATUSES
from qa_audit.messages import catalogue


def test_they_go_from_the_least_to_the_most_and_have_names():
    assert STATUSES == ("manual", "assisted", "automatic")
    assert START == "assisted"
    assert [catalogue()[f"audited.status.{one}"]["zh"] for one in STATUSES] == ["人工", "辅助", "自动"]
