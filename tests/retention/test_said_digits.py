from qa_audit.retention.said_digits import as_dialled, count_digits


def test_digits_are_counted_and_dialled_however_they_are_said():
    assert count_digits("壹三8，嗯，拐X") == 5
    assert as_dialled("幺洞拐勾两〇，玖8") == "10792098"
