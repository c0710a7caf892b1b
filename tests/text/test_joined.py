from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa_audit.text import fold_honorific, normalise, sound
from qa_audit.text.joined import (
    CLAUSE,
    SENTENCE,
    codes_of,
    fold_honorific_codes,
    join_normalised,
    sound_codes,
    text_of,
)
from qa_audit.text.normalise import clauses

TEXTS = st.lists(
    st.one_of(
        st.text(st.sampled_from("您好,再见。 呃嗯100%％.．:：2点五請著藉妳問①㈱\n\tＡa😀〇"), max_size=12),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=6),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(TEXTS)
@example([])
@example(["", "\n", "呃"])
@example(["好", "100%的把握,50 %", "㈱請問①"])
@example(["9:30后，2.5小时。", "2", ".5", "1,200元", "1.5 %"])
def test_many_texts_become_what_each_becomes_alone(texts):
    joined = join_normalised(texts)
    alone = [normalise(text).text for text in texts]
    assert text_of(joined.codes) == "".join(f"{text}\n" for text in alone)
    assert [
        text_of(joined.codes[start : end - 1])
        for start, end in zip(joined.starts[:-1], joined.starts[1:], strict=True)
    ] == alone


@settings(deadline=None)
@given(TEXTS)
def test_origins_are_the_places_that_a_text_alone_gives(texts):
    joined = join_normalised(texts)
    for number, text in enumerate(texts):
        one = normalise(text)
        start = int(joined.starts[number])
        for place in range(len(one.text)):
            origin = int(joined.origins[start + place])
            assert origin == -1 or (origin, origin + 1) == one.span(place, place + 1)


def test_only_texts_that_a_table_cannot_do_have_no_origins():
    joined = join_normalised(["您好,再见", "100%", "嗯,好"])
    assert joined.origins.tolist() == [0, 1, 3, 4, 5, -1, -1, -1, -1, 4, 2, 3]


@given(st.text(max_size=20))
def test_sounds_are_those_of_the_text(text):
    text = text.encode("utf-8", "replace").decode("utf-8")
    codes = fold_honorific_codes(codes_of(text))
    assert text_of(codes) == fold_honorific(text)
    assert text_of(sound_codes(codes)) == sound(fold_honorific(text))
    assert text_of(sound_codes(codes, folded=True)) == sound(fold_honorific(text), folded=True)


@settings(deadline=None)
@given(TEXTS)
@example(["好的。您看100%的把握?行吗", "。", "一，二：三"])
def test_pieces_are_those_that_each_text_is_cut_into_alone(texts):
    joined = join_normalised(texts)
    whole = text_of(joined.codes)

    def cut(least):
        starts, ends = joined.pieces(least)
        return [whole[start:end] for start, end in zip(starts, ends, strict=True)]

    alone = [clauses([text])[0] for text in texts]
    assert cut(SENTENCE) == ["".join(sentence) for each in alone for sentence in each]
    assert cut(CLAUSE) == [clause for each in alone for sentence in each for clause in sentence]
