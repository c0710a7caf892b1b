import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.store.file_stem import MOST_BYTES, file_stem


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("张三 8001", "张三 8001"),
        ("..", "_"),
        ("C:\\x", "C__x"),
        ("nul.txt", "nul.txt_"),
        ("LPT1", "LPT1_"),
        ("console", "console"),
        ("a\0b\nc", "a_b_c"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}fdp", "_fdp"),
        ("8" * 300, "8" * MOST_BYTES),
        ("三" * 300, "三" * (MOST_BYTES // 3)),
    ],
)
def test_names(text, wanted):
    assert file_stem(text) == wanted


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_gives_a_name_in_its_folder(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp()
    path = folder / f"{file_stem(text)}.pdf"
    assert path.parent == folder
    assert path.resolve().parent == folder.resolve()
    assert 4 < len(path.name.encode()) <= MOST_BYTES + 5
