"""Months of calls made by a seeded generator, so that what is tested looks like what a centre has."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import polars as pl
import pytest

from qa_audit.estimation.frames import CALLS, FINDINGS
from qa_audit.reports.context import ReportContext

ITEMS = (
    ("greeting", "开头语", "Greeting", 8.0, "REG 6.1; REG（电话礼仪）6.1(2)"),
    ("answer_promptly", "及时接听", "Prompt answer", 4.0, "REG 6.1(1)"),
    ("title", "称呼", "Form of address", 4.0, "REG 6.2"),
    ("honorific", "“您”字不离口", "Polite 您", 6.0, "REG 1.7 三要"),
    ("please", "“请”字当头", "Says please", 4.0, "REG 1.7 三要, 6.3"),
    ("hold_courtesy", "等待用语", "Hold phrases", 6.0, "REG 6.3"),
    ("thanks_reply", "回应致谢", "Answers thanks", 2.0, "REG 6.5"),
    ("further_help", "主动询问", "Offers more help", 6.0, "REG 6.4(a)"),
    ("readback", "核对信息", "Reads back", 6.0, "REG 6.11"),
    ("closing", "结束语", "Closing", 8.0, "REG 1.7 三要, 6.4"),
    ("no_blame_shifting", "不推卸责任", "No blame shifting", 10.0, "REG 1.7 三不, 8.2"),
    ("no_blaming_customer", "不责备埋怨客户", "No blaming", 10.0, "REG 1.7 三不, 8.2"),
    ("no_harsh_language", "不使用生硬语言", "No harsh words", 10.0, "REG 1.7 三不, 8.2"),
    ("no_forbidden_words", "禁用语", "No forbidden words", 6.0, "REG（投诉）"),
    ("no_overpromise", "不轻易承诺", "No rash promise", 6.0, "REG 8.2"),
    ("no_raised_voice", "不提高音调", "Calm voice", 4.0, "REG（投诉）"),
    ("no_interrupting", "不抢话", "No interrupting", 4.0, "REG 6.1(4)"),
    ("no_dead_air", "无冷场", "No dead air", 4.0, "REG 6.1(4), 6.7"),
    ("speech_rate", "语速适当", "Speech rate", 4.0, "REG（电话技巧）"),
    ("apology", "致歉安抚", "Apology", 6.0, "REG（投诉）"),
)
NAMES = ("王喆", "李堃", "张玥", "陈珺", "刘龘", "赵敏", "孙丽", "周强", "吴芳", "郑伟", "冯静", "褚健")
QUOTES = ("喂，说！", "这个不归我们管。", "你怎么不早说", "好的，再见。", "等一下", "我不知道")
TIERS = ("exact", "pinyin", "near", "absence", "regex")


def context(month: str = "2026-10", language: str = "zh") -> ReportContext:
    return ReportContext(
        month=month,
        language=language,  # type: ignore[arg-type]
        rubric_id="zh_service",
        rubric_version="1.0.0",
        rubric_sha256="3f1c" * 16,
        items=ITEMS,  # type: ignore[arg-type]
        engine="openai-whisper",
        model="base",
        preset="balanced",
        department="客户服务部",
        code_version="0.1.0",
    )


def made(
    agents: int, calls_each: int, *, seed: int = 7, null_scores: bool = False, month: str = "2026-10"
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Calls and findings of `agents` agents in teams of about ten, with faults at rates of their own."""
    chance = random.Random(seed)
    first = datetime.fromisoformat(f"{month}-01T08:30:00")
    teams = ["一班", "二班", "三班", "四班", "五班", "六班"][
        : max(1, min(6, -(-agents // (3 if agents < 10 else 10))))
    ]
    calls, findings = [], []
    for agent in range(agents):
        severity = chance.uniform(0.5, 1.8)
        rates = [chance.uniform(0.0, 0.22) * severity for _ in ITEMS]
        for number in range(calls_each):
            call = f"{month.replace('-', '')}-{1001 + agent}-{number:04d}"
            start = first + timedelta(minutes=chance.randrange(30 * 24 * 60))
            status = chance.choices(("scored", "no_recording", "not_transcribed", "failed"), (94, 4, 1, 1))[0]
            uncertain, earned, possible, critical = 0, 0.0, 0.0, []
            for (item, _, _, points, _), rate in zip(ITEMS, rates, strict=True):
                if status != "scored":
                    break
                draw = chance.random()
                verdict = (
                    "uncertain"
                    if draw < 0.03 or null_scores
                    else "not_applicable"
                    if draw < 0.2
                    else "fail"
                    if chance.random() < rate
                    else "pass"
                )
                abusive = verdict == "fail" and item == "no_harsh_language" and chance.random() < 0.1
                got = (
                    points
                    if verdict == "pass"
                    else points / 2
                    if item == "greeting" and verdict == "fail"
                    else 0.0
                )
                uncertain += verdict == "uncertain"
                if verdict in ("pass", "fail"):
                    earned, possible = earned + got, possible + points
                if abusive:
                    critical.append(item)
                evidence = [
                    {
                        "turn": place,
                        "start_s": round(chance.uniform(0, 240), 2),
                        "end_s": 241.0,
                        "quote": chance.choice(QUOTES),
                        "tier": chance.choice(TIERS),
                    }
                    for place in range(chance.choice((1, 1, 1, 2, 3)) if verdict == "fail" else 0)
                ]
                findings.append((call, "item", item, verdict, got, points, abusive, evidence))
            score = None if not possible else 0.0 if critical else 100 * earned / possible
            calls.append(
                (
                    call,
                    None if status == "no_recording" else f"recordings/{month}/{call}.wav",
                    start,
                    str(1001 + agent),
                    f"p{agent:03d}",
                    NAMES[agent % len(NAMES)] + ("" if agent < len(NAMES) else str(agent // len(NAMES))),
                    teams[agent * len(teams) // agents],
                    chance.choice(("inbound", "outbound", None)),
                    None if status == "no_recording" else round(chance.uniform(20, 420), 1),
                    score,
                    critical,
                    uncertain,
                    status,
                )
            )
    return (
        pl.DataFrame(calls, schema=CALLS, orient="row"),
        pl.DataFrame(findings, schema=FINDINGS, orient="row"),
    )


@pytest.fixture
def make_month() -> Callable[..., tuple[pl.DataFrame, pl.DataFrame]]:
    return made


@pytest.fixture
def make_context() -> Callable[..., ReportContext]:
    return context


def small_month() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Four calls written out by hand, with text that looks like formulas and a fault in three places."""
    common = {"direction": "inbound", "critical": [], "uncertain": 0}
    calls = [
        {
            "call_id": "20261003-001",
            "recording": "recordings/一班/001.wav",
            "start": datetime(2026, 10, 3, 9, 5, 30),
            "agent_no": "0012",
            "person_id": "p1",
            "agent_name": "王喆",
            "team": "一班",
            "duration_s": 75.4,
            "score": 75.0,
            "uncertain": 1,
            "status": "scored",
        },
        {
            "call_id": "20261003-002",
            "recording": "recordings/一班/002.wav",
            "start": datetime(2026, 10, 3, 10, 0),
            "agent_no": "0012",
            "person_id": "p1",
            "agent_name": "王喆",
            "team": "一班",
            "duration_s": 3725.0,
            "score": 0.0,
            "critical": ["no_harsh_language"],
            "status": "scored",
        },
        {
            "call_id": "20261004-003",
            "start": datetime(2026, 10, 4, 8, 0),
            "agent_no": "1002",
            "person_id": "p2",
            "agent_name": "=HYPERLINK(1)",
            "team": "二班",
            "status": "no_recording",
        },
        {
            "call_id": "20261005-004",
            "recording": "recordings/004.wav",
            "start": datetime(2026, 10, 5, 23, 59, 59),
            "duration_s": 12.0,
            "status": "scored",
        },
    ]

    def place(start_s: float, quote: str, tier: str) -> dict[str, object]:
        return {"turn": 1, "start_s": start_s, "end_s": start_s + 2, "quote": quote, "tier": tier}

    def finding(
        call: str, item: str, verdict: str, points: float, most: float, *places: object
    ) -> dict[str, object]:
        kind = "situation" if item == "complaint" else "item"
        return {
            "call_id": call,
            "kind": kind,
            "item": item,
            "verdict": verdict,
            "points": points,
            "max_points": most,
            "critical": item == "no_harsh_language" and verdict == "fail",
            "evidence": list(places),
        }

    findings = [
        finding("20261003-001", "closing", "fail", 4, 8, place(61.9, "@好的<再见>&谢谢", "absence")),
        finding("20261003-001", "greeting", "pass", 8, 8),
        finding("20261003-001", "title", "uncertain", 0, 4),
        finding(
            "20261003-002",
            "no_harsh_language",
            "fail",
            0,
            10,
            *(place(10 + 60 * n, "=1+1" if n == 0 else f"喂{n}", "near") for n in range(8)),
        ),
        finding("20261003-002", "please", "not_applicable", 0, 4),
        finding("20261003-002", "complaint", "fail", 0, 0),
        finding("20261005-004", "title", "uncertain", 0, 4),
    ]
    return (
        pl.DataFrame([common | call for call in calls], schema=CALLS),
        pl.DataFrame(findings, schema=FINDINGS),
    )


@pytest.fixture
def by_hand() -> tuple[pl.DataFrame, pl.DataFrame]:
    return small_month()
