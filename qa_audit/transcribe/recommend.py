"""What this machine manages with each model at hand, and which one fits a load: `models recommend`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from qa_audit.console import table
from qa_audit.messages import QaError, say
from qa_audit.progress import track
from qa_audit.transcribe.ct2_engine import installed
from qa_audit.transcribe.jobs import workers_for
from qa_audit.transcribe.presets import PRESETS
from qa_audit.transcribe.settings import ENGINES, TranscribeSettings
from qa_audit.transcribe.trial import Trial, trials_of
from qa_audit.transcribe.trial_call import SPEECH_SHARE, TrialCall
from qa_audit.transcribe.weights import available_models
from qa_audit.transcribe.worker_count import THREADS_EACH, cores_here

SPARE = 1 / 3
"""Of what a machine manages, left free for days with more calls and for other work."""
BUSY = 0.5
"""From this load of a core on a machine is not idle enough to be measured."""
MANY = 1_000_000
"""Recordings wait: workers are as many as the machine allows."""
# From the least to the most faithful; the turbo model is about as good as large-v2 (openai/whisper, README).
MODELS = ("tiny", "base", "small", "medium", "large-v1", "large-v3-turbo", "large-v2", "large-v3")

Try = Callable[[TranscribeSettings, Sequence[str], TrialCall, int], list[Trial]]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What was tried, what came of it, and what fits."""

    trials: tuple[Trial, ...]
    failures: tuple[tuple[str, str, QaError], ...]
    """(engine, model, why it could not be tried)."""
    call: TrialCall
    workers: int
    """So many a run would start."""
    threads: int
    """Of each; 0 leaves it to the engine."""
    wanted_hours: float | None
    load: float = 0.0
    """Processes that wanted a core in the minute before."""

    @property
    def recommended(self) -> Trial | None:
        """The most faithful that manages the wanted hours, `SPARE` left free; None without a wish."""
        return None if self.wanted_hours is None else choose(self.trials, self.wanted_hours)

    @property
    def failed(self) -> bool:
        """Could something not be tried?"""
        return bool(self.failures)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        chosen = self.recommended
        return {
            "machine": {
                "cores": cores_here(),
                "workers": self.workers,
                "threads_each": self.threads,
                "load_before": self.load,
            },
            "speech": {"source": self.call.source, "speech_s": self.call.speech_s},
            "assumptions": {"speech_share_of_a_channel": SPEECH_SHARE, "channels": 2, "spare": SPARE},
            "trials": [asdict(trial) for trial in self.trials],
            "failures": [
                {"engine": engine, "model": model, "error": {"code": error.code, "message": str(error)}}
                for engine, model, error in self.failures
            ],
            "wanted_hours_per_day": self.wanted_hours,
            "recommended": None if chosen is None else asdict(chosen),
        }

    def __str__(self) -> str:
        chosen = self.recommended
        names = ("engine", "model", "preset", "workers", "rtf", "hours", "memory", "use")
        rows = [
            (
                trial.engine,
                trial.model,
                trial.preset,
                trial.workers,
                f"{trial.rtf:.3f}",
                f"{trial.hours_per_day:.0f}",
                f"{trial.memory_bytes / 1e9:.1f} GB",
                say("recommend.mark") if trial == chosen else "",
            )
            for trial in self.trials
        ]
        lines = [
            say("recommend.tried", seconds=f"{self.call.speech_s:.0f}", source=self.call.source),
            table([say(f"recommend.column.{name}") for name in names], rows, right=(3, 4, 5, 6)),
            say("recommend.assumed", share=f"{SPEECH_SHARE:.0%}"),
        ]
        if self.load > BUSY * cores_here():
            lines.append(say("recommend.busy", load=f"{self.load:.1f}", cores=cores_here()))
        lines += [
            say("recommend.fewer", model=trial.model, fit=trial.workers, workers=self.workers)
            for trial in _first_of_each_model(self.trials)
            if trial.workers < self.workers
        ]
        lines += [
            say("recommend.not_tried", engine=engine, model=model, reason=error)
            for engine, model, error in self.failures
        ]
        return "\n".join([*lines, *self._advice()])

    def _advice(self) -> list[str]:
        if self.wanted_hours is None or not self.trials:
            return []
        wanted = f"{self.wanted_hours:g}"
        chosen = self.recommended
        if chosen is None:
            most = max(trial.hours_per_day for trial in self.trials)
            return [say("recommend.none", wanted=wanted, most=f"{most * (1 - SPARE):.0f}")]
        return [
            say(
                "recommend.use",
                wanted=wanted,
                engine=chosen.engine,
                model=chosen.model,
                preset=chosen.preset,
                hours=f"{chosen.hours_per_day:.0f}",
            )
        ]


