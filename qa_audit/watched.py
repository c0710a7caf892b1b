"""What a run leaves for those who watch over it: lines in a log, and metrics when it ends."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa_audit import __version__
from qa_audit.messages import QaError
from qa_audit.transcribe.journal import keeping, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_audit.outcomes import RunOutcome
    from qa_audit.workspace import Workspace


@contextmanager
def watched(workspace: Workspace) -> Iterator[None]:
    """Keep the log that the settings name while the block runs, and write the metrics however it ends."""
    chosen = workspace.settings.operations
    with keeping(None if chosen.log is None else workspace.folder / chosen.log):
        tell("run.started", version=__version__)
        try:
            yield
        except BaseException as fault:
            code = fault.code if isinstance(fault, QaError) else "unforeseen"
            tell("run.broken_off", failed=True, code=code)
            raise
        finally:
            if chosen.metrics is not None:
                from qa_audit.metrics import write_metrics

                write_metrics(workspace, workspace.folder / chosen.metrics)


def tell_end(outcome: RunOutcome) -> None:
    """Note what a run did."""
    made = outcome.transcribed
    tell(
        "run.ended",
        done=made.done,
        kept=made.kept,
        failed_recordings=len(made.failures),
        elsewhere=made.elsewhere,
        audio_s=round(made.audio_s, 3),
        spent_s=round(made.spent_s, 3),
        workers=made.workers,
        device=made.device,
        scored=outcome.scored.done,
    )
