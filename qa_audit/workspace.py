"""One folder, one department: settings, rubric, database, results. The Python face of qa-audit.

`qa_audit.open("demo")` gives a `Workspace`; `run()` brings it up to date, `month("2026-10")` returns its
figures as Polars frames. What each method does lies in the module that it calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qa_audit.call_results import CallResults
from qa_audit.calls.query import months
from qa_audit.fixed_choices import FixedChoices, read_choices
from qa_audit.messages import QaError
from qa_audit.run_steps import ask_audio, import_sources, run_steps, score_calls, transcribe_calls
from qa_audit.settings import SETTINGS_FILE, Settings, read_settings
from qa_audit.status import Status, read_status
from qa_audit.store.database import open_database
from qa_audit.store.files import remove_leftovers
from qa_audit.workspace_folder import (
    RESULTS_FOLDER,
    database_address,
    make_workspace,
    rubric_of,
    with_glossary_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from typing import Any, Literal

    import polars as pl
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
    from qa_audit.desks.rule_status import RuleStatuses
    from qa_audit.estimation.difference import MonthEstimate
    from qa_audit.months.book import MonthBook
    from qa_audit.months.scored_month import Month
    from qa_audit.months.service import ServiceMonth
    from qa_audit.outcomes import ImportOutcome, RunOutcome
    from qa_audit.reports.bulletin import Bulletin
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.month_files import Format
    from qa_audit.reports.people_judged import PeopleJudged
    from qa_audit.sampling.book import SampleBook
    from qa_audit.scored_calls import ScoredCalls
    from qa_audit.scoring.batch import ScoreOutcome
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.scoring.rubric_diff import KnownCall
    from qa_audit.store.chain import Head
    from qa_audit.transcribe.answer_parts import AnswerOutcome
    from qa_audit.transcribe.audio import Recording
    from qa_audit.transcribe.jobs import TranscribeOutcome
    from qa_audit.transcribe.questions import Answer
    from qa_audit.transcribe.turns import Transcript


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
        is a workspace already, cannot be written, or sources, engine or model are not there; nothing is left
        behind then.
        """
        home = _absolute(folder)
        given = {"recordings": recordings, "call_list": call_list, "roster": roster}
        make_workspace(
            home,
            department=department,
            sources={name: None if path is None else _absolute(path) for name, path in given.items()},
            database_url=database_url,
            transcribe={"engine": engine, "model": model, "preset": preset, "agent_channel": agent_channel},
        )
        return cls.open(home)

    @classmethod
    def open(cls, folder: str | Path) -> Workspace:
        """Open the workspace in `folder`; leftovers of runs that were killed are cleared away.

        Raises `QaError` for a folder without a workspace, settings or a glossary with mistakes (all at once),
        or a transcription other than the one fixed when the workspace was made.
        """
        home = _absolute(folder)
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
    def rubric(self) -> Rubric:
        """The workspace's rubric (`rubric.toml`), else the built-in one; with its own detector if any."""
        from qa_audit.scoring.learned.learn import with_accepted

        return with_accepted(rubric_of(self.folder), self.folder)

    @property
    def head(self) -> Head:
        """What stands for all that people decided until now: for exports and closed months."""
        from qa_audit.store.chain import read_head

        return read_head(self.database)

    # Who is at this machine.

    def me(self, who: str | None = None) -> str:
        """The name under which whoever is logged in decides (`store.roles.own_name`), `who` if it may be.

        Raises `QaError` `roles.unknown_login`, `roles.not_you`.
        """
        from qa_audit.store.roles import own_name

        return own_name(self.database, who)

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

    def numbers_of(self, call_ids: Iterable[str]) -> dict[str, str]:
        """The customer's number of each of these calls that has one, to be masked in ids of calls."""
        from qa_audit.retention.workspace_names import numbers_of

        return numbers_of(self.database, call_ids)

    # What machines do.

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
        return import_sources(self, recordings, call_list, roster, rehash=rehash)

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
        return transcribe_calls(self, month, limit=limit, workers=workers, retry_failed=retry_failed, on=on)

    def score(self, *, month: str | None = None) -> ScoreOutcome:
        """Score calls that have turns but no findings under the present rubric and facts."""
        return score_calls(self, month)

    def listen(self, *, month: str | None = None) -> AnswerOutcome:
        """Ask the audio where verdicts hang on words that the text lacks, and score those calls again."""
        return ask_audio(self, month)

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
        chosen = {"limit": limit, "workers": workers, "retry_failed": retry_failed, "on": on}
        return run_steps(self, month, rehash=rehash, **chosen)

    def status(self) -> Status:
        """How far the transcription is, by state and month, how fast it goes and how long it will take."""
        return read_status(self.database, self.results, self.settings.transcribe, self.choices.digest)

    # What machines made of calls.

    @property
    def call_results(self) -> CallResults:
        """Results by call, and the keys under which they lie."""
        return CallResults(self)

    def months(self) -> list[str]:
        """Months that have calls, in order."""
        return months(self.database)

    def calls(self, month: str | None = None) -> pl.DataFrame:
        """Calls (of a month) with score, status and all that the call list says."""
        return self.scored(month).calls

    def scored(self, month: str | None = None, *, aside: Collection[str] | None = None) -> ScoredCalls:
        """Calls (of a month) with all that belongs to their scores: for who needs more than one of them.

        In scores the items `aside` count for nothing: by default those that people judge alone in each month.
        """
        return self.call_results.scored(month, aside=aside)

    def findings(self, month: str) -> pl.DataFrame:
        """What the rubric says of each call of a month, item by item, with evidence; aside or not."""
        return self.call_results.findings(month)

    def call_findings(self, call_id: str) -> pl.DataFrame:
        """What the rubric says of one call, item by item; empty before it was scored."""
        return self.call_results.findings(call_id=call_id)

    def turns(self, call_id: str) -> pl.DataFrame:
        """Turns of a call (`transcribe.frames.TURNS_SCHEMA`), in order.

        Raises `QaError` for an unknown call and for one that has not been transcribed.
        """
        return self.call_results.turns(call_id)

    def transcript(self, call_id: str) -> tuple[Transcript, CallFacts]:
        """A call's transcript and what the call list says of it.

        Raises `QaError` for an unknown call and for one that has not been transcribed.
        """
        return self.call_results.transcript(call_id)

    def transcripts(
        self, month: str | None = None, only: Collection[str] | None = None
    ) -> Iterator[KnownCall]:
        """Calls (of a month) that have been transcribed, one by one, with what their audio has answered.

        `only` are the ids of those wanted; None for all.
        """
        return self.call_results.transcripts(month, only)

    def answers(self, call_id: str) -> Mapping[str, Answer | None]:
        """What the audio of a call has answered, by the id of the question (`transcribe.questions`).

        Raises `QaError` for an unknown call.
        """
        return self.call_results.answers(call_id)

    def find(self, *words: str, **known: Any) -> pl.DataFrame:
        """Calls in which all of `words` were said and that fit what is `known` (`found_calls.find_calls`)."""
        from qa_audit.desks.found_calls import find_calls

        return find_calls(self, words, **known)

    # Their sound.

    def recording(self, call_id: str) -> Recording:
        """A call's recording, ready to be read; its bytes are not looked at.

        Raises `QaError` when it is not where it was, and those of `transcribe.audio.open_recording`.
        """
        from qa_audit.call_sound import recording_of

        return recording_of(self, call_id)

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
        from qa_audit.call_sound import clip_of

        return clip_of(self, call_id, start_s, end_s, beeps=beeps, place=place)

    def recordings_by_length(self) -> list[Path]:
        """Recordings that are there: longest call first, as the call list says, then the largest files."""
        from qa_audit.call_sound import recordings_by_length

        return recordings_by_length(self.database)

    # What people draw, hear and decide.

    @property
    def samples(self) -> SampleBook:
        """Which calls people hear: plans, draws, who hears what."""
        from qa_audit.sampling.book import SampleBook

        return SampleBook(self.database, self.calls, self.masker)

    def desk(self, who: str, calls: Sequence[str] | None = None, *, blind: bool = True) -> Desk:
        """Where the inspector `who` audits calls: these in this order, else those that chance gave them.

        Those are the draws in which something is left to hear, oldest first, and the newest handed out to
        them; where nothing was handed out, the newest month's scored calls. Unless `blind` is off, what the
        machine says of a call is hidden until it is handed in; where it is off, that is kept with every
        verdict. Raises `QaError` for an inspector without a name and for an unknown call.
        """
        from qa_audit.desks.sampled_desk import open_desk

        return open_desk(self, who, calls, blind=blind)

    def board(self, month: str | None = None, *, now: datetime | None = None) -> Board:
        """Each inspector's load, and what waits with its deadline, of draws of a month or of all."""
        from qa_audit.desks.board import read_board

        return read_board(self.database, self.samples, self.settings, month, now)

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

    @property
    def housekeeping(self) -> Housekeeping:
        """Archive, deletion and missing recordings."""
        from qa_audit.desks.housekeeping import Housekeeping

        return Housekeeping(self)

    # Months.

    def month(self, month: str) -> Month:
        """Figures of a month, as `estimation.month` defines them.

        Raises `QaError` for what is no month, and for a month without calls.
        """
        from qa_audit.months.scored_month import scored_month

        return scored_month(self, month)

    def people_judged(self, month: str) -> PeopleJudged:
        """What people judged of the calls of a month that they heard (`reports.people_judged`)."""
        from qa_audit.months.people_verdicts import people_judged

        return people_judged(self, month)

    def estimates(self, month: str) -> MonthEstimate:
        """Every agent's month by machine and people together (`estimation.difference`), from the drawn calls.

        Raises `QaError` `audited.no_draw` where no call of the month was drawn.
        """
        from qa_audit.months.audited_figures import estimates_of

        return estimates_of(self, month)

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
        from qa_audit.months.audited_figures import rule_quality_of

        return rule_quality_of(self, months)

    @cached_property
    def rule_status(self) -> RuleStatuses:
        """What rules may do: automatic, assisted or manual; promoting and demoting."""
        from qa_audit.desks.rule_status import RuleStatuses

        return RuleStatuses(self)

    def agreement(self, months: Sequence[str] | None = None) -> pl.DataFrame:
        """How far inspectors agree, item by item, on calls that two or more judged blind."""
        from qa_audit.months.audited_figures import agreement_of

        return agreement_of(self, months)

    def sameness(self, month: str) -> pl.DataFrame:
        """四个一样: scores under different conditions compared (`estimation.sameness.SAMENESS`)."""
        from qa_audit.months.service import sameness_of

        return sameness_of(self, month)

    def service_figures(self, month: str, complaints: pl.DataFrame | None = None) -> ServiceMonth:
        """Callbacks and service figures (`months.service.service_of`), complaints on record unless given."""
        from qa_audit.months.service import service_of

        return service_of(self, month, complaints)

    # What is handed on.

    def report(self, month: str, out: str | Path, *, formats: Collection[Format] | None = None) -> list[Path]:
        """Write a month into the folder `out`, in all `reports.FORMATS` or those given; the paths written."""
        from qa_audit.months.reported import write_report

        return write_report(self, month, out, formats)

    def report_context(self, month: str) -> ReportContext:
        """What a report says about how its figures were made."""
        from qa_audit.months.report_context import context_of

        return context_of(self, month)

    def bulletin(self, day: str | date | None = None, *, days: int = 1) -> Bulletin:
        """The bulletin of a day, or of `days` up to it; by default the latest with audits handed in.

        Raises `QaError`: `bulletin.no_audits`, `bulletin.bad_day`, `bulletin.bad_days`.
        """
        from qa_audit.months.reported import day_bulletin

        return day_bulletin(self, day, days)


def _absolute(path: str | Path) -> Path:
    return Path(path).expanduser().absolute()
