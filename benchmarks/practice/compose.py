"""Practice calls on which rules of scripted items are developed: composed from families of wording.

    python -m benchmarks.practice.compose practice                  # scenarios and labels of 64 calls
    python -m benchmarks.rubric practice                            # judged on the true words
    python recordings_sample/make_samples.py --scenarios practice/scenarios --out practice --store opus
    python -m benchmarks.hear practice --out practice/heard.jsonl   # and as it is heard, with the audio asked
    python -m benchmarks.rubric practice --heard practice/heard.jsonl --listen ctranslate2

Every call has a trade, a matter, an agent and a customer of its own draw, and none to three planted faults.
The wordings (`wordings.toml`) are of no other set, so that what is learnt here may be measured on
`benchmarks/calls`. Other parts (`--half`) have wordings of other hands, one a file; rules are developed on
all but `chatty`, and the detector of acts has learned of neither `chatty` nor `check` (of `platforms` and
`utilities` after they had been measured).
`labels.json` is written with turns timed by their length; making the recordings replaces it with the true
ones. The labels of the first 64 calls lie beside this file.
"""

from __future__ import annotations

import json
import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from qa_audit.scoring import load_rubric

HERE = Path(__file__).parent
HALVES = {
    "development": ("wordings.toml", "P"),
    "more": ("wordings_more.toml", "Q"),
    "wide": ("wordings_wide.toml", "S"),
    "north": ("wordings_north.toml", "T"),
    "formal": ("wordings_formal.toml", "U"),
    "regions": ("wordings_regions.toml", "V"),
    "everyday": ("wordings_everyday.toml", "W"),
    "evening": ("wordings_evening.toml", "X"),
    "young": ("wordings_young.toml", "Z"),
    "check": ("wordings_check.toml", "R"),
    "fresh": ("wordings_fresh.toml", "Y"),
    "standard": ("wordings_standard.toml", "H"),
    "brands": ("wordings_brands.toml", "I"),
    "offices": ("wordings_offices.toml", "J"),
    "platforms": ("wordings_platforms.toml", "L"),
    "utilities": ("wordings_utilities.toml", "M"),
    "chatty": ("wordings_chatty.toml", "K"),
}
"""File of wordings, and letter that call ids begin with."""
FAULTS = (
    "greeting", "title", "honorific", "please", "hold_courtesy", "thanks_reply", "further_help", "readback",
    "closing",
)  # fmt: skip
NEVER_JUDGED = ("apology", "speech_rate", "no_interrupting", "no_dead_air")
CLEAN_SHARE = 0.35
SECONDS_A_CHARACTER, PAUSE_S, LONG_WAIT_S = 0.21, 0.45, 12.0
SURNAMES = "赵钱孙李周吴郑王冯陈沈韩杨朱许何吕张孔曹金魏陶谢潘葛范彭马方袁柳史唐薛雷贺汤罗郝安常傅康余顾孟黄"
DIGITS = "零一二三四五六七八九"


