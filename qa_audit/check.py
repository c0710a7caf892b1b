"""One recording judged without a workspace: the contract behind `qa-audit check FILE... --json`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_audit.calls.facts import CallFacts
from qa_audit.calls.facts_file import read_facts
from qa_audit.messages import QaError, language, say
from qa_audit.reports.tables import clock
from qa_audit.scoring import load_rubric
from qa_audit.scoring.evidence_words import shown_quote
from qa_audit.scoring.glossary_check import read_checked_glossary
from qa_audit.transcribe.glossary import Glossary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa_audit.scoring.rubric import Rubric
    from qa_audit.scoring.verdicts import CallScore, Evidence
    from qa_audit.transcribe.turns import Transcript

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """A recording with its transcript and score, or with the error that kept it from having them."""

    recording: str
    """The path as given."""
    rubric: Rubric
    transcript: Transcript | None = None
    score: CallScore | None = None
    error: QaError | None = None

    def as_json(self) -> dict[str, Any]:
        """The object of the JSON contract; seconds to the millisecond, points to four places."""
        if self.transcript is None or self.score is None:
            assert self.error is not None
            return {
                "recording": self.recording,
                "error": {"code": self.error.code, "message": str(self.error)},
            }
        transcript, score = self.transcript, self.score
        return {
            "schema": SCHEMA,
            "recording": self.recording,
            "sha256": transcript.sha256,
            "duration_s": round(transcript.duration_s, 3),
            "channels": transcript.channels,
            "engine": transcript.engine,
            "model": transcript.model,
            "preset": transcript.preset,
            "role_confidence": round(transcript.role_confidence, 3),
            "notes": [str(note) for note in transcript.notes],
            "rubric": {"id": self.rubric.id, "version": self.rubric.version, "sha256": self.rubric.sha256},
            "turns": [
                {
                    "role": turn.role,
                    "start_s": round(turn.start_s, 3),
                    "end_s": round(turn.end_s, 3),
                    "text": turn.text,
                    "confidence": round(turn.confidence, 3),
                }
                for turn in transcript.turns
            ],
            "items": [
                {
                    "id": finding.id,
                    "verdict": finding.verdict,
                    "points": round(finding.points, 4),
                    "max_points": round(finding.max_points, 4),
                    "evidence": [_evidence_json(piece) for piece in finding.evidence],
                }
                for finding in score.items
            ],
            "situations": [
                {
                    "id": situation.id,
                    "detected": situation.detected,
                    "verdict": situation.verdict,
                    "evidence": [_evidence_json(piece) for piece in situation.evidence],
                }
                for situation in score.situations
            ],
            "critical": list(score.critical),
            "score": None if score.score is None else round(score.score, 2),
        }

    def as_text(self) -> str:
        """The same for a person: the score, a line an item, the evidence behind what is not in order."""
        if self.transcript is None or self.score is None:
            return str(self.error)
        total = say("check.no_score") if self.score.score is None else f"{self.score.score:.1f}"
        lines = [
            say(
                "check.heading",
                recording=self.recording,
                minutes=clock(self.transcript.duration_s),
                score=total,
            )
        ]
        if 0 < self.transcript.role_confidence < 1:
            lines.append("  " + say("check.roles", confidence=self.transcript.role_confidence))
        lines += [f"  {note}" for note in self.transcript.notes]
        for finding in self.score.items:
            name = self.rubric.name_of(finding.id, language())
            points = (
                f"{finding.points:g}/{finding.max_points:g}" if finding.verdict in ("pass", "fail") else ""
            )
            lines.append(f"  {say(f'verdict.{finding.verdict}')}  {name}  {points}".rstrip())
            if finding.verdict in ("fail", "uncertain"):
                lines += [
                    f"      {clock(piece.start_s)}  {shown_quote(piece.quote, piece.tier)}"
                    for piece in finding.evidence
                ]
        for situation in self.score.situations:
            name = self.rubric.name_of(situation.id, language())
            lines.append(
                "  " + say("check.situation", verdict=say(f"verdict.{situation.verdict}"), name=name)
            )
        lines += [
            "  " + say("check.critical", name=self.rubric.name_of(item, language()))
            for item in self.score.critical
        ]
        return "\n".join(lines)


def _evidence_json(piece: Evidence) -> dict[str, Any]:
    return {**asdict(piece), "start_s": round(piece.start_s, 3), "end_s": round(piece.end_s, 3)}


def check_recordings(
    files: Iterable[str],
    *,
    engine: str = "openai-whisper",
    model: str = "base",
    preset: str = "balanced",
    agent_channel: str = "left",
    rubric: Path | None = None,
    meta: Path | None = None,
    glossary: Path | None = None,
) -> Iterator[Checked]:
    """Transcribe and judge recordings one by one, in the order given.

    A file that cannot be used gives a `Checked` with its error, and the others go on. What concerns all of
    them (a missing model, a rubric, `meta` file or glossary with mistakes) raises `QaError` before the first.
    """
    from qa_audit.listening import score_by_ear
    from qa_audit.transcribe.engine import load_engine
    from qa_audit.transcribe.presets import preset as preset_called
    from qa_audit.transcribe.recording import transcribe_recording
    from qa_audit.transcribe.settings import TranscribeSettings

    rules = load_rubric(rubric)
    terms = read_checked_glossary(glossary, lambda: rules) if glossary is not None else Glossary()
    facts = read_facts(meta, rules.asked_facts) if meta is not None else {}
    settings = TranscribeSettings.model_validate(
        {"engine": engine, "model": model, "preset": preset, "agent_channel": agent_channel}
    ).with_glossary(terms)
    preset_called(settings.preset)
    loaded = load_engine(settings)
    for path in files:
        try:
            transcript = transcribe_recording(path, loaded, settings)
            name = Path(path)
            known = facts.get(name.name) or facts.get(name.stem, CallFacts())
            score = score_by_ear(path, transcript, known, rules, loaded)
        except QaError as error:
            yield Checked(path, rules, error=error)
            continue
        yield Checked(path, rules, transcript, score)
