from qa_audit.scoring.joined_calls import join_calls, roles_of
from qa_audit.scoring.said import Wording
from qa_audit.scoring.vocabulary import Vocabulary
from qa_audit.transcribe.turns import Turn


def turns(*said):
    return [Turn(role, 2.0 * i, 2.0 * i + 1, text, 0.9) for i, (role, text) in enumerate(said)]


ONE = turns(("agent", "您好，请讲。"), ("customer", "我要100%退款"))
OTHER = turns(("system", "。"), ("agent", "好的。再见"))


def test_each_call_has_its_own_text_in_every_form():
    one, empty, other = join_calls([ONE, [], OTHER], None, [True] * 3)
    assert (one.text, one.plain) == ("您好请讲\n我要百分之百退款", "你好请讲\n我要百分之百退款")
    assert (empty.text, empty.spelt) == ("", "")
    assert (other.text, len(other.spelt)) == ("\n好的再见", 5)
    assert other.origins.tolist()[1:5] == [0, 1, 3, 4]


def test_sentences_and_clauses_lie_in_the_text_of_their_call():
    one, empty, other = join_calls([ONE, [], OTHER], None, [True] * 3)
    assert one.sentences == ([0, 1], [0, 5], [4, 13])
    assert one.clauses == ([0, 0, 1], [0, 2, 5], [2, 4, 13])
    assert empty.sentences == ([], [], [])
    assert other.sentences == ([1, 1], [1, 3], [3, 5])


def test_wordings_of_one_speaker_are_found_in_that_speakers_turns():
    wording = Wording(phrases=("好",), tolerance="exact")
    vocabulary = Vocabulary([wording], ["agent"])
    call = turns(("agent", "好"), ("customer", "好"), ("unknown", "好"), ("system", "好"))
    known, unknown = join_calls([call, call], vocabulary, [True, False])
    assert known.hits.turns[: known.hits.starts[1]] == [0, 2]
    first, after = unknown.hits.starts[0], unknown.hits.starts[1]
    assert unknown.hits.turns[first:after] == [0, 1, 2]


def test_without_known_roles_only_announcements_are_told():
    said = turns(("agent", "好"), ("system", "好"), ("customer", "好"))
    assert roles_of(said, known=False) == ["unknown", "system", "unknown"]
    assert roles_of(said, known=True) == ["agent", "system", "customer"]
