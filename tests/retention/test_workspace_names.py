from qa_audit.calls.importing import import_calls
from qa_audit.calls.query import calls_frame
from qa_audit.retention.workspace_names import names_known, numbers_of


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


def test_the_number_of_a_call_is_the_one_of_its_customer(centre):
    ids = calls_frame(centre.database).sort("start")["call_id"].to_list()
    assert numbers_of(centre.database, [ids[0], "…"]) == {ids[0]: "13800138000"}
    assert numbers_of(centre.database, []) == {}
