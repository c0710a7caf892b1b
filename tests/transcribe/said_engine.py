"""An engine for tests that knows what was said: the likelier a text, the nearer it is to that."""

from benchmarks.errors import comparable, edit_distance


class SaidEngine:
    """Scores texts by their distance from what was truly said, three a character."""

    name, model, digest = "said", "toy", "a" * 64

    def __init__(self, *said):
        self.said = said
        self.asked = []
        self.lengths_s = []

    def fit(self, samples, texts):
        self.asked.append(list(texts))
        self.lengths_s.append(round(len(samples) / 16_000, 2))
        return [
            -3.0 * min(edit_distance(comparable(one), comparable(text)) for one in self.said)
            for text in texts
        ]
