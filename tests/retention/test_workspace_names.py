from qa_audit.calls.importing import import_calls
from qa_audit.retention.workspace_names import names_known


def test_agents_and_customers_are_known_by_the_call_list_and_the_roster(centre):
    calls, roster = centre.home / "calls.csv", centre.home / "roster.csv"
    calls.write_text(
        "通话编号,录音文件,工号,坐席姓名,客户姓名,备注\n"
        "a,8001_20260703090000_13800138000.wav,8001,张三,赵国庆,李四\n"
        "b,8001_20260703100000_13800138000.wav,8001,张三,13800138000,\n",
        encoding="utf-8",
    )
    roster.write_text("人员编号,姓名,新工号\nP1,张三,8001\nP2,王芳,8002\n", encoding="utf-8")
    import_calls(centre.database, centre.recordings, call_list=calls, roster=roster)
    assert names_known(centre.database) == ("张三", "王芳", "赵国庆")
    assert names_known(centre.database, agents=False) == ("赵国庆",)
