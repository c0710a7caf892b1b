"""How long it takes to find words in what was said in many calls.

    python -m benchmarks.find_words                     # 100,000 calls of 40 turns
    python -m benchmarks.find_words --calls 20000

Makes the index of turns in a temporary folder, as searches keep it (`qa_audit/transcribe/word_search.py`),
and prints the time of a search for words that every call holds, that few hold, that only sound alike, and
that none holds, and the memory of the process. A tenth of the calls, 5,000 at most, is also written a part
each, as transcription does it, and put into an index: what new calls cost at the first search after them.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from pathlib import Path

import click
import polars as pl

from qa_audit.console import table
from qa_audit.store.parts import write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.turns import Transcript, Turn
from qa_audit.transcribe.word_search import CALLS_A_PART, SPOKEN, find_words, index_turns, spoken_frame

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
    if number % 1_000 == 7:
        texts[3] = RARE
    roles = ("agent", "customer")
    return tuple(
        Turn(roles[place % 2], 4.0 * place, 4.0 * place + 3, text, 0.9) for place, text in enumerate(texts)
    )


def transcript_of(number: int) -> Transcript:
    """A made-up call as transcription keeps it."""
    return Transcript(f"{number:064x}", 160.0, 2, "openai-whisper", "base", "balanced", turns_of(number))


@click.command()
@click.option("--calls", default=100_000, show_default=True)
def main(calls: int) -> None:
    """Time searches by words."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder)
        new = min(calls // 10, 5_000)
        for number in range(new):
            write_part(turns_frame(transcript_of(number)), results, TURNS, "2026-10", f"k{number:06d}")
        start = time.perf_counter()
        index_turns(results, [f"k{number:06d}" for number in range(new)])
        spent = time.perf_counter() - start
        click.echo(f"{new} new calls into the index: {spent:.1f} s ({1e3 * spent / new:.1f} ms a call)")
        for first in range(new, calls, CALLS_A_PART):
            frames = [
                turns_frame(transcript_of(number)).with_columns(key=pl.lit(f"k{number:06d}"))
                for number in range(first, min(first + CALLS_A_PART, calls))
            ]
            write_part(spoken_frame(pl.concat(frames)), results, SPOKEN, "2026-10", f"p{first:06d}")
        size = sum(path.stat().st_size for path in (results / SPOKEN).rglob("*.parquet"))
        click.echo(f"index of {calls} calls, {calls * TURNS_A_CALL} turns: {size / 1e6:.0f} MB")
        keys = [f"k{number:06d}" for number in range(calls)]
        rows = []
        for name, words in SEARCHES:
            start = time.perf_counter()
            index_turns(results, keys)
            found = find_words(results, [words])
            spent = time.perf_counter() - start
            rows.append((name, words, found["key"].n_unique(), f"{spent:.1f}"))
        click.echo(table(["search", "words", "calls found", "seconds"], rows, right=(2, 3)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    click.echo(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
