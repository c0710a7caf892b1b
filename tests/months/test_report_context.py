from qa_audit.messages import speaking
from qa_audit.months.report_context import context_of


def test_the_context_names_rubric_machine_and_department(scored):
    with speaking("en"):
        made = context_of(scored, "2026-10")
    assert (made.month, made.language, made.department) == ("2026-10", "en", "示例客服中心")
    assert (made.rubric_id, made.rubric_version) == ("zh_service", "1.0.0")
    assert made.rubric_sha256 == scored.rubric.sha256
    assert (made.engine, made.model, made.preset) == ("openai-whisper", "base", "balanced")
    assert (made.version, made.chain_head) == (None, str(scored.head))
    assert made.items[0].id == "greeting"


def test_without_a_name_the_folder_stands_for_the_department(scored):
    unnamed = scored.settings.model_copy(
        update={"department": scored.settings.department.model_copy(update={"name": None})}
    )
    object.__setattr__(scored, "settings", unnamed)
    assert context_of(scored, "2026-10").department == "ws"
