from qa_audit.reports.top_items import top_items


def test_the_items_at_fault_most_with_how_many_are_left_out(make_month, make_context):
    table, others = top_items(*make_month(6, 20), make_context())
    counts = table.frame["fault_count"].to_list()
    assert len(counts) == 8
    assert counts == sorted(counts, reverse=True)
    assert others == 12


def test_by_hand(by_hand, make_context):
    table, others = top_items(*by_hand, make_context())
    assert table.name == "不合格最多的项目"
    # Of two that failed once the one that cost more comes first; a situation has no points.
    assert table.frame.select("item", "judged", "fault_count", "critical", "lost").rows() == [
        ("不使用生硬语言", 1, 1, 1, 10.0),
        ("结束语", 1, 1, 0, 4.0),
        ("complaint", 1, 1, 0, 0.0),
    ]
    assert others == 0
