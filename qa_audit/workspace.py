"""One folder, one department: settings, rubric, database, results. The Python face of qa-audit.

`qa_audit.open("demo")` gives a `Workspace`; `run()` brings it up to date, `month("2026-10")` returns its
figures as Polars frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from qa_audit import __version__
from qa_audit.calls.importing import import_calls
from qa_audit.calls.query import calls_frame, facts_of, month_of, months
from qa_audit.estimation.month import agent_month, calls_of_month, item_month, team_month
from qa_audit.fixed_choices import FixedChoices, fix_choices, read_choices, write_choices
from qa_audit.listening import ROUNDS
from qa_audit.messages import QaError, language, say
from qa_audit.outcomes import ImportOutcome, RunOutcome
from qa_audit.pipeline import answer_jobs, score_jobs, transcribe_jobs, turns_key, with_scores
from qa_audit.progress import counting
from qa_audit.scored_calls import ScoredCalls
from qa_audit.scoring import load_rubric
from qa_audit.scoring.batch import ScoreOutcome, findings_of, score_pending, scores_of
from qa_audit.scoring.glossary_check import read_checked_glossary
from qa_audit.scoring.question_parts import questions_by_findings
from qa_audit.scoring.rubric_diff import KnownCall
from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.settings import RUBRIC_FILE, SETTINGS_FILE, Settings, read_settings, settings_text
from qa_audit.status import Status, read_status
from qa_audit.store.database import open_database
from qa_audit.store.files import remove_leftovers, write_text
from qa_audit.store.parts import UNDATED, has_part, part_months, read_part
from qa_audit.store.toml_file import parse_toml
from qa_audit.transcribe.answer_parts import AnswerOutcome, answer_pending, answers_by_turns
from qa_audit.transcribe.frames import transcript_from
from qa_audit.transcribe.glossary_file import GLOSSARY_FILE, glossary_template
from qa_audit.transcribe.jobs import TURNS, TranscribeOutcome, failures_by_key, transcribe_pending

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from typing import Any, Literal

    from sqlalchemy import Engine as Database

    from qa_audit.audit.desk import Desk
    from qa_audit.audit.play_log import PlayLog
    from qa_audit.audit.plays import Place
    from qa_audit.calls.facts import CallFacts
    from qa_audit.closing.figures import MonthFigures
    from qa_audit.desks.appeals import AppealDesk
    from qa_audit.desks.board import Board
    from qa_audit.desks.complaints import ComplaintDesk
    from qa_audit.desks.follow_up import FollowUp
    from qa_audit.desks.housekeeping import Housekeeping
    from qa_audit.estimation.difference import MonthEstimate
    from qa_audit.months.book import MonthBook
    from qa_audit.months.service import ServiceMonth
    from qa_audit.reports.bulletin import Bulletin
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.month_files import Format
    from qa_audit.sampling.book import SampleBook
    from qa_audit.scoring.batch import ScoreJob
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.store.chain import Head
    from qa_audit.transcribe.audio import Recording
    from qa_audit.transcribe.questions import Answer, Question
    from qa_audit.transcribe.turns import Transcript

DATABASE_FILE = "qa_audit.db"
RESULTS_FOLDER = "results"


def find_workspace(start: Path) -> Path:
    """The nearest folder with a workspace: `start` or one above it.

    Raises `QaError` when there is none.
    """
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise QaError("workspace.not_found", folder=start)


def database_address(folder: Path, settings: Settings) -> Path | str:
    """Where the database of the workspace in `folder` is: a file in it, or the URL that the settings name."""
    return settings.database.url or folder / DATABASE_FILE


def rubric_of(folder: Path) -> Rubric:
    """The rubric of the workspace in `folder`: its `rubric.toml`, else the built-in one."""
    own = folder / RUBRIC_FILE
    return load_rubric(own if own.is_file() else None)


def with_glossary_of(folder: Path, settings: Settings) -> Settings:
    """Settings with the glossary of the workspace in `folder`, if it has one; read here, once a run.

    Raises `QaError` for a glossary with mistakes, terms that the rubric listens for among them.
    """
    file = folder / GLOSSARY_FILE
    if not file.is_file():
        return settings
    glossary = read_checked_glossary(file, lambda: rubric_of(folder))
    return settings.model_copy(update={"transcribe": settings.transcribe.with_glossary(glossary)})


@dataclass(frozen=True)
class Month:
    """A month's figures as Polars frames; `calls` and `findings` are what the others were made from."""

    month: str
    calls: pl.DataFrame
    findings: pl.DataFrame
    agents: pl.DataFrame
    teams: pl.DataFrame
    items: pl.DataFrame


