import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.scoring.learned.features import BUCKETS, CLASS_LONGEST, KINDS, NOTHING, class_words, hashed

CLASSES = KINDS - CLASS_LONGEST
SENTENCES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30)


def buckets_of(sentences, place):
    grams = hashed(sentences)
    start = int(grams.starts[place]) - 1
    return grams.buckets[:, start : start + int(grams.lengths[place]) + 1]


@settings(deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=6), st.randoms())
def test_a_sentence_has_the_same_row_in_any_batch_and_order(sentences, rng):
    shuffled = sentences[:]
    rng.shuffle(shuffled)
    for place, sentence in enumerate(shuffled):
        np.testing.assert_array_equal(buckets_of(shuffled, place), buckets_of([sentence], 0))


@settings(deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=6))
def test_lengths_and_starts_cut_the_text_back_into_sentences(sentences):
    grams = hashed(sentences)
    text = "\n" + "\n".join(sentences) + "\n"
    cut = [text[s : s + n] for s, n in zip(grams.starts.tolist(), grams.lengths.tolist(), strict=True)]
    assert cut == sentences
    assert int(grams.buckets.max()) <= NOTHING == BUCKETS


def test_a_homophone_changes_characters_but_no_sounds():
    said, heard = hashed(["不归我们管"]).buckets, hashed(["不规我们馆"]).buckets
    assert not np.array_equal(said[:3], heard[:3])
    np.testing.assert_array_equal(said[3:6], heard[3:6])


def test_a_pair_is_the_same_with_one_two_or_three_characters_between():
    pairs = [set(buckets_of([one], 0)[6:9].ravel()) for one in ("怪天你", "怪天地你", "怪天地人你")]
    for gap, found in enumerate(pairs, 2):
        alone = hashed(["怪" + "哈" * (gap - 1) + "你"]).buckets[gap + 4, 1]
        assert alone in found
    assert len({hashed(["怪" + "哈" * (gap - 1) + "你"]).buckets[gap + 4, 1] for gap in (2, 3, 4)}) == 1


def test_you_is_you():
    np.testing.assert_array_equal(hashed(["您问物业"]).buckets, hashed(["你问物业"]).buckets)


def test_another_company_has_the_same_word_classes():
    one, other = hashed(["找厂家去"]).buckets, hashed(["找卖家去"]).buckets
    np.testing.assert_array_equal(one[CLASSES:], other[CLASSES:])
    assert (one[CLASSES:] != NOTHING).any()


def test_no_ngram_reaches_into_the_next_sentence():
    alone, followed = buckets_of(["再见"], 0), buckets_of(["再见", "您好"], 0)
    np.testing.assert_array_equal(alone, followed)


def test_a_word_stands_in_one_class_list_at_most_once():
    for name, words in class_words().items():
        assert len(words) == len(set(words)), name
