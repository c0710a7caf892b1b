import pytest

_INJECTED = []


@pytest.fixture
def injected():
    """Says how many faults a test injected and survived; the end of the run prints them all."""
    return lambda step, count, what: _INJECTED.append((step, count, what))


def pytest_terminal_summary(terminalreporter):
    if not _INJECTED:
        return
    terminalreporter.section("faults")
    for step, count, what in _INJECTED:
        terminalreporter.write_line(f"{step}: injected {count}, survived {count}; {what}")
    total = sum(count for _, count, _ in _INJECTED)
    terminalreporter.write_line(f"in all: injected {total}, survived {total}")
