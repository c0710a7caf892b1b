"""One folder, one department: settings, rubric, database, results. The Python face of qa-audit.

`qa_audit.open("demo")` gives a `Workspace`; `run()` brings it up to date, `month("2026-10")` returns its
figures as Polars frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.calls.importing import import_calls
from qa_audit.calls.query import calls_frame, facts_of
from qa_audit.estimation.month import agent_month, calls_of_month, item_month, team_month
from qa_audit.fixed_choices import FixedChoices, fix_choices, read_choices, write_choices
from qa_audit.messages import QaError
from qa_audit.outcomes import ImportOutcome, RunOutcome
from qa_audit.scoring.batch import ScoreJob, ScoreOutcome, findings_of, score_pending, scores_of
from qa_audit.scoring.frames import findings_key
from qa_audit.scoring.rubric_file import Rubric, built_in_rubric_text, load_rubric
from qa_audit.settings import RUBRIC_FILE, SETTINGS_FILE, Settings, read_settings, settings_text
from qa_audit.store.database import open_database
from qa_audit.store.files import remove_leftovers, write_text
from qa_audit.store.parts import UNDATED, part_months, read_part
from qa_audit.transcribe.frames import transcript_from
from qa_audit.transcribe.jobs import (
    TURNS,
    Job,
    TranscribeOutcome,
    failures_by_key,
    transcribe_pending,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine as Database

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
        engine: str | None = None,
        model: str | None = None,
        preset: str | None = None,
        agent_channel: str | None = None,
    ) -> Workspace:
        """Make a workspace: settings, a copy of the rubric, the database; engine, model and preset fixed.

        Sources given here are written into the settings as absolute paths. Raises `QaError` when the folder
        is a workspace already, cannot be written, or the model is not at hand; nothing is left behind then.
        """
        home = Path(folder).expanduser().absolute()
        if (home / SETTINGS_FILE).exists():
            raise QaError("workspace.exists", folder=home)
        sources = {"recordings": recordings, "call_list": call_list, "roster": roster}
        chosen = {"engine": engine, "model": model, "preset": preset, "agent_channel": agent_channel}
        text = settings_text(
            {
                "department": {"name": department},
                "sources": {name: path and Path(path).absolute() for name, path in sources.items()},
                "transcribe": chosen,
            }
        )
        settings = Settings.model_validate({"transcribe": {k: v for k, v in chosen.items() if v is not None}})
        choices = fix_choices(settings.transcribe)
        database = open_database(home / DATABASE_FILE)
        write_choices(database, choices)
        write_text(home / RUBRIC_FILE, built_in_rubric_text())
        # Last, since this file is what makes the folder a workspace.
        write_text(home / SETTINGS_FILE, text)
        database.dispose()
        return cls.open(home)

    @classmethod
    def open(cls, folder: str | Path) -> Workspace:
        """Open the workspace in `folder`; leftovers of runs that were killed are cleared away.

        Raises `QaError` for a folder without a workspace, settings with mistakes (all at once), or a
        transcription other than the one fixed when the workspace was made.
        """
        home = Path(folder).expanduser().absolute()
        if not (home / SETTINGS_FILE).is_file():
            raise QaError("workspace.not_found", folder=home)
        settings = read_settings(home / SETTINGS_FILE)
        workspace = cls(home, settings, open_database(home / DATABASE_FILE))
        read_choices(workspace.database, settings.transcribe, workspace.settings_file)
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
        """The workspace's rubric (`rubric.toml`), else the built-in one."""
        own = self.folder / RUBRIC_FILE
        return load_rubric(own if own.is_file() else None)

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
            )
        )

    def transcribe(self, *, month: str | None = None, limit: int | None = None) -> TranscribeOutcome:
        """Transcribe recordings that have no turns yet, at most `limit` of them."""
        jobs = list({job.key: job for job in self._jobs(month).values()}.values())
        return transcribe_pending(
            jobs, self.database, self.results, self.settings.transcribe, self.choices.digest, limit=limit
        )

    def score(self, *, month: str | None = None) -> ScoreOutcome:
        """Score calls that have turns but no findings under the present rubric and facts."""
        jobs, waiting = self._score_jobs(calls_frame(self.database, month))
        done, kept = score_pending(jobs, self.results, self.rubric)
        return ScoreOutcome(done, kept, waiting)

    def run(self, *, month: str | None = None, limit: int | None = None) -> RunOutcome:
        """Import, transcribe, score; whatever was done before is not done again."""
        imported = self.import_calls() if self.settings.sources.recordings else None
        transcribed = self.transcribe(month=month, limit=limit)
        return RunOutcome(imported, transcribed, self.score(month=month))

    def months(self) -> list[str]:
        """Months that have calls, in order."""
        starts = calls_frame(self.database)["start"].drop_nulls()
        return sorted(set(starts.dt.strftime("%Y-%m")))

    def calls(self, month: str) -> pl.DataFrame:
        """Calls of a month with their scores: the columns of `estimation.frames.CALLS` and what is known."""
        return self._scored(calls_frame(self.database, month))[0]

    def month(self, month: str) -> Month:
        """Figures of a month, as `estimation.month` defines them. Raises `QaError` for a month without calls."""
        known, jobs = self._scored(calls_frame(self.database, month))
        calls = calls_of_month(known, month)
        if calls.is_empty():
            raise QaError("workspace.empty_month", month=month, months=", ".join(self.months()) or "–")
        findings = findings_of(jobs, self.results)
        return Month(
            month,
            calls,
            findings,
            agent_month(calls, findings),
            team_month(calls, findings),
            item_month(calls, findings),
        )
