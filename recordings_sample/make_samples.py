"""Make call recordings, a call list, a roster and labels from written scenarios.

    python make_samples.py --scenarios scenarios --out .

Needs the packages of requirements-tts.txt. The same scenarios give the same calls.
"""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path

import numpy as np
from maker.band import SAMPLE_RATE_HZ
from maker.mix import mix
from maker.scenario import Call, Cast, Speech, read_folder
from maker.store import STORES, write_recording
from maker.tables import write_tables
from maker.timeline import Placed, place

HERE = Path(__file__).parent


def make_call(call: Call, cast: Cast, speaker, out: Path) -> list[Placed]:
    """Write one recording and return where its lines lie."""
    rng = np.random.default_rng(zlib.crc32(call.call_id.encode()))
    voices = {"agent": call.agent.voice, "customer": call.customer_voice, "system": cast.announcer}
    lines = [step for step in call.steps if isinstance(step, Speech)]
    speech = [speaker.speak(line, voices[line.role], rng) for line in lines]
    placed, length_s = place(call.steps, [len(s) / SAMPLE_RATE_HZ for s in speech], rng)
    path = out / call.file
    path.parent.mkdir(parents=True, exist_ok=True)
    write_recording(path, mix(placed, speech, length_s, call.line, rng), call.line.subtype)
    print(f"{call.call_id}  {length_s:5.1f} s  {path.stat().st_size / 1e6:.2f} MB", flush=True)
    return placed


def main() -> None:
    """Read the scenarios and write everything."""
    parser = argparse.ArgumentParser(description="Make call recordings from written scenarios.")
    parser.add_argument("--scenarios", type=Path, default=HERE / "scenarios", help="folder of TOML scenarios")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the recordings and tables")
    parser.add_argument("--store", choices=STORES, default="wav", help="how the recordings are kept")
    arguments = parser.parse_args()

    cast, calls = read_folder(arguments.scenarios, arguments.store)
    from maker.speech import Speaker  # late: a mistake in a scenario is told before TensorFlow loads

    speaker = Speaker()
    placed = {call.call_id: make_call(call, cast, speaker, arguments.out) for call in calls if call.recorded}
    write_tables(arguments.out, cast, calls, placed)


if __name__ == "__main__":
    main()
