import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.text import readings
from qa_audit.transcribe.glossary import (
    Correction,
    Glossary,
    Term,
    as_written,
    may_sound_alike,
    sound_alike,
)


def glossary(*lines):
    """Terms from `词` or `词:错法,错法`."""
    rows = (line.partition(":") for line in lines)
    return Glossary(tuple(Term(text, tuple(rest.split(",")) if rest else ()) for text, _, rest in rows))


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("您好,云领宽带客服中心。", "您好,云岭宽带客服中心。"),  # tones do not count from three syllables on
        ("运灵款代", "云岭宽带"),
        ("云岭宽带", "云岭宽带"),
        ("云岭，宽带", "云岭，宽带"),  # a run has no sign in it
        ("云岭带宽", "云岭带宽"),
        ("云", "云"),
        ("", ""),
    ],
)
def test_what_sounds_like_a_long_term_becomes_the_term(heard, expected):
    assert glossary("云岭宽带").corrected(heard) == expected


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("章伟您好", "张伟您好"),
        ("张伪", "张伟"),
        ("张卫", "张卫"),  # wei4 is not wei3
        ("掌尾", "掌尾"),
    ],
)
def test_a_term_of_two_syllables_asks_for_the_same_tones(heard, expected):
    assert glossary("张伟").corrected(heard) == expected


@pytest.mark.parametrize(
    ("term", "heard"),
    [
        ("重庆火锅", "虫庆火锅"),
        ("重庆火锅", "众庆火锅"),
        ("银行卡号", "银航卡号"),
        ("音乐之家", "音悦之家"),
        ("长乐", "尝乐"),
    ],
)
def test_any_reading_of_each_character_may_match(term, heard):
    assert glossary(term).corrected(heard) == term


def test_listed_mishearings_are_replaced_as_they_stand():
    listed = glossary("畅享套餐:唱想套装,长翔", "WiFi:歪发")
    assert listed.corrected("我要唱想套装和长翔,歪发坏了") == "我要畅享套餐和畅享套餐,WiFi坏了"
    assert listed.corrected("常想套装") == "常想套装"  # mishearings have no homophones of their own


def test_latin_letters_and_digits_stand_for_themselves_in_either_case():
    listed = glossary("5G畅享包", "VIP卡")
    assert listed.corrected("5g唱响包和vip卡,6G唱响包") == "5G畅享包和VIP卡,6G唱响包"


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("工号八零腰二", "工号八零幺二"),
        ("工号八零一二", "工号八零幺二"),
        ("工号8012", "工号8012"),
        ("工号八零三二", "工号八零三二"),
        ("八零幺二", "八零幺二"),
    ],
)
def test_numbers_are_changed_only_as_the_glossary_lists_them(heard, expected):
    assert glossary("八零幺二:八零一二").corrected(heard) == expected


def test_the_longest_term_wins_and_a_short_one_is_never_put_inside_it():
    listed = glossary("岭宽带", "云岭宽带", "宽带客户端")
    assert listed.corrected("云领宽代") == "云岭宽带"
    assert listed.corrected("领宽代") == "岭宽带"
    # The whole of 宽带客户端 is longer than 云岭宽带, which it overlaps.
    assert listed.corrected("云领宽代客户端") == "云领宽带客户端"


def test_what_is_right_already_is_kept_from_its_neighbours():
    assert glossary("安居宝", "宝安区").corrected("安居宝安区") == "安居宝安区"
    assert glossary("安居宝", "宝安区").corrected("安居宝按去") == "安居宝按去"


def test_where_two_fit_the_first_place_counts():
    assert glossary("安居宝", "宝安区").corrected("按局饱按取") == "安居宝按取"


def test_corrections_are_told_in_order():
    text, made = glossary("云岭宽带", "张伟").with_corrections("章伟,云领宽代,张伟,云领宽代")
    assert text == "张伟,云岭宽带,张伟,云岭宽带"
    assert made == (
        Correction("章伟", "张伟"),
        Correction("云领宽代", "云岭宽带"),
        Correction("云领宽代", "云岭宽带"),
    )


def test_an_empty_glossary_changes_nothing():
    assert Glossary().with_corrections("云领宽代") == ("云领宽代", ())


def test_the_digest_is_of_what_the_terms_do():
    one = Glossary((Term("云岭宽带", ("云林", "云临"), 3), Term("张伟", (), 4)))
    same = Glossary((Term("张伟", (), 1), Term("云岭宽带", ("云临", "云林"), 9)))
    assert one.digest == same.digest
    assert len(one.digest) == 16
    others = [Glossary(), glossary("云岭宽带", "张伟"), glossary("云岭宽带:云林,云临", "章伟")]
    assert len({one.digest, *(other.digest for other in others)}) == 4


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("云岭宽带", "云领宽代", True),
        ("张伟", "张卫", False),
        ("张伟", "章伟", True),
        ("重庆路", "虫庆路", True),
        ("云岭宽带", "云岭宽", False),
    ],
)
def test_terms_that_sound_alike(one, other, expected):
    terms = (Term(one), Term(other))
    assert sound_alike(*terms) is expected
    assert any(sound_alike(*pair) for pair in may_sound_alike(terms)) is expected


def test_a_term_is_written_simplified_and_half_width():
    assert as_written("　雲嶺寬帶ＶＩＰ８ ") == "云岭宽带VIP8"


WORDS = st.text("云岭领宽带代张章伟重庆虫八零幺V，。", max_size=12)


@given(st.lists(st.text("云岭领宽带代张章伟重庆虫八零幺V", min_size=2, max_size=5), max_size=6), WORDS)
def test_corrections_keep_the_length_and_every_place_else(terms, text):
    listed = Glossary(tuple(map(Term, dict.fromkeys(terms))))
    after, made = listed.with_corrections(text)
    assert len(after) == len(text)
    changed = [place for place, pair in enumerate(zip(text, after, strict=True)) if pair[0] != pair[1]]
    assert len(changed) <= sum(len(one.term) for one in made)
    for place in changed:
        assert not set(readings(text[place])).isdisjoint(readings(after[place]))
    assert listed.with_corrections(text) == (after, made)


class Counting(dict):
    """An index that counts how often it is asked, and how many entries it hands out."""

    asked = entries = 0

    def get(self, key, default=None):
        Counting.asked += 1
        found = super().get(key, default)
        if isinstance(found, tuple):
            Counting.entries += len(found)
        return found


def test_the_work_grows_with_the_text_and_not_with_the_terms():
    """1,000 terms over 60 turns of 30 characters: some look-ups a character (2 to 3 ms on one core)."""
    rng = random.Random(0)
    common = (
        "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对"
    )
    terms = dict.fromkeys("".join(rng.choices(common, k=rng.randint(2, 5))) for _ in range(1100))
    listed = Glossary(tuple(map(Term, list(terms)[:1000])))
    turns = ["".join(rng.choices(common, k=30)) for _ in range(60)]
    assert listed.index is listed.index  # built once
    counting = Counting({first: Counting(following) for first, following in listed.index.items()})
    listed.__dict__["index"] = counting
    assert sum(len(listed.with_corrections(turn)[1]) for turn in turns) > 0
    characters = sum(map(len, turns))
    assert Counting.asked < 6 * characters
    assert Counting.entries < 4 * characters
