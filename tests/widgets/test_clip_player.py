import pytest

from qa_audit.messages import speaking
from qa_audit.widgets.clip_player import ClipPlayer


@pytest.mark.parametrize(
    ("language", "name"), [("zh", "播放选中的片段"), ("en", "Player of the chosen stretch")]
)
def test_it_has_a_name_that_screen_readers_tell(language, name):
    with speaking(language):
        assert ClipPlayer().get_state(["label", "value", "autoplay"]) == {
            "label": name,
            "value": b"",
            "autoplay": False,
        }


def test_it_plays_at_once_where_asked_to():
    assert ClipPlayer(autoplay=True).autoplay
