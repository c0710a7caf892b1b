from dataclasses import replace

from qa_audit.audit.corrections import corrected, transcript_digest
from qa_audit.audit.sheet import Sheet
from qa_audit.transcribe.turns import Transcript, Turn

TURNS = (
    Turn("agent", 0.0, 1.0, "你好", 0.5, raw_text="你好", formal=(0.2,)),
    Turn("customer", 1.0, 2.0, "报修", 0.9),
    Turn("system", 2.0, 3.0, "请评价", 0.9),
)
TRANSCRIPT = Transcript("ab" * 32, 3.0, 2, "openai-whisper", "base", "balanced", TURNS, 0.6)
DIGEST = transcript_digest(TRANSCRIPT)


def _sheet(**corrections):
    return Sheet("c1", "李敏", transcript_sha256=DIGEST, **corrections)


def test_the_digest_is_of_what_a_person_sees():
    assert transcript_digest(replace(TRANSCRIPT, preset="careful")) == DIGEST
    other = (replace(TURNS[0], text="您好"), *TURNS[1:])
    assert transcript_digest(replace(TRANSCRIPT, turns=other)) != DIGEST
    assert transcript_digest(replace(TRANSCRIPT, sha256="cd" * 32)) != DIGEST


def test_words_of_a_person_are_certain_and_unmeasured():
    now = corrected(TRANSCRIPT, _sheet(texts={0: "您好", 1: "报修"}))
    assert now.turns == (Turn("agent", 0.0, 1.0, "您好", 1.0, raw_text="你好"), *TURNS[1:])
    assert now.role_confidence == 0.6


def test_swapped_speakers_are_known_and_announcements_stay():
    now = corrected(TRANSCRIPT, _sheet(roles_swapped=True))
    assert [turn.role for turn in now.turns] == ["customer", "agent", "system"]
    assert now.role_confidence == 1.0


def test_a_single_speaker_may_be_put_right_also_after_a_swap():
    now = corrected(TRANSCRIPT, _sheet(roles={2: "agent"}))
    assert ([turn.role for turn in now.turns], now.role_confidence) == (["agent", "customer", "agent"], 0.6)
    now = corrected(TRANSCRIPT, _sheet(roles_swapped=True, roles={0: "agent"}))
    assert [turn.role for turn in now.turns] == ["agent", "agent", "system"]


def test_without_corrections_it_is_the_same_transcript():
    assert corrected(TRANSCRIPT, Sheet("c1", "李敏")) is TRANSCRIPT
    assert corrected(TRANSCRIPT, _sheet(texts={0: "你好"}, roles={0: "agent"})) is TRANSCRIPT


def test_corrections_of_other_turns_are_left_out():
    stale = Sheet("c1", "李敏", texts={0: "您好"}, transcript_sha256="0" * 64)
    assert corrected(TRANSCRIPT, stale) is TRANSCRIPT
