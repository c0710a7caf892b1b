from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from qa_audit.messages import catalogue
from qa_audit.reports.typefaces import BUNDLED, LAST, SYSTEM, bundled_path, families

NAMES = "喆堃玥珺龘"


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    own = [font for font in font_manager.fontManager.ttflist if font.name == LAST]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", own)
    font_manager.fontManager._findfont_cached.cache_clear()  # type: ignore[attr-defined]
    families.cache_clear()
    yield
    families.cache_clear()
    font_manager.fontManager._findfont_cached.cache_clear()  # type: ignore[attr-defined]


def drawn(text: str) -> np.ndarray:
    """Darkness of `text` as matplotlib draws it in our families, trimmed to its ink."""
    figure = Figure(figsize=(2, 2), dpi=100)
    canvas = FigureCanvasAgg(figure)
    figure.text(0.3, 0.3, text, fontfamily=list(families()), fontsize=60)
    canvas.draw()
    ink = 255 - np.asarray(canvas.buffer_rgba())[:, :, 0].astype(int)
    rows, columns = np.nonzero(ink)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def glyph_box(font: FT2Font, index: int) -> np.ndarray:
    font.clear()
    font.set_size(60, 100)
    font.load_glyph(index)
    return np.asarray(font.get_path()[0])


@pytest.mark.parametrize("character", [*NAMES, "䶮", "𬭎", "ü", "·", "—", "“"])
def test_a_character_is_drawn_from_the_bundled_font_and_is_no_tofu(
    no_system_fonts: None, character: str
) -> None:
    font = FT2Font(str(bundled_path()))
    index = font.get_char_index(ord(character))
    assert index != 0
    outline, tofu = glyph_box(font, index), glyph_box(font, 0)
    assert outline.shape != tofu.shape or not np.allclose(outline, tofu)
    assert families() == (BUNDLED, LAST)
    assert drawn(character).sum() > 0  # and no warning: pytest makes a missing glyph an error


def test_pictures_of_names_differ_from_each_other_and_from_tofu(no_system_fonts: None) -> None:
    pictures = [drawn(character) for character in NAMES]
    with pytest.warns(UserWarning, match="missing from font"):
        pictures.append(drawn("\U000f0000"))
    assert len({(picture.shape, picture.tobytes()) for picture in pictures}) == len(NAMES) + 1


def test_everything_the_catalogue_says_and_all_of_gbk_can_be_drawn() -> None:
    covered = set(FT2Font(str(bundled_path())).get_charmap())
    # What only the player says is never drawn: the browser shows it, with keys of the toolbar.
    drawn_ones = [message for key, message in catalogue().items() if not key.startswith("player.")]
    said = {character for message in drawn_ones for text in message.values() for character in text}
    assert {
        character for character in said if ord(character) not in covered and character.isprintable()
    } == set()
    pairs = (bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    gbk = {ord(character) for pair in pairs for character in pair.decode("gbk", errors="ignore")}
    assert len(gbk) > 21_800
    # The delete character, and ≒, which Noto Sans CJK SC does not have.
    assert gbk - covered == {0x7F, 0x2252}


def test_the_bundled_font_comes_first_even_where_the_system_has_one() -> None:
    assert families()[0] == BUNDLED
    assert families()[-1] == LAST
    assert set(families()[1:-1]) <= set(SYSTEM)
    assert len(families()) <= 3


def test_the_licence_lies_beside_the_font() -> None:
    folder = bundled_path().parent
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