@dataclass
class Draft:
    """A call in the making."""

    chance: random.Random
    words: dict[str, Any]
    faults: set[str]
    title: str
    surname: str
    unit: str
    steps: list[list[Any]] = field(default_factory=list)
    applies: set[str] = field(default_factory=set)

    def pick(self, family: str, kind: str) -> str:
        """A wording of a family."""
        return self.chance.choice(self.words[family][kind])

    def say(self, role: str, text: str) -> None:
        """Add a line; a title has its comma, and 您 is 你 where the call has that fault."""
        if role == "A":
            fill = "" if "title" in self.faults else f"{self.title}，"
            text = text.replace("{t}", fill)
        text = text.replace("{n}", self.surname).replace("{unit}", self.unit)
        if text:
            self.steps.append([role, text])

    def request(self, kind: str, what: str = "") -> None:
        """Ask for something, politely or not."""
        polite, bare = self.chance.choice(self.words["request"][kind])
        self.applies.add("please")
        self.say("A", (bare if "please" in self.faults else polite).replace("{w}", what))

    def detail(self, said: str, asked: str) -> None:
        """Ask for a detail, have it given and read back."""
        self.request("number", asked)
        self.say(
            "C", self.chance.choice(("是{d}。", "{d}。", "好，{d}。", "你记一下，{d}。")).replace("{d}", said)
        )
        self.applies.add("readback")
        self.say(
            "A", self.pick("readback", "wrong" if "readback" in self.faults else "right").replace("{d}", said)
        )

    def step(self, line: str) -> None:
        """One line of a matter."""
        kind, _, rest = line.partition(" ")
        if kind == "DETAIL":
            size, _, asked = rest.partition(" ")
            digits = "".join(self.chance.choice(DIGITS) for _ in range(int(size)))
            cut = int(size) // 2
            self.detail(f"{digits[:cut]}，{digits[cut:]}", asked)
        elif kind == "ADDRESS":
            self.detail(self.pick("address", "right"), "详细地址")
        elif kind == "HOLD":
            self.hold(rest)
        elif kind == "ACTION":
            self.request("action")
            self.say("C", self.chance.choice(("好的。", "行，我试试。", "嗯，知道了。", "可以。")))
        else:
            self.say(kind.rstrip(":"), rest)

    def hold(self, found: str) -> None:
        """A wait of twelve seconds, before and after it the words or not."""
        self.applies.add("hold_courtesy")
        wrong = "hold_courtesy" in self.faults
        before = wrong and self.chance.random() < 0.6
        after = wrong and (not before or self.chance.random() < 0.5)
        if before:
            self.applies.add("please")
        self.say("A", self.pick("hold", "wrong" if before else "right"))
        self.steps.append(["wait", LONG_WAIT_S, self.chance.choice(("music", "silence"))])
        self.say("A", self.pick("hold", "no_back" if after else "back").replace("{a}", found))


def compose(words: dict[str, Any], number: int, letter: str = "P") -> dict[str, Any]:
    """One call: the fields of a scenario, its turns, faults and what is not judged."""
    chance = random.Random(f"practice {number}")
    trade = words["trades"][number % len(words["trades"])]
    count = 0 if chance.random() < CLEAN_SHARE else chance.choice((1, 2, 2, 3))
    surname = chance.choice(SURNAMES)
    man = chance.random() < 0.5
    form = "先生" if man else chance.choice(("女士", "女士", "小姐"))
    title = chance.choice((form, surname + form, surname + form))
    draft = Draft(chance, words, set(chance.sample(FAULTS, count)), title, surname, trade["unit"])
    greet = draft.pick("greeting", "wrong" if "greeting" in draft.faults else "right")
    agent_number = chance.randrange(100, 9999)
    draft.say("A", greet.replace("{no}", str(agent_number)))
    matter = trade["cores"][chance.randrange(len(trade["cores"]))]
    draft.step(matter[0])
    if chance.random() < 0.6:
        draft.say("A", draft.pick("name", "ask"))
        draft.say("C", draft.pick("name", "give"))
        if "title" not in draft.faults:
            draft.say("A", draft.pick("name", "known"))
            draft.say("C", "好。")
    for line in matter[1:]:
        draft.step(line)
    if "thanks_reply" in draft.faults or chance.random() < 0.5:
        draft.applies.add("thanks_reply")
        draft.say("C", draft.pick("thanks", "said"))
        draft.say("A", draft.pick("thanks", "wrong" if "thanks_reply" in draft.faults else "right"))
    elif draft.steps[-1][0] == "A":
        draft.say("C", chance.choice(("好，我知道了。", "嗯，明白了。", "行。")))
    asked = draft.pick("further", "wrong" if "further_help" in draft.faults else "right")
    draft.say("A", asked)
    if asked:
        draft.say("C", "好。" if "further_help" in draft.faults else draft.pick("closing", "customer_end"))
    draft.say("A", draft.pick("closing", "wrong" if "closing" in draft.faults else "right"))
    return _finished(draft, trade, f"{letter}{number:04d}", man=man)


def _finished(draft: Draft, trade: dict[str, Any], call_id: str, *, man: bool) -> dict[str, Any]:
    chance, turns = draft.chance, _joined(draft.steps)
    own = [step for step in turns if step[0] == "A" and "您" in step[1]]
    if "honorific" in draft.faults:
        for step in chance.sample(own, min(len(own), chance.choice((1, 2, 3, len(own))))):
            step[1] = step[1].replace("您", "你")
    needed = {"please", "hold_courtesy", "thanks_reply", "readback"} - draft.applies
    # 等会儿 is no way to ask for a wait, and no way to ask at all.
    open_ended = {"please"} if "hold_courtesy" in draft.faults and "please" not in draft.faults else set()
    if "title" in draft.faults and sum(step[0] == "A" for step in turns) < 3:
        needed.add("title")
    return {
        "id": call_id,
        "man": man,
        "trade": trade,
        "turns": turns,
        "faults": sorted(draft.faults - needed - open_ended),
        "not_judged": sorted({*needed, *open_ended, *NEVER_JUDGED}),
    }


