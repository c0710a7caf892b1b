import pytest

from qa_audit.retention.misheard_digits import misheard_numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("号码一三吧零零一三吧零零零", ["一三吧零零一三吧零零零"]),
        ("妖三八零零幺三八零零零，对吧", ["妖三八零零幺三八零零零"]),
        ("一八六 灵零灵幺 二三四五吧", ["一八六 灵零灵幺 二三四五"]),
        ("一三九六六八八零零二要。", ["一三九六六八八零零二要"]),
        ("流水要6000000元", []),
        ("要三个要五个要七个", []),
        ("要，一三八四四", []),
        ("妖吧，要，灵", []),
        ("要", []),
    ],
)
def test_a_number_is_found_through_the_words_that_were_written_for_its_digits(text, found):
    assert [text[start:end] for start, end in misheard_numbers(text)] == found
