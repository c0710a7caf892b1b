"""Gives every call of a composed folder two voices and a line of its own, on two channels.

    python -m benchmarks.practice.compose voices --half fresh --calls 100 --first 7000
    python -m benchmarks.practice.voices voices
    python recordings_sample/make_samples.py --scenarios voices/scenarios --out voices --store opus

From such calls `benchmarks/voice_metric.py` learns how much one voice varies and how two differ: the few
people of the practice calls would be learnt by heart. Half of the voices are men's.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import click


def voice(chance: random.Random) -> str:
    """Somebody's voice as a scenario has it, relative to the voice of the speech model."""
    man = chance.random() < 0.5
    pitch = chance.uniform(0.38, 0.68) if man else chance.uniform(0.75, 1.25)
    # Who speaks deeper is mostly bigger.
    usual = 0.87 + 0.18 * (pitch - 0.5) if man else 1.0 + 0.16 * (pitch - 1)
    throat = min(max(usual + chance.gauss(0, 0.035), 0.78), 1.13)
    return (
        f"{{ pitch_ratio = {pitch:.3f}, formant_ratio = {throat:.3f},"
        f" tempo_ratio = {chance.uniform(0.95, 1.2):.2f}, melody_ratio = {chance.uniform(0.75, 1.3):.2f},"
        f" tilt_db = {chance.gauss(0, 2.5):.1f} }}"
    )


def people(announcer: str, chance: random.Random, count: int) -> str:
    """The announcer's line, so many agents R000, R001 … and customers c0, c1 … ."""
    agents = [
        f'[[agent]]\nperson_id = "R{place:03d}"\nname = "员{place}"\nnew_number = "{6000 + place}"\n'
        f'teams = [{{ team = "一组", from = 2025-01-06 }}]\nvoice = {voice(chance)}\n'
        for place in range(count)
    ]
    customers = [f"c{place} = {voice(chance)}" for place in range(count)]
    return "\n".join([f"{announcer}\n", *agents, "[customer]", *customers])


def recast(scenario: str, place: int, chance: random.Random) -> str:
    """The scenario with the voices of this place and a line by chance."""
    line = (
        f'line = {{ subtype = "{chance.choice(["ULAW", "ALAW", "PCM_16"])}", channels = 2,'
        f" snr_db = {chance.randint(22, 38)}, agent_db = {chance.randint(-3, 3)},"
        f" customer_db = {chance.randint(-3, 3)} }}"
    )
    for name, row in {
        "agent": f'agent = "R{place:03d}"',
        "customer": f'customer = "c{place}"',
        "line": line,
    }.items():
        scenario = re.sub(rf"^{name} = .*$", row, scenario, flags=re.MULTILINE)
    return scenario


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Recast the scenarios of a folder."""
    chance = random.Random(5)
    where = folder / "scenarios"
    paths = sorted(path for path in where.glob("*.toml") if path.name != "people.toml")
    cast = where / "people.toml"
    lines = cast.read_text(encoding="utf-8").splitlines()
    announcer = next(line for line in lines if line.startswith("announcer ="))
    cast.write_text(people(announcer, chance, len(paths)), encoding="utf-8")
    for place, path in enumerate(paths):
        path.write_text(recast(path.read_text(encoding="utf-8"), place, chance), encoding="utf-8")


if __name__ == "__main__":
    main()
