"""Speak sentences of the detectors' corpus, to be transcribed by `detector_hear.py`.

    python benchmarks/detector_speak.py OUT [--each 3]

Needs the packages of recordings_sample/requirements-tts.txt. Writes OUT/NNN.wav (two channels, 8 kHz µ-law,
twelve sentences of one voice on the left, the noise of a line on the right) and OUT/NNN.json, which says what
is said when. Of every family `--each` sentences are spoken, in turn over the items, by all the voices of
recordings_sample.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import zlib
from itertools import zip_longest
from pathlib import Path

import numpy as np
import soundfile

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "recordings_sample"
CORPUS = HERE.parent / "qa_audit" / "scoring" / "learned" / "corpus"
GAP_S = 2.2
SENTENCES_PER_FILE = 12
SNR_DB = 30.0


def chosen(each: int) -> list[tuple[str, str]]:
    """(item, sentence), the first of every family first, the items in turn."""
    by_item = []
    for path in sorted(CORPUS.glob("*.tsv")):
        if path.stem == "heard":
            continue
        families: dict[str, list[str]] = {}
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                families.setdefault(row["family"], []).append(row["sentence"])
        spread = [[group[place * len(group) // each] for group in families.values()] for place in range(each)]
        by_item.append([(path.stem, one) for turn in spread for one in turn])
    return [one for turn in zip_longest(*by_item) for one in turn if one is not None]


def main() -> None:
    """Speak what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--each", type=int, default=3, help="sentences a family")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(SAMPLES))
    from maker.band import SAMPLE_RATE_HZ, gain
    from maker.mix import SPEECH_DB, at_level
    from maker.scenario import PEOPLE_FILE, Speech, read_cast
    from maker.speech import Speaker
    from maker.tones import line_noise

    cast = read_cast(SAMPLES / "scenarios" / PEOPLE_FILE)
    voices = [agent.voice for agent in cast.agents.values()] + list(cast.customers.values())
    speaker = Speaker()
    sentences = chosen(arguments.each)
    for number in range(0, len(sentences), SENTENCES_PER_FILE):
        name = f"{number // SENTENCES_PER_FILE:03d}"
        if (arguments.out / f"{name}.json").exists():
            continue
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        voice = voices[number // SENTENCES_PER_FILE % len(voices)]
        now_s, parts, said = 0.5, [np.zeros(int(0.5 * SAMPLE_RATE_HZ))], []
        for item, text in sentences[number : number + SENTENCES_PER_FILE]:
            samples = at_level(speaker.speak(Speech("agent", text, text), voice, rng), SPEECH_DB)
            end_s = now_s + len(samples) / SAMPLE_RATE_HZ
            said.append({"item": item, "text": text, "start_s": now_s, "end_s": end_s})
            parts += [samples, np.zeros(int(GAP_S * SAMPLE_RATE_HZ))]
            now_s = end_s + int(GAP_S * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
        left = np.concatenate(parts)
        noise = gain(SPEECH_DB - SNR_DB)
        both = np.stack([left + line_noise(len(left), rng) * noise, line_noise(len(left), rng) * noise])
        both = np.clip(both, -0.98, 0.98)
        soundfile.write(arguments.out / f"{name}.wav", both.T, SAMPLE_RATE_HZ, "ULAW")
        (arguments.out / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        print(name, round(now_s), "s", flush=True)


if __name__ == "__main__":
    main()
