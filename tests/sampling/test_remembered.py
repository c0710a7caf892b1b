from qa_audit.sampling.remembered import RememberedSamples


class Book:
    """Counts what it is asked."""

    def __init__(self):
        self.asked = []

    def __getattr__(self, name):
        def answer(which):
            self.asked.append((name, which))
            return [name, which]

        return answer


def test_each_thing_is_asked_once():
    book = Book()
    remembered = RememberedSamples(book)
    for _ in range(2):
        assert remembered.sample("2026-10") == ["sample", "2026-10"]
        assert remembered.frame_of(1) == ["frame_of", 1]
        assert remembered.frame_of(2) == ["frame_of", 2]
        assert remembered.assignments(1) == ["assignments", 1]
    assert book.asked == [("sample", "2026-10"), ("frame_of", 1), ("frame_of", 2), ("assignments", 1)]
