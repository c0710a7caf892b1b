from qa_audit.retention.known_names import known_names


def test_names_are_found_as_written_and_long_ones_by_sound():
    known = known_names(("王小明", "何平", "Tom Li"))
    assert known.places("汪晓鸣找何平，和平路，Tom Li在") == [(4, 6), (11, 17), (0, 3)]
    assert len(known.by_sound) == 2


def test_a_single_character_and_no_name_find_nothing():
    assert known_names(("王",)).places("王") == []
    assert known_names(()).places("王小明") == []


def test_the_longest_name_wins():
    assert known_names(("欧阳", "欧阳娜")).places("欧阳娜") == [(0, 3), (0, 3)]
