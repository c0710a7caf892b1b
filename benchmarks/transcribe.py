"""Speed and errors of transcription, ours beside what people use, on the same audio in the same run.

    python benchmarks/transcribe.py benchmarks/calls                 # all contenders
    python benchmarks/transcribe.py benchmarks/calls --plot docs/images/frontier.png --json figures.json
    python benchmarks/transcribe.py FOLDER --only "ctranslate2 balanced" --only "faster-whisper batched"

A folder holds `labels.json` with the true words (`truth`). Every contender gets each channel alone. First
everyone hears everything once: errors come from that, and times (some channels make a recogniser loop, so a
few of them would not do). Then some of the channels are heard again by everyone in turn, `--rounds` times, so
that the spread of the ratios can be told: machines are shared. With `--resume` what `--json` already has of
the first part is not done again, and the rounds are taken anew.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import click
import numpy as np

from benchmarks.contenders import BATCHED, OTHERS, SEQUENTIAL, STOCK, Contender
from benchmarks.errors import comparable, edit_distance
from benchmarks.labelled import Channel, channels_of, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

OURS = tuple(
    f"{engine} {preset}"
    for engine in ("openai-whisper", "ctranslate2")
    for preset in ("draft", "balanced", "careful")
)
BOOTSTRAPS = 2_000
FIGURES_BEGIN, FIGURES_END = "<!-- figures: benchmarks/transcribe.json -->", "<!-- end of figures -->"
TOLERANCE = 0.005
"""What counts as no worse: 0.5 points of character error rate."""

# What this project promises: (ours, contender, how many times as fast).
GOALS = (
    ("openai-whisper draft", STOCK, 5.0),
    ("ctranslate2 balanced", BATCHED, 2.0),
    ("ctranslate2 draft", STOCK, 8.0),
)


@dataclass(slots=True)
class Figures:
    """What was measured of one contender."""

    name: str
    errors: list[int] = field(default_factory=list)
    """Per channel."""
    spent_s: list[float] = field(default_factory=list)
    """Per channel, first hearing."""
    rounds_s: list[float] = field(default_factory=list)
    """Seconds for the timed channels, a value a round."""
    peak_mb: float = 0.0


def measure(
    channels: Sequence[Channel],
    found: list[Figures],
    rounds: int,
    timed: Sequence[Channel],
    keep: Callable[[Sequence[Figures]], None],
) -> None:
    """Hear everything once with everyone, then the `timed` channels `rounds` times, contenders in turn.

    `found` has a row a contender and what an earlier run measured of the first channels. `keep` gets what is
    known after each channel and each round: it takes an hour.
    """
    names = [one.name for one in found]
    done = len(found[0].errors)
    contenders = [Contender(name, threads=2) for name in names]
    truths = [comparable(channel.truth) for channel in channels]
    with click.progressbar(length=len(channels), label="everything") as bar:
        bar.update(done)
        for channel, truth in zip(channels[done:], truths[done:], strict=True):
            for figures, contender in zip(found, contenders, strict=True):
                heard = contender.hear(channel.samples)
                figures.errors.append(edit_distance(truth, comparable(heard.text)))
                figures.spent_s.append(heard.spent_s)
                figures.peak_mb = max(figures.peak_mb, contender.peak_mb())
            keep(found)
            bar.update(1)
    for contender in contenders if rounds else ():
        contender.hear(timed[0].samples)  # warm
    with click.progressbar(range(rounds), label="rounds") as bar:
        for _ in bar:
            for figures, contender in zip(found, contenders, strict=True):
                figures.rounds_s.append(sum(contender.hear(one.samples).spent_s for one in timed))
            keep(found)
    for contender in contenders:
        contender.close()


def cer_difference(
    ours: Sequence[int], theirs: Sequence[int], lengths: Sequence[int], calls: Sequence[str]
) -> tuple[float, float, float]:
    """(difference of the character error rates, 95 % interval), calls resampled in pairs (bootstrap).

    Channels of a call go together, since their errors do.

    >>> cer_difference([1, 1], [2, 2], [10, 10], ["a", "b"])
    (-0.1, -0.1, -0.1)
    """
    ids = sorted(set(calls))
    member = np.array([[call == one for call in calls] for one in ids], float)
    gap = member @ (np.array(ours) - np.array(theirs))
    length = member @ np.array(lengths)
    draws = np.random.default_rng(0).integers(0, len(ids), (BOOTSTRAPS, len(ids)))
    spread = gap[draws].sum(1) / length[draws].sum(1)
    low, high = np.quantile(spread, [0.025, 0.975])
    return float(gap.sum() / length.sum()), float(low), float(high)


def ratios(ours: Figures, theirs: Figures) -> tuple[float, float, float]:
    """How many times as fast as they we are: smallest, median and largest over all rounds."""
    rounds = [sum(theirs.spent_s) / sum(ours.spent_s)]
    rounds += [b / a for a, b in zip(ours.rounds_s, theirs.rounds_s, strict=True)]
    return min(rounds), median(rounds), max(rounds)


def report(channels: Sequence[Channel], found: Sequence[Figures]) -> None:
    """Print the tables."""
    lengths = [len(comparable(channel.truth)) for channel in channels]
    calls = [channel.call_id for channel in channels]
    total_s = sum(channel.duration_s for channel in channels)
    speech_s = sum(channel.speech_s for channel in channels)
    click.echo(
        f"{len(set(calls))} calls, {len(channels)} channels, {total_s / 60:.1f} channel minutes, "
        f"share of speech {speech_s / total_s:.0%}, {sum(lengths)} characters; 2 threads, warm"
    )
    by_name = {figures.name: figures for figures in found}
    others = [name for name in OTHERS if name in by_name]
    click.echo(f"\n{'':<26}{'RTF':>8}{'CER':>8}{'peak MB':>9}")
    for figures in found:
        rtf, cer = sum(figures.spent_s) / total_s, sum(figures.errors) / sum(lengths)
        click.echo(f"{figures.name:<26}{rtf:>8.4f}{cer:>8.4f}{figures.peak_mb:>9.0f}")
    for other in others:
        click.echo(f"\nagainst {other}: times as fast (min, median, max); CER difference (95 %)")
        for figures in found:
            if figures.name in OTHERS:
                continue
            low, middle, high = ratios(figures, by_name[other])
            gap, least, most = cer_difference(figures.errors, by_name[other].errors, lengths, calls)
            click.echo(
                f"  {figures.name:<24}{low:>6.1f}{middle:>6.1f}{high:>6.1f}"
                f"{gap:>+10.4f} ({least:+.4f} to {most:+.4f})"
            )
    for ours, theirs, wanted in GOALS:
        if ours in by_name and theirs in by_name:
            _, middle, _ = ratios(by_name[ours], by_name[theirs])
            gap, *_ = cer_difference(by_name[ours].errors, by_name[theirs].errors, lengths, calls)
            reached = middle >= wanted and gap <= TOLERANCE
            click.echo(
                f"\n{'reached' if reached else 'MISSED'}: {ours} is {middle:.1f} times as fast as {theirs} "
                f"(goal {wanted:.0f}), CER {gap:+.4f} (goal at most +{TOLERANCE})"
            )


def table(measured: Mapping) -> list[str]:
    """The figures as lines of a Markdown table, as docs/transcription.md shows them."""
    total_s = sum(one["duration_s"] for one in measured["channels"])
    characters = sum(one["characters"] for one in measured["channels"])
    seconds = {one["name"]: sum(one["spent_s"]) for one in measured["contenders"]}
    lines = [
        f"{len({one['call_id'] for one in measured['channels']})} calls, {total_s / 60:.0f} channel minutes, "
        f"{characters} characters, two threads:",
        "",
        f"| contender | real-time factor | CER | times `{STOCK}` | times `{BATCHED}` | peak memory |",
        "|---|---|---|---|---|---|",
    ]
    for one in measured["contenders"]:
        name, spent = one["name"], seconds[one["name"]]
        lines.append(
            f"| {name} | {spent / total_s:.3f} | {100 * sum(one['errors']) / characters:.1f} % "
            f"| {seconds[STOCK] / spent:.1f} | {seconds[BATCHED] / spent:.1f} | {one['peak_mb']:.0f} MB |"
        )
    return lines


def as_json(channels: Sequence[Channel], found: Sequence[Figures]) -> dict[str, object]:
    """Everything measured so far, for the plot and for those who recompute."""
    return {
        "channels": [
            {"call_id": one.call_id, "duration_s": one.duration_s, "characters": len(comparable(one.truth))}
            for one in channels[: len(found[0].errors)]
        ],
        "contenders": [asdict(figures) for figures in found],
    }


def before(measured: Mapping, channels: Sequence[Channel], names: Sequence[str]) -> list[Figures]:
    """What an earlier run measured of the first hearing, without its rounds.

    Raises `click.UsageError` where it heard other channels or had other contenders.
    """
    found = [Figures(**one) for one in measured["contenders"]]
    heard = [(one["call_id"], one["duration_s"]) for one in measured["channels"]]
    if heard != [(one.call_id, one.duration_s) for one in channels[: len(heard)]]:
        raise click.UsageError("the figures to resume from are of other channels")
    if [one.name for one in found] != list(names):
        raise click.UsageError("the figures to resume from are of other contenders")
    return [replace(one, rounds_s=[]) for one in found]


def plot(measured: Mapping, path: Path) -> None:
    """The frontier: errors against speed, ours joined by a line an engine."""
    from matplotlib.figure import Figure

    total_s = sum(one["duration_s"] for one in measured["channels"])
    characters = sum(one["characters"] for one in measured["channels"])
    points = {
        one["name"]: (total_s / sum(one["spent_s"]), 100 * sum(one["errors"]) / characters)
        for one in measured["contenders"]
    }
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    axes = figure.subplots()
    for engine, colour, below in (("openai-whisper", "#3b6ea5", False), ("ctranslate2", "#c05a1c", True)):
        own = [(name, at) for name, at in points.items() if name.startswith(engine + " ")]
        axes.plot([at[0] for _, at in own], [at[1] for _, at in own], "o-", color=colour, label=engine)
        for name, at in own:
            place = ((-2, -8), "top") if below else ((2, 8), "bottom")
            axes.annotate(
                name.split()[-1],
                at,
                place[0],
                textcoords="offset points",
                color=colour,
                rotation=50,
                rotation_mode="anchor",
                ha="right" if below else "left",
                va=place[1],
            )
    for name, marker in ((STOCK, "s"), (SEQUENTIAL, "^"), (BATCHED, "D")):
        if name in points:
            axes.plot(*points[name], marker, color="#555555")
            leftmost = points[name][0] == min(at for at, _ in points.values())
            place, side = ((6, 6), "left") if leftmost else ((-6, 8), "right")
            axes.annotate(name, points[name], place, textcoords="offset points", color="#555555", ha=side)
    axes.set_xscale("log")
    ticks = [tick for tick in (2, 5, 10, 20, 50, 100, 200) if tick < 1.6 * max(x for x, _ in points.values())]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("seconds of one channel transcribed in a second, 2 CPU threads (right is faster)")
    axes.set_ylabel("character error rate, % (lower is better)")
    axes.set_ylim(bottom=0)
    axes.margins(x=0.15)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, title="qa-audit, engine")
    figure.savefig(path, dpi=150)


PATH = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--only", multiple=True, help="Contenders by name; all by default.")
@click.option("--limit", type=int, help="So many calls only, spread over all.")
@click.option("--rounds", default=3, show_default=True, help="Timed again so often.")
@click.option("--timed", default=8, show_default=True, help="Channels that are timed again.")
@click.option("--json", "json_file", type=PATH, help="Figures here.")
@click.option("--resume", is_flag=True, help="Go on from the figures there.")
@click.option("--plot", "plot_file", type=PATH, help="Plot here.")
@click.option("--docs", "docs_file", type=PATH, help="Page whose table is filled in.")
def main(
    folder: Path,
    *,
    only: tuple[str, ...],
    limit: int | None,
    rounds: int,
    timed: int,
    json_file: Path | None,
    resume: bool,
    plot_file: Path | None,
    docs_file: Path | None,
) -> None:
    """Measure on a folder of labelled calls."""
    channels = channels_of(folder, limit)
    names = only or (*OTHERS, *OURS)
    found = [Figures(name) for name in names]
    if resume:
        if json_file is None:
            raise click.UsageError("--resume needs --json")
        found = before(json.loads(json_file.read_text(encoding="utf-8")), channels, names)

    def keep(found: Sequence[Figures]) -> None:
        if json_file is not None:
            json_file.write_text(json.dumps(as_json(channels, found), indent=1) + "\n", encoding="utf-8")

    measure(channels, found, rounds, spread(channels, timed), keep)
    report(channels, found)
    measured = as_json(channels, found)
    if plot_file is not None:
        plot(measured, plot_file)
    if docs_file is not None:
        text = docs_file.read_text(encoding="utf-8")
        head, _, rest = text.partition(FIGURES_BEGIN)
        _, _, tail = rest.partition(FIGURES_END)
        filled = "\n".join([head + FIGURES_BEGIN, *table(measured), FIGURES_END + tail])
        docs_file.write_text(filled, encoding="utf-8")


if __name__ == "__main__":
    main()
