"""Recordings and lists with bytes changed, cut, doubled or thrown in give a result or an error in words.

`make test-fuzz` takes 5,000 of them: QA_AUDIT_FUZZ says how many.
"""

import io
import os
import random
import resource
import time

import numpy as np
import pytest
import soundfile
import xlsxwriter

from qa_audit.calls.call_list import read_call_list
from qa_audit.messages import QaError
from qa_audit.transcribe.audio import open_recording, read_blocks

FILES = int(os.environ.get("QA_AUDIT_FUZZ", "240"))
LONGEST_S = 20.0
"""For one file, on a machine that does other things too."""
MOST_BYTES = 1_500_000_000
"""By which all files together may raise the peak of memory."""
SOUNDS = {
    "wav": ("WAV", "PCM_16"),
    "ulaw.wav": ("WAV", "ULAW"),
    "flac": ("FLAC", "PCM_16"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
}
ROWS = (
    ("通话编号", "录音文件", "工号", "班组", "开始时间", "呼叫方向"),
    ("A1", "a.wav", "8011", "一班", "2026-10-03 09:15:07", "呼入"),
    ("A2", "b.wav", "8012", "二班", "2026-10-04 09:15:07", "呼出"),
)


def _sound(kind):
    container, form = SOUNDS[kind]
    tone = 0.3 * np.sin(np.arange(8_000) / 5)
    file = io.BytesIO()
    soundfile.write(file, np.stack([tone, -tone], 1), 8_000, format=container, subtype=form)
    return file.getvalue()


def _list(kind):
    if kind == "csv":
        return "\r\n".join(",".join(row) for row in ROWS).encode("gb18030")
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def _mutated(whole, chosen):
    """Up to four changes, half of them in the head, where the sizes stand."""
    content = bytearray(whole)
    for _ in range(chosen.randint(1, 4)):
        end = min(len(content), 80) if chosen.random() < 0.5 else len(content)
        at = chosen.randrange(end) if end else 0
        size = chosen.choice((1, 1, 2, 4, 64))
        match chosen.choice(("byte", "extreme", "cut", "double", "insert")):
            case "byte":
                content[at : at + 1] = chosen.randbytes(1)
            case "extreme":
                content[at : at + size] = chosen.choice((b"\x00", b"\x7f", b"\xff")) * size
            case "cut":
                del content[at : at + chosen.choice((size, len(content)))]
            case "double":
                content[at:at] = content[at : at + size]
            case "insert":
                content[at:at] = chosen.randbytes(size)
    return bytes(content)


def _hear(path):
    for _ in read_blocks(open_recording(path)):
        pass


READERS = {**dict.fromkeys(SOUNDS, _hear), "csv": read_call_list, "xlsx": read_call_list}


def _peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", READERS)
def test_a_mutated_file_gives_a_result_or_an_error_in_words(tmp_path, kind, capsys):
    whole = _sound(kind) if kind in SOUNDS else _list(kind)
    path = tmp_path / f"f.{kind}"
    path.write_bytes(whole)
    READERS[kind](path)
    chosen, refused, before, longest = random.Random(kind), 0, _peak_bytes(), 0.0
    count = -(-FILES // len(READERS))
    for number in range(count):
        path.write_bytes(_mutated(whole, chosen))
        begun = time.perf_counter()
        try:
            READERS[kind](path)
        except QaError:
            refused += 1
        except Exception as error:
            error.add_note(f"{kind}, file {number}")
            raise
        longest = max(longest, time.perf_counter() - begun)
    grown = _peak_bytes() - before
    assert longest < LONGEST_S
    assert grown < MOST_BYTES
    assert refused > 0
    with capsys.disabled():
        print(
            f"\n{kind}: {count} files, {refused} refused; longest {longest:.2f} s, {grown / 1e6:.0f} MB more"
        )
