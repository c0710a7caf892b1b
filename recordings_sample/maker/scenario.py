"""Reads a folder of scenarios: who works here, who calls, what is said and what an inspector would find."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path

ITEM_IDS = (
    "greeting", "answer_promptly", "title", "honorific", "please", "hold_courtesy", "thanks_reply",
    "further_help", "readback", "closing", "no_blame_shifting", "no_blaming_customer", "no_harsh_language",
    "no_forbidden_words", "no_overpromise", "no_raised_voice", "no_interrupting", "no_dead_air",
    "speech_rate", "apology",
)  # fmt: skip
ROLES = {"A": "agent", "C": "customer", "S": "system"}
WAIT_SOUNDS = ("silence", "music")
PEOPLE_FILE = "people.toml"


class ScenarioError(ValueError):
    """A scenario file says something that the maker does not understand."""


@dataclass(frozen=True)
class Voice:
    """How one person sounds, relative to the voice of the speech model."""

    pitch_ratio: float  # mean pitch; 0.5 is a man's
    formant_ratio: float  # length of the throat; below 1 is a bigger person
    tempo_ratio: float  # above 1 is faster
    melody_ratio: float = 1.0  # how far the pitch moves about its mean
    tilt_db: float = 0.0  # high end of the phone band against its low end


@dataclass(frozen=True)
class Speech:
    """One line of the dialogue."""

    role: str
    text: str
    spoken: str  # what the speech model reads; differs from the text only to mend a pronunciation
    gap_s: float | None = None  # pause before it; None is a natural pause; negative speaks over the other
    tempo_ratio: float = 1.0
    pitch_ratio: float = 1.0
    gain_db: float = 0.0


@dataclass(frozen=True)
class Wait:
    """Nobody speaks: silence, or music that the customer hears."""

    duration_s: float
    sound: str


@dataclass(frozen=True)
class Ring:
    """Ringback tone before anybody speaks; `channel` is the side on which the recorder caught it."""

    duration_s: float
    channel: str


@dataclass(frozen=True)
class Line:
    """The telephone line and the recorder."""

    subtype: str  # soundfile's name: ULAW, ALAW or PCM_16
    channels: int
    snr_db: float = 36.0
    agent_db: float = 0.0
    customer_db: float = 0.0
    crosstalk_db: float | None = None


@dataclass(frozen=True)
class Agent:
    """One person and their numbers; the team may change with time."""

    person_id: str
    name: str
    new_number: str
    old_number: str
    teams: tuple[tuple[str, dt.date, dt.date | None], ...]  # team, first day, last day
    voice: Voice

    def team_on(self, day: dt.date) -> str:
        """The team of that day."""
        for team, first, last in self.teams:
            if first <= day and (last is None or day <= last):
                return team
        raise ScenarioError(f"{self.name} has no team on {day}")


@dataclass(frozen=True)
class Call:
    """One call: its row in the list, its dialogue and its labels."""

    call_id: str
    agent: Agent
    customer_voice: Voice
    start: dt.datetime
    direction: str
    customer_number: str
    ring_s: int | None
    skill_group: str
    system: str
    hung_up_by: str
    internal: bool
    recorded: bool
    listed: bool
    situations: tuple[str, ...]
    faults: tuple[str, ...]
    not_judged: tuple[str, ...]
    line: Line
    steps: tuple[Speech | Wait | Ring, ...]
    store: str = "wav"

    @property
    def file(self) -> str:
        """Where the recording lies, relative to the output folder."""
        return f"calls/{self.call_id}.{self.store}"

    def labels(self) -> dict[str, bool | None]:
        """Verdict of every rubric item: complies, fault, or not judged."""
        return {item: None if item in self.not_judged else item not in self.faults for item in ITEM_IDS}


@dataclass(frozen=True)
class Cast:
    """Everybody who speaks in a set of scenarios."""

    agents: dict[str, Agent]
    customers: dict[str, Voice]
    announcer: Voice


def read_cast(path: Path) -> Cast:
    """Read `people.toml`."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    agents = {}
    for entry in data["agent"]:
        teams = tuple((t["team"], t["from"], t.get("to")) for t in entry["teams"])
        agents[entry["person_id"]] = Agent(
            person_id=entry["person_id"],
            name=entry["name"],
            new_number=entry["new_number"],
            old_number=entry.get("old_number", ""),
            teams=teams,
            voice=Voice(**entry["voice"]),
        )
    customers = {name: Voice(**voice) for name, voice in data["customer"].items()}
    return Cast(agents, customers, Voice(**data["announcer"]))


def read_step(raw: list) -> Speech | Wait | Ring:
    """One step: `["A", "text", {options}]`, `["wait", seconds, sound]` or `["ring", seconds, side]`."""
    kind = raw[0]
    if kind in ROLES:
        options = dict(raw[2]) if len(raw) > 2 else {}
        return Speech(ROLES[kind], raw[1], options.pop("spoken", raw[1]), **options)
    if kind == "wait" and raw[2] in WAIT_SOUNDS:
        return Wait(float(raw[1]), raw[2])
    if kind == "ring" and raw[2] in ("agent", "customer"):
        return Ring(float(raw[1]), raw[2])
    raise ScenarioError(
        f"unknown step {raw!r}: it is A, C or S and a text, or "
        "['wait', seconds, 'silence'|'music'] or ['ring', seconds, 'agent'|'customer']"
    )


def read_call(path: Path, cast: Cast, store: str = "wav") -> Call:
    """Read one scenario and check that its labels name known items, each once."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    faults, not_judged = tuple(data.get("faults", ())), tuple(data.get("not_judged", ()))
    unknown = sorted({*faults, *not_judged} - set(ITEM_IDS))
    twice = sorted(set(faults) & set(not_judged))
    if unknown or twice:
        raise ScenarioError(f"{path.name}: unknown items {unknown}, both fault and not judged {twice}")
    return Call(
        call_id=data["id"],
        agent=cast.agents[data["agent"]],
        customer_voice=cast.customers[data["customer"]],
        start=data["start"],
        direction=data.get("direction", "呼入"),
        customer_number=data["customer_number"],
        ring_s=data.get("ring_s"),
        skill_group=data["skill_group"],
        system=data.get("system", "新"),
        hung_up_by=data.get("hung_up_by", "坐席"),
        internal=data.get("internal", False),
        recorded=data.get("recorded", True),
        listed=data.get("listed", True),
        situations=tuple(data.get("situations", ())),
        faults=faults,
        not_judged=not_judged,
        line=Line(**data.get("line", {"subtype": "ULAW", "channels": 2})),
        steps=tuple(read_step(step) for step in data.get("turns", ())),
        store=store,
    )


def read_folder(folder: Path, store: str = "wav") -> tuple[Cast, list[Call]]:
    """Read every scenario of a folder, in the order of the calls; `store` is the suffix of the recordings."""
    cast = read_cast(folder / PEOPLE_FILE)
    paths = [path for path in sorted(folder.glob("*.toml")) if path.name != PEOPLE_FILE]
    calls = [read_call(path, cast, store) for path in paths]
    ids = [call.call_id for call in calls]
    repeated = sorted({call_id for call_id in ids if ids.count(call_id) > 1})
    if repeated:
        raise ScenarioError(f"the same id in several scenarios: {repeated}")
    return cast, sorted(calls, key=lambda call: (call.start, call.call_id))
