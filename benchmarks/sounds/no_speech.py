"""Sounds of a telephone in which no one speaks, made by arithmetic: the test set for invented text.

Shape (n,), float32, 8 kHz, mono; the same every time. `CASES` names each sound with its level.

>>> [round(len(case.samples(2.0)) / 8_000) for case in CASES[:2]]
[2, 2]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.sounds import exchange, handset, music
from benchmarks.sounds.synthesis import at_level

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.sounds.synthesis import Samples


@dataclass(frozen=True, slots=True)
class Case:
    """One sound of the test set."""

    name: str
    make: Callable[[float], Samples]
    """From seconds to samples."""
    level_db: float | None
    """Loudness of its louder parts relative to full scale (`at_level`); None leaves it as made."""

    def samples(self, seconds: float = 60.0) -> Samples:
        """The sound at its level."""
        made = self.make(seconds)
        return made if self.level_db is None else at_level(made, self.level_db)


CASES: tuple[Case, ...] = (
    Case("silence", exchange.silence, None),
    Case("line noise -45 dB", exchange.line_noise, -45),
    Case("line noise -32 dB", lambda seconds: exchange.line_noise(seconds, seed=1), -32),
    Case("line noise -20 dB", lambda seconds: exchange.line_noise(seconds, seed=2), -20),
    Case("ring-back tone", exchange.ring_back, -14),
    Case("busy tone", exchange.busy, -14),
    Case("keypad", exchange.keying, -16),
    Case("fax", exchange.fax, -15),
    Case("modem", exchange.modem, -18),
    Case("mains hum", exchange.mains_hum, -30),
    *(
        Case(f"{name} {level_db} dB", make, level_db)
        for name, make in (
            ("hold music: melody", music.hold_music),
            ("hold music: slow chords", music.pad_music),
            ("hold music: drums", music.drum_music),
            ("hold music: sung vowels", music.sung_music),
        )
        for level_db in (-14, -35)
    ),
    Case("clicks and crackle", handset.crackle, -30),
    Case("breathing", handset.breathing, -28),
    Case("wind and rubbing", handset.wind, -18),
    Case("dog", handset.barking, -20),
    Case("coughs", handset.coughing, -20),
    Case("baby", handset.crying, -20),
    Case("humming", handset.humming, -22),
    Case("murmur -20 dB", handset.murmur, -20),
    Case("murmur -40 dB", handset.murmur, -40),
    Case("babble -25 dB", handset.babble, -25),
    Case("babble -42 dB", handset.babble, -42),
)
"""The test set; one minute of each is what the benchmark uses."""