@dataclass(frozen=True)
class Workspace:
    """An open workspace. Make one with `Workspace.create`, open one with `Workspace.open`."""

    folder: Path
    settings: Settings
    database: Database

    @classmethod
    def create(
        cls,
        folder: str | Path,
        *,
        recordings: str | Path | None = None,
        call_list: str | Path | None = None,
        roster: str | Path | None = None,
        department: str | None = None,
        database_url: str | None = None,
        engine: str | None = None,
        model: str | None = None,
        preset: str | None = None,
        agent_channel: str | None = None,
    ) -> Workspace:
        """Make a workspace: settings, a copy of the rubric, an empty glossary, the database.

        Engine, model and preset are fixed from then on.

        Sources given here are written into the settings as absolute paths. Raises `QaError` when the folder
        is a workspace already, cannot be written, or the model is not at hand; nothing is left behind then.
        """
        home = Path(folder).expanduser().absolute()
        if (home / SETTINGS_FILE).exists():
            raise QaError("workspace.exists", folder=home)
        given = {"recordings": recordings, "call_list": call_list, "roster": roster}
        sources = {name: path and Path(path).expanduser().absolute() for name, path in given.items()}
        chosen = {"engine": engine, "model": model, "preset": preset, "agent_channel": agent_channel}
        text = settings_text(
            {
                "department": {"name": department},
                "sources": sources,
                "database": {"url": database_url},
                "transcribe": chosen,
            }
        )
        settings = parse_toml(text.encode(), SETTINGS_FILE, Settings)
        choices = fix_choices(settings.transcribe)
        database = open_database(database_address(home, settings))
        write_choices(database, choices)
        if not (home / RUBRIC_FILE).exists():
            write_text(home / RUBRIC_FILE, built_in_rubric_text())
        if not (home / GLOSSARY_FILE).exists():
            write_text(home / GLOSSARY_FILE, glossary_template())
        # Last, since this file is what makes the folder a workspace.
        write_text(home / SETTINGS_FILE, text)
        database.dispose()
        return cls.open(home)

    @classmethod
    def open(cls, folder: str | Path) -> Workspace:
        """Open the workspace in `folder`; leftovers of runs that were killed are cleared away.

        Raises `QaError` for a folder without a workspace, settings or a glossary with mistakes (all at once),
        or a transcription other than the one fixed when the workspace was made.
        """
        home = Path(folder).expanduser().absolute()
        if not (home / SETTINGS_FILE).is_file():
            raise QaError("workspace.not_found", folder=home)
        settings = with_glossary_of(home, read_settings(home / SETTINGS_FILE))
        workspace = cls(home, settings, open_database(database_address(home, settings)))
        _ = workspace.choices  # refuses settings that differ from what was fixed
        remove_leftovers(workspace.results)
        return workspace

    @property
    def settings_file(self) -> Path:
        """The settings, `qa_audit.toml`."""
        return self.folder / SETTINGS_FILE

    @property
    def results(self) -> Path:
        """Folder of what machines derive: turns, findings, scores."""
        return self.folder / RESULTS_FOLDER

    @cached_property
    def choices(self) -> FixedChoices:
        """Engine, model, preset and weights, as fixed when the workspace was made."""
        return read_choices(self.database, self.settings.transcribe, self.settings_file)

    @cached_property
    def plays(self) -> PlayLog:
        """What the person at this machine is given to hear, outside of the player, which has its own."""
        from qa_audit.audit.play_log import PlayLog
        from qa_audit.store.roles import own_name

        return PlayLog(self.database, own_name(self.database), "panel")

    @property
    def sees_unmasked(self) -> bool:
        """Whether the person at this machine gets exports with personal data of customers as it is."""
        from qa_audit.retention.unmasked import sees_unmasked
        from qa_audit.store.persons import login
        from qa_audit.store.roles import own_roles

        return sees_unmasked(login(), self.settings.privacy, own_roles(self.database))

    def masker(self) -> Callable[[str], str] | None:
        """What masks customers' data in words that leave the department; None where all may leave."""
        if self.sees_unmasked:
            return None
        from qa_audit.retention.masking import mask_text

        names = self.names_known()
        return lambda text: mask_text(text, names)

    def names_known(self, *, agents: bool = True) -> tuple[str, ...]:
        """People known by name, who are masked wherever they are named: customers, and agents if wanted."""
        from qa_audit.retention.workspace_names import names_known

        return names_known(self.database, agents=agents)

    @cached_property
    def rubric(self) -> Rubric:
        """The workspace's rubric (`rubric.toml`), else the built-in one; with its own detector if any."""
        from qa_audit.scoring.learned.learn import accepted_detector

        rules = rubric_of(self.folder)
        detector = accepted_detector(self.folder) if rules.uses_detector else None
        return rules if detector is None else rules.with_detector(detector)

    def import_calls(
        self,
        recordings: str | Path | None = None,
        *,
        call_list: str | Path | None = None,
        roster: str | Path | None = None,
        rehash: bool = False,
    ) -> ImportOutcome:
        """Take in recordings, call list and roster; sources not given are those of the settings.

        Raises `QaError` when no folder of recordings is known or a list cannot be read at all; single bad
        rows and files are listed in the outcome and the rest is taken.
        """
        sources = self.settings.sources
        folder = self._source(recordings, sources.recordings)
        if folder is None:
            raise QaError("workspace.no_recordings")
        return ImportOutcome(
            import_calls(
                self.database,
                folder,
                call_list=self._source(call_list, sources.call_list),
                roster=self._source(roster, sources.roster),
                settings=self.settings.calls,
                rehash=rehash,
                progress=counting(say("progress.hash")),
            )
        )

    def transcribe(
        self,
        *,
        month: str | None = None,
        limit: int | None = None,
        workers: int | None = None,
        retry_failed: bool = False,
        on: Literal["here", "ray"] = "here",
    ) -> TranscribeOutcome:
        """Transcribe recordings that have no turns yet, at most `limit` of them.

        `workers` processes side by side (0: as many as fit; None: as the settings say). With `retry_failed`
        also what failed before. On Ray the workers are models on its cluster (extra `[ray]`).
        """
        settings = self.settings.transcribe
        return transcribe_pending(
            transcribe_jobs(calls_frame(self.database, month), settings, self._digest),
            self.database,
            self.results,
            settings,
            self._digest,
            limit=limit,
            workers=workers,
            retry_failed=retry_failed,
            on=on,
        )

    def score(self, *, month: str | None = None) -> ScoreOutcome:
        """Score calls that have turns but no findings under the present rubric and facts."""
        known = calls_frame(self.database, month)
        jobs = self._score_jobs(known)
        done, kept = score_pending(jobs, self.results, self.rubric)
        transcribed = {job.call_id for job in jobs}
        there = known.filter(pl.col("recording").is_not_null())["call_id"]
        waiting = sum(call_id not in transcribed for call_id in there)
        return ScoreOutcome(done, kept, waiting)

    def listen(self, *, month: str | None = None) -> AnswerOutcome:
        """Ask the audio where verdicts hang on words that the text lacks, and score those calls again."""
        outcome = AnswerOutcome()
        known = calls_frame(self.database, month)
        for _ in range(ROUNDS):
            jobs = answer_jobs(known, self._score_jobs(known), self._asked(known))
            failed = dict(outcome.failures)
            jobs = [job for job in jobs if str(job.path) not in failed]
            if not jobs:
                break
            outcome += answer_pending(jobs, self.results, self.settings.transcribe, self._digest)
            score_pending(self._score_jobs(known), self.results, self.rubric)
        return outcome

    def run(
        self,
        *,
        month: str | None = None,
        limit: int | None = None,
        workers: int | None = None,
        retry_failed: bool = False,
        rehash: bool = False,
        on: Literal["here", "ray"] = "here",
    ) -> RunOutcome:
        """Import, transcribe, score, ask the audio; whatever was done before is not done again.

        `rehash` as in `import_calls`, the others as in `transcribe`.
        """
        imported = self.import_calls(rehash=rehash) if self.settings.sources.recordings else None
        from qa_audit.months.glance import keep_glances
        from qa_audit.watched import tell_end, watched

        if imported is None and calls_frame(self.database).is_empty():
            raise QaError("workspace.no_recordings")
        with watched(self):
            transcribed = self.transcribe(
                month=month, limit=limit, workers=workers, retry_failed=retry_failed, on=on
            )
            scored = self.score(month=month)
            outcome = RunOutcome(imported, transcribed, scored, self.listen(month=month))
            keep_glances(self)
            tell_end(outcome)
        return outcome

    def status(self) -> Status:
        """How far the transcription is, by state and month, how fast it goes and how long it will take."""
        return read_status(self.database, self.results, self.settings.transcribe, self._digest)

    def months(self) -> list[str]:
        """Months that have calls, in order."""
        return months(self.database)

    def calls(self, month: str | None = None) -> pl.DataFrame:
        """Calls (of a month) with score, status and all that the call list says."""
        return self.scored(month).calls

    def scored(self, month: str | None = None) -> ScoredCalls:
        """Calls (of a month) with all that belongs to their scores: for who needs more than one of them."""
        known = calls_frame(self.database, month)
        jobs = self._score_jobs(known)
        return ScoredCalls(self._scored(known, jobs), jobs, self.results)

    def findings(self, month: str) -> pl.DataFrame:
        """What the rubric says of each call of a month, item by item, with evidence."""
        return findings_of(self._score_jobs(calls_frame(self.database, month)), self.results)

    def month(self, month: str) -> Month:
        """Figures of a month, as `estimation.month` defines them.

        Raises `QaError` for what is no month, and for a month without calls.
        """
        scored = self.scored(month)
        calls = calls_of_month(scored.calls, month)
        if calls.is_empty():
            raise QaError("workspace.empty_month", month=month, months=", ".join(self.months()) or "–")
        findings = scored.findings()
        return Month(
            month,
            calls,
            findings,
            agent_month(calls, findings),
            team_month(calls, findings),
            item_month(calls, findings),
        )

    @property
    def samples(self) -> SampleBook:
        """Which calls people hear: plans, draws, who hears what."""
        from qa_audit.sampling.book import SampleBook

        return SampleBook(self.database, self.calls, self.masker)

    @property
    def head(self) -> Head:
        """What stands for all that people decided until now: for exports and closed months."""
        from qa_audit.store.chain import read_head

        return read_head(self.database)

    def report(self, month: str, out: str | Path, *, formats: Collection[Format] | None = None) -> list[Path]:
        """Write a month into the folder `out`, in all `reports.FORMATS` or those given; the paths written."""
        from qa_audit.months.reported import write_report

        return write_report(self, month, out, formats)

    def bulletin(self, day: str | date | None = None, *, days: int = 1) -> Bulletin:
        """The bulletin of a day, or of `days` up to it; by default the latest with audits handed in.

        Raises `QaError`: `bulletin.no_audits`, `bulletin.bad_day`, `bulletin.bad_days`.
        """
        from qa_audit.months.reported import day_bulletin

        return day_bulletin(self, day, days)

    def report_context(self, month: str) -> ReportContext:
        """What a report says about how its figures were made."""
        from qa_audit.reports.context import ReportContext, report_items

        return ReportContext(
            month=month,
            language=language(),
            rubric_id=self.rubric.id,
            rubric_version=self.rubric.version,
            rubric_sha256=self.rubric.sha256,
            items=report_items(self.rubric.items),
            engine=self.choices.engine,
            model=self.choices.model,
            preset=self.choices.preset,
            department=self.settings.department.name or self.folder.name,
            code_version=__version__,
            situations=report_items(self.rubric.situations),
            zero_on_critical=self.rubric.zero_on_critical,
            chain_head=str(self.head),
        )

    def turns(self, call_id: str) -> pl.DataFrame:
        """Turns of a call (`transcribe.frames.TURNS_SCHEMA`), in order.

        Raises `QaError` for an unknown call and for one that has not been transcribed.
        """
        return self._turns_of(self._call(call_id)).filter(pl.col("turn").is_not_null())

    def transcript(self, call_id: str) -> tuple[Transcript, CallFacts]:
        """A call's transcript and what the call list says of it.

        Raises `QaError` for an unknown call and for one that has not been transcribed.
        """
        call = self._call(call_id)
        return transcript_from(self._turns_of(call)), facts_of(call)

    def me(self, who: str | None = None) -> str:
        """The name under which whoever is logged in decides (`store.roles.own_name`), `who` if it may be.

        Raises `QaError` `roles.unknown_login`, `roles.not_you`.
        """
        from qa_audit.store.roles import own_name

        return own_name(self.database, who)

    def desk(self, who: str, calls: Sequence[str] | None = None, *, blind: bool = True) -> Desk:
        """Where the inspector `who` audits calls: these in this order, else those that chance gave them.

        That is the newest draw handed out to them; where nothing was, the newest month's scored calls. Unless
        `blind` is off, what the machine says of a call is hidden until it is handed in; where it is off, that
        is kept with every verdict. Raises `QaError` for an inspector without a name and for an unknown call.
        """
        from qa_audit.audit.desk import Desk
        from qa_audit.audit.events import checked_name
        from qa_audit.desks.call_source import CallSource
        from qa_audit.desks.sampled_desk import SampledQueue, newest_draw

        name = checked_name(who)
        drawn = newest_draw(self.samples, name) if calls is None else None
        rows = (
            self._to_audit(calls)
            if drawn is None
            else self.calls(drawn.month if drawn.kind == "random" else None)
        )
        found = CallSource(rows, self.results, self.settings.transcribe, self._digest)
        if drawn is None:
            return Desk(self.database, self.rubric, name, found.queue(), found.material, blind=blind)
        sampled = SampledQueue(self.samples, drawn, name, found)
        queue = sampled.calls()
        return Desk(
            self.database, self.rubric, name, queue, found.material, blind=blind, replace=sampled.replace
        )

    def board(self, month: str | None = None, *, now: datetime | None = None) -> Board:
        """Each inspector's load, and what waits with its deadline, of draws of a month or of all."""
        from qa_audit.desks.board import read_board

        return read_board(self.database, self.samples, self.settings, month, now)

    def estimates(self, month: str) -> MonthEstimate:
        """Every agent's month by machine and people together (`estimation.difference`), from the drawn calls.

        Raises `QaError` `audited.no_draw` where no call of the month was drawn.
        """
        from qa_audit.audit.scores import sheets_frame
        from qa_audit.estimation.audited import assigned_calls, audit_rows, estimation_frame
        from qa_audit.estimation.difference import estimate_month
        from qa_audit.sampling.remembered import RememberedSamples

        samples, scored = RememberedSamples(self.samples), self.scored(month)
        frame = estimation_frame(samples, month, scored.calls)
        if frame.is_empty():
            raise QaError("audited.no_draw", month=month)
        assigned = assigned_calls(samples, month)
        drawn = assigned["call_id"].unique()
        sheets = sheets_frame(self.database, self.rubric, scored.findings(drawn), drawn)
        return estimate_month(frame, audit_rows(assigned, sheets))

    @property
    def month_book(self) -> MonthBook:
        """Pay figures of months; months agreed to, closed, reopened, exported."""
        from qa_audit.months.book import MonthBook

        return MonthBook(self)

    def pay_figures(self, month: str) -> MonthFigures:
        """Every agent's pay figure with interval, grade and amount; of a closed month as it was closed.

        Raises `QaError` `audited.no_draw` where no call of the month was drawn.
        """
        return self.month_book.figures(month)

    def rule_quality(self, months: Sequence[str] | None = None) -> pl.DataFrame:
        """How good each rule is by the audited calls of these months, or all (`estimation.rule_quality`).

        What was settled afterwards (`gold_labels`) wins over a first verdict.
        """
        from qa_audit.audit.scores import audit_frame
        from qa_audit.estimation.audited import assigned_calls, judged_rows
        from qa_audit.estimation.rule_quality import JUDGED, rule_quality

        rows = [pl.DataFrame(schema=JUDGED)]
        for month in self.months() if months is None else months:
            assigned = assigned_calls(self.samples, month)
            verdicts = audit_frame(self.database, assigned["call_id"].unique())
            gold = self.gold_labels([month])
            rows.append(judged_rows(assigned, verdicts, self.findings(month), gold))
        return rule_quality(pl.concat(rows))

    # What people decide after the audit; each is composed in a module of its own.

    @property
    def appeals(self) -> AppealDesk:
        """Appeals, and differences between inspectors that were settled."""
        from qa_audit.desks.appeals import AppealDesk

        return AppealDesk(self)

    @property
    def complaints(self) -> ComplaintDesk:
        """Complaints, and the list of vexatious callers."""
        from qa_audit.desks.complaints import ComplaintDesk

        return ComplaintDesk(self)

    @property
    def follow_up(self) -> FollowUp:
        """The register of faults with its clips, coaching and its effect, praise."""
        from qa_audit.desks.follow_up import FollowUp

        return FollowUp(self)

    def faults(self, month: str | None = None) -> pl.DataFrame:
        """Faults that people marked (in calls of a month): `audit.faults.FAULTS_SCHEMA` and `clip`."""
        return self.follow_up.faults(month)

    def gold_labels(self, months: Sequence[str] | None = None) -> pl.DataFrame:
        """Settled verdicts of calls of these months, or of all (`audit.rulings.GOLD_SCHEMA`)."""
        return self.appeals.gold_labels(months)

    def find(self, *words: str, **known: Any) -> pl.DataFrame:
        """Calls in which all of `words` were said and that fit what is `known` (`found_calls.find_calls`)."""
        from qa_audit.desks.found_calls import find_calls

        return find_calls(self, words, **known)

    def call_findings(self, call_id: str) -> pl.DataFrame:
        """What the rubric says of one call, item by item; empty before it was scored."""
        return findings_of(self._score_jobs(calls_frame(self.database, call_id=call_id)), self.results)

    def agreement(self, months: Sequence[str] | None = None) -> pl.DataFrame:
        """How far inspectors agree, item by item, on calls that two or more judged blind."""
        from qa_audit.audit.scores import audit_frame
        from qa_audit.estimation.agreement import item_agreement

        frames = [
            calls_frame(self.database, month) for month in (self.months() if months is None else months)
        ]
        calls = pl.concat([pl.Series("call_id", [], pl.String), *(frame["call_id"] for frame in frames)])
        blind = audit_frame(self.database, calls).filter(
            pl.col("first_verdict").is_not_null() & pl.col("blind")
        )
        return item_agreement(blind.select("call_id", "item", inspector="who", verdict="first_verdict"))

    def sameness(self, month: str) -> pl.DataFrame:
        """四个一样: scores under different conditions compared (`estimation.sameness.SAMENESS`)."""
        from qa_audit.months.service import sameness_of

        return sameness_of(self, month)

    def service_figures(self, month: str, complaints: pl.DataFrame | None = None) -> ServiceMonth:
        """Callbacks and service figures (`months.service.service_of`), complaints on record unless given."""
        from qa_audit.months.service import service_of

        return service_of(self, month, complaints)

    @property
    def housekeeping(self) -> Housekeeping:
        """Archive, deletion and missing recordings."""
        from qa_audit.desks.housekeeping import Housekeeping

        return Housekeeping(self)

    def answers(self, call_id: str) -> Mapping[str, Answer | None]:
        """What the audio of a call has answered, by the id of the question (`transcribe.questions`).

        Raises `QaError` for an unknown call.
        """
        key = turns_key(self._call(call_id), self.settings.transcribe, self._digest)
        return answers_by_turns(self.results).get(key, {})

    def transcripts(
        self, month: str | None = None, only: Collection[str] | None = None
    ) -> Iterator[KnownCall]:
        """Calls (of a month) that have been transcribed, one by one, with what their audio has answered.

        `only` are the ids of those wanted; None for all.
        """
        answered = answers_by_turns(self.results)
        known = calls_frame(self.database, month)
        if only is not None:
            known = known.filter(pl.col("call_id").is_in(list(only)))
        for job in self._score_jobs(known):
            turns = read_part(self.results, TURNS, job.turns_month, job.turns_key)
            yield KnownCall(job.call_id, transcript_from(turns), job.facts, answered.get(job.turns_key, {}))

    def clip(
        self,
        call_id: str,
        start_s: float,
        end_s: float,
        *,
        beeps: Iterable[tuple[int, float, float]] = (),
        place: Place = "panel",
    ) -> bytes:
        """A stretch of a call as MP3, `beeps` as in `transcribe.clip`; `plays` keeps that it was handed out.

        Where the recording is gone, what a fault's clip has of the stretch. Raises `QaError` when there is
        none either.
        """
        from qa_audit.audit.clips import kept_sound
        from qa_audit.transcribe.clip import clip_mp3

        try:
            path = self._recording_path(self._call(call_id))
        except QaError:
            kept = kept_sound(self.database, self.folder, call_id, start_s, end_s)
            if kept is None:
                raise
            moved = [
                (channel, from_s - kept.begins_s, to_s - kept.begins_s) for channel, from_s, to_s in beeps
            ]
            return clip_mp3(kept.path, start_s - kept.begins_s, end_s - kept.begins_s, beeps=moved)
        raw = self.settings.transcribe.raw_format_of(path.name)
        made = clip_mp3(path, start_s, end_s, raw, beeps=beeps)
        self.plays.note(call_id, max(0.0, start_s), end_s, place)
        return made

    def recording(self, call_id: str) -> Recording:
        """A call's recording, ready to be read; its bytes are not looked at.

        Raises `QaError` when it is not where it was, and those of `transcribe.audio.open_recording`.
        """
        from qa_audit.transcribe.audio import open_recording

        call = self._call(call_id)
        path = self._recording_path(call)
        return open_recording(path, self.settings.transcribe.raw_format_of(path.name), sha256=call["sha256"])

    def recordings_by_length(self) -> list[Path]:
        """Recordings that are there: longest call first, as the call list says, then the largest files."""
        known = calls_frame(self.database).filter(pl.col("recording").is_not_null())
        rows = known.select("recording", "listed_duration_s").unique("recording").iter_rows()
        found = [(listed_s or 0.0, Path(path)) for path, listed_s in rows]
        sized = [(listed_s, path.stat().st_size, path) for listed_s, path in found if path.is_file()]
        return [path for *_, path in sorted(sized, reverse=True)]

    @property
    def _digest(self) -> str:
        return self.choices.digest

    def _recording_path(self, call: Mapping[str, Any]) -> Path:
        path = Path(call["recording"] or "")
        if not path.is_file():
            raise QaError("workspace.recording_gone", call_id=call["call_id"], path=call["recording"] or "–")
        return path

    def _turns_of(self, call: Mapping[str, Any]) -> pl.DataFrame:
        """The part with a call's turns; looked for in its own month first, for listing all takes long."""
        key, month = turns_key(call, self.settings.transcribe, self._digest), month_of(call["start"])
        if not has_part(self.results, TURNS, month, key):
            month = part_months(self.results, TURNS).get(key)
        if month is None:
            raise QaError("workspace.not_transcribed", call_id=call["call_id"])
        return read_part(self.results, TURNS, month, key)

    def _call(self, call_id: str) -> dict:
        found = calls_frame(self.database, call_id=call_id)
        if found.is_empty():
            raise QaError("workspace.unknown_call", call_id=call_id)
        return found.row(0, named=True)

    def _to_audit(self, call_ids: Sequence[str] | None) -> pl.DataFrame:
        """Rows of `calls` for a desk, in the order given or of start."""
        if call_ids is None:
            newest = self.calls((self.months() or [UNDATED])[-1])
            return newest.filter(pl.col("status") == "scored")
        wanted = pl.DataFrame({"call_id": list(dict.fromkeys(call_ids))}, {"call_id": pl.String})
        known = calls_frame(self.database)
        unknown = wanted.join(known, on="call_id", how="anti")
        if not unknown.is_empty():
            raise QaError("workspace.unknown_call", call_id=unknown["call_id"][0])
        known = wanted.join(known, on="call_id", how="left", maintain_order="left")
        return self._scored(known, self._score_jobs(known))

    def _scored(self, known: pl.DataFrame, jobs: list[ScoreJob]) -> pl.DataFrame:
        scores = scores_of(jobs, self.results)
        failed = failures_by_key(self.database)
        return with_scores(known, scores, failed, self.settings.transcribe, self._digest)

    def _score_jobs(self, known: pl.DataFrame) -> list[ScoreJob]:
        folders = part_months(self.results, TURNS)
        settings = self.settings.transcribe
        answers = answers_by_turns(self.results)
        asked = self._asked(known) if answers else {}
        return score_jobs(known, folders, settings, self._digest, self.rubric, asked=asked, answers=answers)

    def _asked(self, known: pl.DataFrame) -> Mapping[str, Sequence[Question]]:
        return questions_by_findings(self.results, sorted({month_of(one) for one in known["start"]}))

    def _source(self, given: str | Path | None, noted: str | None) -> Path | None:
        """A source as given, else as the settings name it, relative to the workspace."""
        if given is not None:
            return Path(given).expanduser().absolute()
        return None if noted is None else (self.folder / noted)
