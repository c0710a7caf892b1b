from qa_audit.widgets.redrawn import drawn_again, redraw_others


class Panel:
    """Counts how often it was drawn again."""

    def __init__(self, folder):
        self.drawn = 0
        drawn_again(folder, self.redraw)

    def redraw(self):
        self.drawn += 1


def test_the_others_of_the_same_workspace_are_drawn_again(tmp_path):
    own, other, elsewhere = Panel(tmp_path / "a"), Panel(tmp_path / "a"), Panel(tmp_path / "b")
    redraw_others(tmp_path / "a", own.redraw)
    assert (own.drawn, other.drawn, elsewhere.drawn) == (0, 1, 0)


def test_a_panel_that_is_gone_is_forgotten(tmp_path):
    own, other = Panel(tmp_path), Panel(tmp_path)
    del other
    redraw_others(tmp_path, own.redraw)
    assert own.drawn == 0
