"""Moments as something to play in class: one HTML file with the sound in it, or a folder of clips.

Agents are not named unless asked: a class is to learn from a fault, not to know whose it was.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.messages import language, say
from qa_audit.reports.csv_file import write_csv
from qa_audit.reports.table import Column, Table
from qa_audit.reports.tables import clock
from qa_audit.scoring.evidence_words import shown_quote
from qa_audit.store.files import write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from qa_audit.reports.moments import Moment

AROUND_S = 6.0
"""Turns so near to the moment are printed beside it."""

_HEAD = """<!doctype html>
<html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.6 "Microsoft YaHei", "Noto Sans CJK SC", "PingFang SC", sans-serif; max-width: 56rem;
  margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; }}
.clip {{ border-top: 1px solid #8885; padding: 1rem 0; }}
.clip h2 {{ font-size: 1.1rem; margin: 0 0 .3rem; }}
.fault h2::before {{ content: "✗ "; color: #b3261e; }}
.exemplary h2::before {{ content: "✓ "; color: #1b6e3c; }}
.meta {{ opacity: .75; margin: 0 0 .5rem; }}
audio {{ width: 100%; }}
table {{ border-collapse: collapse; margin-top: .5rem; }}
td {{ padding: .1rem .6rem .1rem 0; vertical-align: top; }}
td:first-child {{ font-variant-numeric: tabular-nums; opacity: .7; white-space: nowrap; }}
td:nth-child(2) {{ white-space: nowrap; font-weight: 600; }}
.here td {{ background: #fff3c4; color: #1a1a1a; }}
</style>
<h1>{title}</h1>
<p>{intro}</p>
"""
_TAIL = """<script>
const sounds = [...document.querySelectorAll("audio")];
sounds.forEach((sound, place) => {
  sound.addEventListener("play", () => sounds.forEach(other => other !== sound && other.pause()));
  sound.addEventListener("ended", () => {
    const next = sounds[place + 1];
    if (!document.getElementById("on").checked || !next) return;
    next.scrollIntoView({block: "center"});
    next.play();
  });
});
</script>
</html>
"""


@dataclass(frozen=True, slots=True)
class Clip:
    """A moment with what is needed to hear and read it."""

    moment: Moment
    item_name: str
    sound: bytes
    """MP3."""
    turns: pl.DataFrame
    """Turns of the call, or those around the moment (`transcribe.frames.TURNS_SCHEMA`)."""


def write_page(path: Path, title: str, clips: Sequence[Clip], *, named: bool = False) -> None:
    """One self-contained HTML file: every clip with its words, playing on from one to the next.

    `named` prints the agents. Nothing in it is fetched; text from calls is escaped.
    """
    page = _HEAD.format(
        lang="zh-CN" if language() == "zh" else "en",
        title=escape(title),
        intro=f"{escape(say('playlist.intro', count=len(clips)))} "
        f'<label><input type="checkbox" id="on" checked> {escape(say("playlist.play_on"))}</label>',
    )
    write_text(
        path, page + "".join(_section(number, clip, named) for number, clip in enumerate(clips, 1)) + _TAIL
    )


def write_folder(folder: Path, title: str, clips: Sequence[Clip], *, named: bool = False) -> list[Path]:
    """A folder: numbered MP3 files, `clips.csv` that lists them with their words, and the page.

    Returns the paths written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    rows = []
    for number, clip in enumerate(clips, 1):
        file = folder / f"{number:03d}.mp3"
        write_bytes(file, clip.sound)
        written.append(file)
        rows.append(_row(file.name, clip, named))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")
    columns = tuple(Column(name, say(f"playlist.column.{name}"), "text", 20) for name in _COLUMNS)
    write_csv(folder / "clips.csv", Table("clips", columns, frame))
    write_page(folder / "index.html", title, clips, named=named)
    return [*written, folder / "clips.csv", folder / "index.html"]


_COLUMNS = ("file", "kind", "item", "quote", "call_id", "at", "agent", "words")


def _row(file: str, clip: Clip, named: bool) -> list[str]:
    one = clip.moment
    words = " / ".join(f"{_role(turn)}：{turn['text']}" for turn in _near(clip))
    return [
        file,
        say(f"playlist.{one.kind}"),
        clip.item_name,
        shown_quote(one.quote, one.tier),
        one.call_id,
        clock(one.start_s),
        _who(one, named),
        words,
    ]


def _section(number: int, clip: Clip, named: bool) -> str:
    one = clip.moment
    meta = [
        _who(one, named),
        f"{one.start:%Y-%m-%d %H:%M}" if named and one.start else "",
        clock(one.start_s),
    ]
    sound = base64.b64encode(clip.sound).decode()
    lines = "".join(
        f'<tr class="{"here" if turn["start_s"] < one.end_s and turn["end_s"] > one.start_s else ""}">'
        f"<td>{clock(turn['start_s'])}</td><td>{escape(_role(turn))}</td>"
        f"<td>{escape(turn['text'])}</td></tr>"
        for turn in _near(clip)
    )
    heading = f"{number}. {clip.item_name}　{shown_quote(one.quote, one.tier)}".strip()
    return (
        f'<section class="clip {one.kind}"><h2>{escape(heading)}</h2>'
        f'<p class="meta">{escape("　".join(part for part in meta if part))}</p>'
        f'<audio controls preload="none" aria-label="{escape(heading)}" '
        f'src="data:audio/mpeg;base64,{sound}"></audio>'
        f"<table>{lines}</table></section>\n"
    )


def _role(turn: dict) -> str:
    return say(f"role.{turn['role']}")


def _who(one: Moment, named: bool) -> str:
    if not named:
        return ""
    return " ".join(part for part in (one.team, one.agent_no, one.agent_name) if part)


def _near(clip: Clip) -> Iterable[dict]:
    one = clip.moment
    for turn in clip.turns.iter_rows(named=True):
        if turn["end_s"] > one.start_s - AROUND_S and turn["start_s"] < one.end_s + AROUND_S:
            yield turn
