"""How a workspace does, as a Prometheus text file for the textfile collector of node_exporter.

Numbers, states and codes only: no name, no path, nothing that was said. Source of the form:
https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from qa_audit import __version__
from qa_audit.backup import last_backup_at
from qa_audit.store import schema
from qa_audit.store.database import reading
from qa_audit.store.files import write_text
from qa_audit.store.moments import stored_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from qa_audit.status import Status
    from qa_audit.workspace import Workspace

PREFIX = "qa_audit_"


@dataclass(frozen=True, slots=True)
class Metric:
    """One measured thing with a value for each set of labels."""

    name: str
    """Without `PREFIX`; ends with its unit."""
    help: str
    samples: tuple[tuple[Mapping[str, str], float], ...]
    kind: str = "gauge"

    def __str__(self) -> str:
        name = PREFIX + self.name
        head = [f"# HELP {name} {self.help}", f"# TYPE {name} {self.kind}"]
        return "\n".join([*head, *(f"{name}{_labels(labels)} {value!r}" for labels, value in self.samples)])


def metrics_text(workspace: Workspace, *, now: datetime | None = None) -> str:
    """All metrics of a workspace in Prometheus's text form; those without a value yet are left out."""
    found = measured(workspace, (now or datetime.now(UTC)).astimezone(UTC))
    return "".join(f"{one}\n" for one in found if one.samples)


def metrics_json(workspace: Workspace, *, now: datetime | None = None) -> dict[str, Any]:
    """For scripts: the values of each metric with their labels."""
    found = measured(workspace, (now or datetime.now(UTC)).astimezone(UTC))
    return {
        PREFIX + one.name: [{**labels, "value": value} for labels, value in one.samples]
        for one in found
        if one.samples
    }


def write_metrics(workspace: Workspace, path: Path) -> None:
    """Write them, so that a reader sees the former file or the new one; readable by other programs."""
    write_text(path, metrics_text(workspace))
    path.chmod(0o644)


def measured(workspace: Workspace, now: datetime) -> Iterable[Metric]:
    """Every metric, in order; `now` in UTC."""
    status = workspace.status()
    total = status.total
    yield Metric(
        "info",
        "Version of qa-audit, engine and model.",
        (
            (
                {
                    "version": __version__,
                    "engine": workspace.choices.engine,
                    "model": workspace.choices.model,
                },
                1,
            ),
        ),
    )
    states = ("done", "waiting", "running", "failed")
    yield Metric(
        "recordings",
        "Recordings of calls by state of their transcription.",
        tuple(({"state": state}, getattr(total, state)) for state in states),
    )
    yield Metric(
        "audio_seconds",
        "Audio transcribed, and left to transcribe.",
        (({"state": "done"}, round(total.done_s, 3)), ({"state": "left"}, round(total.left_s, 3))),
    )
    yield _plain(
        "transcription_real_time_factor_ratio",
        "Seconds of work a second of audio over the last day, all workers together.",
        1 / status.speed if status.speed else None,
    )
    yield _plain(
        "queue_oldest_age_seconds",
        "Time since the recording that has waited longest was imported; 0 when none waits.",
        max(0.0, (stored_moment(now) - since).total_seconds()) if (since := status.waiting_since) else 0.0,
    )
    yield Metric("faults", "Recordings that could not be transcribed, by reason.", _faults(status))
    yield Metric("disk_free_bytes", "Free space.", tuple(_free(workspace)))
    backup = last_backup_at(workspace.folder)
    yield _plain(
        "last_backup_age_seconds",
        "Time since the last backup was made; absent when there was none.",
        None if backup is None else max(0.0, (now - backup).total_seconds()),
    )
    with reading(workspace.database) as connection:
        events = connection.execute(select(func.count()).select_from(schema.audit_events)).scalar_one()
        done_at = connection.execute(
            select(func.max(schema.jobs.c.finished_at)).where(schema.jobs.c.state == "done")
        ).scalar()
    yield Metric("events_total", "Actions of inspectors that were kept.", (({}, events),), "counter")
    yield _plain(
        "last_transcribed_timestamp_seconds",
        "When the last recording was done, seconds since 1970.",
        None if done_at is None else done_at.replace(tzinfo=UTC).timestamp(),
    )
    yield _plain("written_timestamp_seconds", "When this was measured, seconds since 1970.", now.timestamp())


def _plain(name: str, text: str, value: float | None) -> Metric:
    return Metric(name, text, () if value is None else (({}, round(value, 6)),))


def _faults(status: Status) -> tuple[tuple[Mapping[str, str], float], ...]:
    counts = Counter(one.error.code for one in status.failures)
    return tuple(({"code": code}, count) for code, count in sorted(counts.items()))


def _free(workspace: Workspace) -> Iterable[tuple[Mapping[str, str], float]]:
    yield {"of": "workspace"}, shutil.disk_usage(workspace.folder).free
    archive = workspace.settings.retention.archive
    if archive and (folder := workspace.folder / archive).is_dir():
        yield {"of": "archive"}, shutil.disk_usage(folder).free


def _labels(labels: Mapping[str, str]) -> str:
    r"""Labels in braces, their values escaped as the format wants it.

    >>> _labels({"code": 'a"b\\c'}), _labels({})
    ('{code="a\\"b\\\\c"}', '')
    """
    if not labels:
        return ""

    def escaped(value: str) -> str:
        return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

    return "{" + ",".join(f'{name}="{escaped(value)}"' for name, value in labels.items()) + "}"