def choose(trials: Iterable[Trial], wanted_hours: float) -> Trial | None:
    """The most faithful that manages so many hours a day with `SPARE` left free; of equals the fastest.

    A larger model goes before a more careful preset. None when nothing is fast enough.

    >>> slow = Trial("ctranslate2", "base", "careful", 2, 0.2, 90.0, 1)
    >>> choose([slow], 60.0) is slow, choose([slow], 61.0)
    (True, None)
    """
    enough = [trial for trial in trials if trial.hours_per_day * (1 - SPARE) >= wanted_hours]
    return max(enough, key=_faithfulness, default=None)


def _faithfulness(trial: Trial) -> tuple[int, int, float]:
    model = MODELS.index(trial.model) if trial.model in MODELS else len(MODELS)
    return model, list(PRESETS[trial.engine]).index(trial.preset), trial.hours_per_day


def recommend(
    settings: TranscribeSettings,
    call: TrialCall,
    wanted_hours: float | None = None,
    *,
    models: Mapping[str, str | None] | None = None,
    engines: Sequence[str] | None = None,
    try_model: Try = trials_of,
) -> Recommendation:
    """Try every model at hand with every engine and preset; what cannot be tried is told and left out.

    `settings` say what a run would use besides: threads, workers, how speech is found. `models`: name and
    path of the weights, where they are given; by default what `models_at_hand` finds.

    Raises `QaError("recommend.no_model")` when there are no weights at all.
    """
    models = models_at_hand(settings) if models is None else models
    engines = engines_here() if engines is None else engines
    if not models:
        raise QaError("recommend.no_model")
    workers = workers_for(settings, settings.workers, MANY)
    threads = settings.threads or THREADS_EACH
    load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0
    trials: list[Trial] = []
    failures: list[tuple[str, str, QaError]] = []
    pairs = [(engine, model) for model in models for engine in engines]
    for engine, model in track(pairs, label=say("recommend.progress"), total=len(pairs)):
        change = {"engine": engine, "model": model, "weights": models[model], "threads": threads}
        try:
            trials += try_model(settings.model_copy(update=change), list(PRESETS[engine]), call, workers)
        except QaError as error:
            failures.append((engine, model, error))
    return Recommendation(tuple(trials), tuple(failures), call, workers, threads, wanted_hours, load)


def engines_here() -> list[str]:
    """Engines that are installed."""
    return [engine for engine in ENGINES if engine != "ctranslate2" or installed()]


def models_at_hand(settings: TranscribeSettings) -> dict[str, str | None]:
    """Models whose weights are found, with the path that the settings name for theirs, smallest first."""
    found: dict[str, str | None] = {place.model: None for place in available_models() if place.chosen}
    if settings.weights and any(row.chosen for row in available_models(settings.weights, settings.model)):
        found[settings.model] = settings.weights
    return found


def _first_of_each_model(trials: Sequence[Trial]) -> Iterable[Trial]:
    return {(trial.engine, trial.model): trial for trial in reversed(trials)}.values()
