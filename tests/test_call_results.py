from tests.browser.made_workspace import CALLS
from tests.refusal import code_of

RUDE = CALLS[4]


def test_turns_and_transcript_are_those_of_the_call(scored):
    results = scored.call_results
    turns = results.turns(RUDE)
    assert (turns.height, turns["role"][0], turns["text"][0][:5]) == (11, "agent", "您好，云岭")
    transcript, facts = results.transcript(RUDE)
    assert [turn.text for turn in transcript.turns] == turns["text"].to_list()
    assert (facts.direction, facts.ring_s, facts.internal) == ("inbound", 11.0, False)


def test_what_is_unknown_and_what_has_no_turns_is_told_apart(scored):
    results = scored.call_results
    for ask in (results.call, results.turns, results.transcript, results.answers):
        assert code_of(ask, "nobody") == "workspace.unknown_call"
    for ask in (results.turns, results.transcript):
        assert code_of(ask, "20260902001") == "workspace.not_transcribed"
    assert results.findings(call_id="20260902001").is_empty()
    assert results.answers(RUDE) == {}


def test_findings_of_a_call_are_its_part_of_the_month(scored):
    results = scored.call_results
    own = results.findings(call_id=RUDE)
    assert own.filter(verdict="fail")["item"].to_list() == [
        "no_blame_shifting",
        "no_blaming_customer",
        "apology",
        "complaint",
    ]
    assert own.equals(results.findings("2026-10").filter(call_id=RUDE))
    assert results.findings("2026-09").is_empty()


def test_calls_to_audit_come_in_the_order_asked_for(scored):
    results = scored.call_results
    assert results.to_audit(None)["call_id"].to_list() == list(CALLS)
    some = results.to_audit([CALLS[2], CALLS[0], CALLS[2]])
    assert some.select("call_id", "score", "status").rows() == [
        (CALLS[2], 0.0, "scored"),
        (CALLS[0], 100.0, "scored"),
    ]
    assert code_of(results.to_audit, [CALLS[0], "nobody"]) == "workspace.unknown_call"


def test_transcripts_come_one_by_one_of_the_calls_wanted(scored):
    results = scored.call_results
    assert [one.call_id for one in results.transcripts("2026-10")] == list(CALLS)
    assert [one.call_id for one in results.transcripts(only=[RUDE, "nobody"])] == [RUDE]
    assert [one.call_id for one in results.transcripts("2026-09")] == []