def _joined(steps: list[list[Any]]) -> list[list[Any]]:
    """Lines of the same speaker that follow each other are one turn."""
    found: list[list[Any]] = []
    for step in steps:
        if found and step[0] == found[-1][0] != "wait":
            found[-1][1] += step[1]
        else:
            found.append(list(step))
    return found


def scenario(call: dict[str, Any], people: dict[str, Any], number: int) -> str:
    """The call as `recordings_sample/make_samples.py` reads it."""
    chance = random.Random(f"practice line {number}")
    sides = [name for name in people["customer"] if name.startswith("man" if call["man"] else "woman")]
    line = {
        "subtype": chance.choice(("ULAW", "ALAW", "PCM_16")),
        "channels": 1 if number % 3 == 2 else 2,
        "snr_db": chance.randrange(22, 38),
        "agent_db": chance.randrange(-3, 4),
        "customer_db": chance.randrange(-3, 4),
    }
    fields = {
        "id": call["id"],
        "agent": chance.choice(people["agent"])["person_id"],
        "customer": chance.choice(sides),
        "customer_number": f"1{chance.randrange(30, 90)}0000{chance.randrange(1000, 9999)}",
        "ring_s": chance.randrange(4, 12),
        "skill_group": call["trade"]["group"],
        "faults": call["faults"],
        "not_judged": call["not_judged"],
    }
    day, minute = divmod(number * 37, 480)
    rows = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    rows.append(f"start = 2026-08-{1 + day % 28:02d}T{9 + minute // 60:02d}:{minute % 60:02d}:00")
    rows.append(
        "line = { " + ", ".join(f"{name} = {json.dumps(value)}" for name, value in line.items()) + " }"
    )
    turns = "".join(f"  {json.dumps(step, ensure_ascii=False)},\n" for step in call["turns"])
    return "\n".join(rows) + f"\nturns = [\n{turns}]\n"


def labels(call: dict[str, Any], number: int) -> dict[str, Any]:
    """The call as a label file has it, its turns timed by their length."""
    truth, now_s = [], 0.4
    for role, text, *_ in call["turns"]:
        if role == "wait":
            now_s += text
            continue
        end_s = now_s + SECONDS_A_CHARACTER * len(text)
        side = "agent" if role == "A" else "customer"
        truth.append({"role": side, "start_s": round(now_s, 3), "end_s": round(end_s, 3), "text": text})
        now_s = end_s + PAUSE_S
    return {
        "id": call["id"],
        "file": f"calls/{call['id']}.opus",
        "channels": 1 if number % 3 == 2 else 2,
        "labels": {
            item.id: None if item.id in call["not_judged"] else item.id not in call["faults"]
            for item in load_rubric().items
        },
        "situations": [],
        "truth": truth,
    }


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--calls", default=64, show_default=True)
@click.option("--first", default=0, show_default=True, help="Number of the first: others are other calls.")
@click.option("--half", type=click.Choice(list(HALVES)), default="development", show_default=True)
def main(*, out: Path, calls: int, first: int, half: str) -> None:
    """Write scenarios and labels of composed calls."""
    file, letter = HALVES[half]
    words = tomllib.loads((HERE / file).read_text(encoding="utf-8"))
    people_text = (HERE / "people.toml").read_text(encoding="utf-8")
    people = tomllib.loads(people_text)
    folder = out / "scenarios"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "people.toml").write_text(people_text, encoding="utf-8")
    made = [compose(words, first + number, letter) for number in range(calls)]
    for number, call in enumerate(made):
        (folder / f"{call['id']}.toml").write_text(scenario(call, people, number), encoding="utf-8")
    entries = [labels(call, number) for number, call in enumerate(made)]
    text = json.dumps(entries, ensure_ascii=False, indent=1)
    (out / "labels.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
