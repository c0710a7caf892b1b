"""How long it takes to find words in what was said in many calls.

    python -m benchmarks.find_words                     # 100,000 calls of 40 turns
    python -m benchmarks.find_words --calls 20000

Makes a workspace in a temporary folder with its calls and the index of what was said in them, as searches
keep it (`qa_audit/transcribe/word_search.py`). A tenth of the calls, 5,000 at most, are left out of the index
and written a part each, as transcription does it. Prints the time of `Workspace.find`: first with these new
calls, then for words that every call holds, that few hold, that only sound alike, and that none holds, and
for a number without words; and the memory of the process. On a machine with other work the processor time
says more than the other.
"""

from __future__ import annotations

import random
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import click
import polars as pl
from sqlalchemy import insert

from qa_audit.calls.query import calls_frame, month_of
from qa_audit.console import table
from qa_audit.pipeline import turns_key
from qa_audit.store.database import writing
from qa_audit.store.parts import write_part
from qa_audit.store.schema import calls as schema_calls
from qa_audit.store.schema import imports, recordings
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.trial import peak_bytes
from qa_audit.transcribe.turns import Transcript, Turn
from qa_audit.transcribe.word_search import CALLS_A_PART, SPOKEN, spoken_frame
from qa_audit.workspace import Workspace

TURNS_A_CALL = 40
SENTENCES = (
    "您好，客服中心{0}号为您服务，请问有什么可以帮您？",
    "我家的宽带从昨天晚上开始就上不去了，第{0}次了。",
    "好的，请您提供一下宽带账号，我帮您查询。",
    "账号是幺三八零零{0}。",
    "请您稍等，我帮您查询一下，请不要挂机。",
    "感谢您的耐心等待，这边显示线路需要检修，单号{0}。",
    "那什么时候能修好？",
    "师傅会在{0}小时内联系您，请问还有其他可以帮您的吗？",
    "没有了，谢谢。",
    "不客气，感谢您的来电，再见。",
)
RARE = "我要申请退款，上个月多扣了。"
SEARCHES = (
    ("every call", "感谢您的来电"),
    ("few calls", "退款"),
    ("few, by sound", "推宽"),
    ("none", "天气预报"),
)


def turns_of(number: int) -> tuple[Turn, ...]:
    """Turns of a made-up call; one call in a thousand asks for a refund."""
    chance = random.Random(number)
    texts = [SENTENCES[place % 10].format(chance.randrange(10_000)) for place in range(TURNS_A_CALL)]
    if number % 1_000 == 1:
        texts[3] = RARE
    roles = ("agent", "customer")
    return tuple(
        Turn(roles[place % 2], 4.0 * place, 4.0 * place + 3, text, 0.9) for place, text in enumerate(texts)
    )


def transcript_of(number: int) -> Transcript:
    """A made-up call as transcription keeps it."""
    return Transcript(f"{number:064x}", 160.0, 2, "openai-whisper", "base", "balanced", turns_of(number))


def make_workspace(folder: Path, calls: int) -> Workspace:
    """A workspace whose database has so many calls, a minute apart."""
    workspace = Workspace.create(folder)
    first = datetime(2026, 9, 1, 8)
    rows = [
        {
            "call_id": f"C{number:06d}",
            "sha256": f"{number:064x}",
            "agent_no": f"8{number % 60:03d}",
            "customer_no": f"138{number:08d}",
            "start": first + timedelta(minutes=number),
            "extra": {},
            "source": "list",
            "changed_in": 1,
        }
        for number in range(calls)
    ]
    kept = [{"sha256": row["sha256"], "size_bytes": 1, "added_in": 1} for row in rows]
    with writing(workspace.database) as connection:
        connection.execute(insert(imports).values(imported_at=first, who="benchmark", counts={}))
        connection.execute(insert(recordings), kept)
        connection.execute(insert(schema_calls), rows)
    return workspace


def write_turns(workspace: Workspace, new: int) -> None:
    """The index of all calls but the first `new`, which have parts of their own."""
    settings, digest = workspace.settings.transcribe, workspace.choices.digest
    known = calls_frame(workspace.database)
    keys = [(turns_key(row, settings, digest), row["start"]) for row in known.iter_rows(named=True)]
    for number, (key, start) in enumerate(keys[:new]):
        write_part(turns_frame(transcript_of(number)), workspace.results, TURNS, month_of(start), key)
    for first in range(new, len(keys), CALLS_A_PART):
        last = min(first + CALLS_A_PART, len(keys))
        frames = [
            turns_frame(transcript_of(number)).with_columns(key=pl.lit(keys[number][0]))
            for number in range(first, last)
        ]
        month = month_of(keys[last - 1][1])
        write_part(spoken_frame(pl.concat(frames)), workspace.results, SPOKEN, month, f"p{first:06d}")


@click.command()
@click.option("--calls", default=100_000, show_default=True)
def main(calls: int) -> None:
    """Time searches by words."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder) / "ws", calls)
        new = min(calls // 10, 5_000)
        write_turns(workspace, new)
        rows = [_timed(f"first, with {new} new calls", workspace, "退款")]
        rows += [_timed(name, workspace, words) for name, words in SEARCHES]
        rows.append(_timed("a number, no words", workspace, number=f"138{calls // 2:08d}"))
        headings = ["search", "words", "calls found", "seconds", "processor seconds"]
        click.echo(table(headings, rows, right=(2, 3, 4)))
        size = sum(path.stat().st_size for path in (workspace.results / SPOKEN).rglob("*.parquet"))
    peak_mb = peak_bytes() / 1e6
    click.echo(
        f"{calls} calls of {TURNS_A_CALL} turns; index {size / 1e6:.0f} MB; peak memory {peak_mb:.0f} MB"
    )


def _timed(name: str, workspace: Workspace, *words: str, **known: str) -> tuple[object, ...]:
    start, used = time.perf_counter(), time.process_time()
    found = workspace.find(*words, **known)
    spent = [f"{time.perf_counter() - start:.1f}", f"{time.process_time() - used:.1f}"]
    return name, " ".join(words) or "–", found["call_id"].n_unique(), *spent


if __name__ == "__main__":
    main()
