"""A stretch of a call to be heard in a panel, with the browser's own controls."""

from __future__ import annotations

import anywidget
import traitlets

from qa_audit.messages import say
from qa_audit.widgets.player import STATIC


class ClipPlayer(anywidget.AnyWidget):
    """Plays MP3; without any it takes no room. Unlike `ipywidgets.Audio` it has a name for screen readers.

    >>> player = ClipPlayer()
    >>> player.value, player.autoplay
    (b'', False)
    """

    _esm = STATIC / "clip.js"

    value = traitlets.Bytes().tag(sync=True)
    """An MP3 file; empty for none."""
    autoplay = traitlets.Bool(False).tag(sync=True)
    """Whether a sound plays as soon as it is there."""
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, *, autoplay: bool = False) -> None:
        super().__init__(autoplay=autoplay, label=say("widget.clip_player"))
