import gc
from contextlib import suppress

from qa_audit.uncollected import uncollected


def test_it_is_off_meanwhile_and_on_again_also_after_an_error():
    with suppress(ZeroDivisionError), uncollected():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()


def test_what_was_off_stays_off():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
