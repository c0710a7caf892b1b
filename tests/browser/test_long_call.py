"""A call of an hour: drawn while it is still being read, and played at once wherever it is clicked."""

import pytest

from benchmarks.ui import HOUR, make_calls
from tests.browser.test_audit_by_keyboard import PATIENCE_MS, text_of, wait_for_time

# Rows of the canvases of the lanes that have ink, of those on show.
DRAWN = """() => {
    const canvases = document.querySelector('.qa-wave > div').shadowRoot.querySelectorAll('.canvases canvas');
    const left = document.querySelector('.qa-wave').getBoundingClientRect().left;
    const rows = (canvas) => {
        const {width, height} = canvas;
        const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
        const ink = Array.from({length: height}, (_, y) =>
            data.subarray(4 * y * width, 4 * (y + 1) * width).some((value, n) => n % 4 === 3 && value > 0));
        return ink.filter(Boolean).length;
    };
    return [...canvases].filter((one) => one.getBoundingClientRect().right > left).map(rows);
}"""


@pytest.fixture(scope="module")
def hour(tmp_path_factory):
    return make_calls(tmp_path_factory.mktemp("hour"), {HOUR: 1})


def test_an_hour_is_drawn_and_played_where_it_is_clicked(open_player, hour):
    page = open_player("韩雪", folder=str(hour.folder))
    page.keyboard.press("Space")
    wait_for_time(page, 0.3)
    box = page.locator(".qa-map-box").bounding_box()
    page.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + 10)
    wait_for_time(page, 2_520.3)
    assert text_of(page, ".qa-clock").startswith("42:0")
    # The 42 minutes before are read first; to look at the lanes all the time would hold up their drawing.
    page.wait_for_function(f"() => Math.min(...({DRAWN})()) > 20", timeout=4 * PATIENCE_MS, polling=250)
    row = page.locator(".qa-playing").bounding_box()
    words = page.locator(".qa-turns").bounding_box()
    assert words["y"] <= row["y"] < words["y"] + words["height"]
