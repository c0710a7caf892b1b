from qa_audit.scoring.learned.corpus import corpus
from qa_audit.scoring.learned.misheard import misheard
from qa_audit.text.pinyin import syllables

SAID = [one.plain for one in corpus() if one.item == "neutral"][:600]


def test_about_an_eighth_of_the_characters_become_others():
    same_length = [
        (said, heard) for said, heard in zip(SAID, misheard(SAID), strict=True) if len(said) == len(heard)
    ]
    assert len(same_length) > len(SAID) / 2
    changed = sum(one != other for said, heard in same_length for one, other in zip(said, heard, strict=True))
    assert 0.08 < changed / sum(len(said) for said, _ in same_length) < 0.18


def test_most_of_what_changes_sounds_otherwise_and_some_is_only_written_otherwise():
    copies = misheard(SAID)
    changed = [(one, other) for one, other in zip(SAID, copies, strict=True) if one != other]
    written_otherwise = [one for one, other in changed if syllables(one) == syllables(other)]
    assert 0 < len(written_otherwise) < len(changed) / 2


def test_the_same_texts_give_the_same_copies_of_their_characters_only():
    assert misheard(SAID) == misheard(SAID)
    assert set("".join(misheard(SAID))) <= set("".join(SAID))


def test_what_is_no_syllable_stays():
    assert misheard(["ab12"]) == ["ab12"]
