"""The book of months: pay figures, who agreed to them, months closed, reopened, computed again, exported."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from qa_audit.audit.appeal import open_appeals_of_month
from qa_audit.audit.scores import events_frame
from qa_audit.calls.query import calls_frame
from qa_audit.closing.figures import month_figures
from qa_audit.closing.filing import filed, inputs_of, json_bytes, read_json
from qa_audit.closing.folder import FIGURES_FILE, sealed, write_folder
from qa_audit.closing.ledger import Ledger
from qa_audit.closing.printed import differences, printed
from qa_audit.closing.recompute import Recomputed, recompute
from qa_audit.closing.state import STATE_FILE, state_bytes
from qa_audit.estimation.agent_names import agent_names
from qa_audit.estimation.audited import assigned_calls, unjudged_items
from qa_audit.messages import QaError, language, say
from qa_audit.months.closed_report import filed_report
from qa_audit.months.exported import exported
from qa_audit.months.frozen_people import framed_people, frozen_people
from qa_audit.months.sources import MonthSources, framed_calls
from qa_audit.months.state import (
    MonthState,
    called,
    changes_since,
    open_audits,
    printed_figures,
    unconfirmed,
)
from qa_audit.sampling.frame import agent_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from qa_audit.audit.appeal import Appeal
    from qa_audit.closing.figures import MonthFigures
    from qa_audit.closing.ledger import Closing, Confirmation
    from qa_audit.estimation.audited import Samples
    from qa_audit.workspace import Workspace

_SHOWN = 5
"""So many agents or draws are named in a message."""


class Told(NamedTuple):
    """A month's figures, and where they come from."""

    figures: MonthFigures
    closed: Closing | None
    """The version in force; None where the month is open."""
    provenance: Sequence[Mapping[str, Any]]
    """As `months.past.Past`."""
    unjudged: Mapping[str, int]
    """Of an open month, as `audited.unjudged_items`, by the items' names."""


@dataclass(frozen=True, slots=True)
class MonthBook:
    """Months of a workspace."""

    workspace: Workspace

    @property
    def ledger(self) -> Ledger:
        """What was decided about months."""
        return Ledger(self.workspace.database)

    def open_appeals(self, month: str) -> list[str]:
        """Appeals on calls of the month that nobody has decided yet: number, call and item."""
        return [f"#{one.appeal_id} {one.call_id} {one.item}" for one in self._open_appeals(month)]

    def figures(self, month: str) -> MonthFigures:
        """The figures of a month: as closed, or of an open one as they are now; errors as `told`."""
        return self.told(month).figures

    def told(self, month: str) -> Told:
        """The figures with where they come from.

        Raises `QaError` `audited.no_draw`, and `closing.damaged` for a closed month that was tampered with.
        """
        closing = self.ledger.closed(month)
        if closing is not None:
            files = self.ledger.files(closing)
            provenance = read_json(files, "about.json")["months_before"]
            return Told(month_figures(inputs_of(files)), closing, provenance, {})
        sources = MonthSources.read(self.workspace, self.ledger, month)
        unjudged = self._unjudged(sources)
        return Told(month_figures(sources.inputs), None, sources.past.provenance, unjudged)

    def confirm(
        self,
        month: str,
        agents: Collection[str] | None,
        who: str,
        *,
        agreed: bool = True,
        note: str | None = None,
        seen: Mapping[str, str] | None = None,
    ) -> list[Confirmation]:
        """Keep that agents (names, numbers, ids or keys; None: all) agree to their figures of an open month.

        Each row holds the figure as it is printed now: where it changes, it wants a new confirmation. `seen`
        are the printed figures by key that whoever confirms all has before them.

        Raises `QaError` `closing.unknown_agent`, `closing.no_figure`, `closing.other_figures` where they are
        not the figures of now, and as `Ledger.confirm`.
        """
        self.ledger.refuse_closed(month)  # before anything is said of agents
        known = printed_figures(self.figures(month))
        if seen is not None and dict(seen) != dict(known):
            raise QaError("closing.other_figures", month=month, what=_few(self._other(month, seen, known)))
        if agents is None:
            return self.ledger.confirm(month, known, who, agreed=agreed, note=note)
        keys = [self.agent_of(month, one) for one in agents]
        for agent, key in zip(agents, keys, strict=True):
            if key not in known:
                raise QaError("closing.no_figure", agent=agent, month=month)
        return self.ledger.confirm(month, {key: known[key] for key in keys}, who, agreed=agreed, note=note)

    def close(
        self, month: str, who: str, *, leave_open: str | None = None, without_word: str | None = None
    ) -> Closing:
        """Close a month: its figures and all they were made from are kept for ever.

        `leave_open` is the reason why calls that nobody handed in stay unheard, `without_word` the reason why
        agents did not confirm; both are kept.

        Raises `QaError`: `closing.closed`, `closing.draw_wrong`, `closing.not_handed_out`,
        `closing.audits_open`, `closing.appeals_open`, `closing.unconfirmed`, `closing.call_in_two_months`,
        `closing.items_unjudged` where items were added to the rubric after calls were handed in,
        `closing.not_the_same` where the files do not give the figures again, `closing.words_changed` where an
        agent's word came in meanwhile.
        """
        self.ledger.refuse_closed(month)
        head = self.workspace.head  # before anything is read: all that it stands for is in the files
        appeals = self._appeals_named(month)
        sources = MonthSources.read(self.workspace, self.ledger, month)
        self._check_draws(month, sources.inputs.samples)
        left = open_audits(assigned_calls(sources.inputs.samples, month), sources.inputs.sheets)
        if left and not (leave_open or "").strip():
            names = "、".join(f"{one.inspector} {one.calls}" for one in left)
            raise QaError("closing.audits_open", month=month, names=names)
        _refuse_open(month, appeals)
        if unjudged := self._unjudged(sources):
            names = say("run.list_comma").join(unjudged)
            raise QaError("closing.items_unjudged", month=month, items=names, count=max(unjudged.values()))
        figures = month_figures(sources.inputs)
        confirmed = self.ledger.confirmations(month)
        missing = unconfirmed(printed_figures(figures), confirmed)
        if missing and not (without_word or "").strip():
            names = self.names(month)
            told = _few([called(one, names) for one in missing])
            raise QaError("closing.unconfirmed", month=month, count=len(missing), names=told)
        files = filed(
            sources.filed(),
            version=1 + max((one.version for one in self.ledger.history(month)), default=0),
            chain_head=str(head),
            left_open={"reason": leave_open, "audits": [asdict(one) for one in left]} if left else None,
        )
        words = {agent: asdict(one) for agent, one in sorted(confirmed.items())}
        files["confirmations.json"] = json_bytes(
            {"words": words, "missing": missing, "reason": without_word if missing else None}
        )
        files |= filed_report(self.workspace, month, figures, sources.scored)
        files[FIGURES_FILE] = json_bytes(printed(figures))
        files[STATE_FILE] = state_bytes(figures)
        whole = sealed(files)
        # What is kept must give these figures by itself, and not only together with the workspace.
        again = differences(printed(figures), printed(month_figures(inputs_of(whole))))
        if again:
            raise QaError("closing.not_the_same", month=month, what=_few([one[0] for one in again]))

        def check() -> None:
            _refuse_open(month, self._appeals_named(month))
            if self.ledger.confirmations(month) != confirmed:
                raise QaError("closing.words_changed", month=month)

        return self.ledger.close(month, whole, who, check=check)

    def reopen(self, month: str, who: str, reason: str) -> Closing:
        """Open a closed month again; its version stays, the next closing makes another.

        Raises `QaError` as `Ledger.reopen`.
        """
        return self.ledger.reopen(month, who, reason)

    def recompute(self, month: str, version: int | None = None) -> Recomputed:
        """Compute a closed month again from what was kept of it.

        Raises `QaError` `closing.not_closed`, `closing.damaged`.
        """
        return recompute(self.ledger.files(self.ledger.version(month, version)))

    def export(self, month: str, folder: str | Path, version: int | None = None) -> list[Path]:
        """Write a closed month as plain files into a new folder; the paths written.

        Words that people wrote are a file of their own beside the sealed ones, masked for whoever may not
        take customers' data out; a version that holds them itself is written without them then.

        Raises `QaError` `closing.not_closed`, `closing.folder_used`, `closing.damaged`.
        """
        files = self.ledger.files(self.ledger.version(month, version))
        return write_folder(exported(self.workspace, files), Path(folder))

    def state(self, month: str) -> MonthState:
        """How far a month is. Raises `QaError` `audited.no_draw`."""
        ledger, workspace = self.ledger, self.workspace
        closing = ledger.closed(month)
        sources = MonthSources.read(workspace, ledger, month)
        figures = month_figures(sources.inputs)
        known = printed_figures(figures)
        changes = []
        if closing is not None:
            framed = framed_calls(sources.inputs.samples, month)
            came = calls_frame(workspace.database, month).filter(~pl.col("call_id").is_in(framed.implode()))
            drawn = workspace.samples.sample(month)["call_id"].unique()
            events = events_frame(workspace.database, drawn)
            filed_then, names = ledger.files(closing), self.names(month)
            changes = changes_since(filed_then, sources.inputs, figures, events, came.height, names=names)
        return MonthState(
            month,
            ledger.history(month),
            closing,
            len(known),
            open_audits(assigned_calls(sources.inputs.samples, month), sources.inputs.sheets),
            self.open_appeals(month),
            [] if closing else unconfirmed(known, ledger.confirmations(month)),
            changes,
            {} if closing else self._unjudged(sources),
        )

    def agent_of(self, month: str, agent: str) -> str:
        """The key of an agent of the month, given by key, number, name or person, frozen or as known now.

        Raises `QaError` `closing.unknown_agent`, also where a name is that of two.
        """
        framed = framed_people(self.workspace.samples, month)
        keys = set(framed["agent"])
        if agent in keys:
            return agent
        then = pl.any_horizontal(pl.col("agent_no", "agent_name") == agent).fill_null(False)
        calls = calls_frame(self.workspace.database, month)
        now = pl.any_horizontal(pl.col("person_id", "agent_no", "agent_name") == agent).fill_null(False)
        known = frozen_people(framed, calls).with_columns(agent_key()).filter(calls.select(now).to_series())
        found = set(framed.filter(then)["agent"]) | (set(known["agent"].drop_nulls()) & keys)
        if len(found) != 1:
            raise QaError("closing.unknown_agent", agent=agent, month=month, found=len(found))
        return found.pop()

    def names(self, month: str) -> dict[str, str]:
        """Number and name of the agents of a month by key (`estimation.agent_names`), frozen where drawn."""
        framed = framed_people(self.workspace.samples, month)
        return agent_names(frozen_people(framed, calls_frame(self.workspace.database, month)))

    def _unjudged(self, sources: MonthSources) -> dict[str, int]:
        """As `audited.unjudged_items`, by the items' names."""
        inputs, lang = sources.inputs, language()
        found = unjudged_items(assigned_calls(inputs.samples, inputs.month), inputs.sheets)
        return {self.workspace.rubric.name_of(item, lang): calls for item, calls in found.items()}

    def _appeals_named(self, month: str) -> list[str]:
        """As `open_appeals`, with the item's name."""
        rubric, lang = self.workspace.rubric, language()
        found = self._open_appeals(month)
        return [f"#{one.appeal_id} {one.call_id} {rubric.name_of(one.item, lang)}" for one in found]

    def _open_appeals(self, month: str) -> list[Appeal]:
        samples = self.workspace.samples
        return open_appeals_of_month(self.workspace.database, month, lambda: framed_calls(samples, month))

    def _other(self, month: str, seen: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
        """Who has another figure now than was seen, with both."""
        names = self.names(month)
        return [
            say(
                "closing.other_figure",
                agent=called(key, names),
                before=seen.get(key, "–"),
                now=known.get(key, "–"),
            )
            for key in sorted(seen.keys() | known.keys())
            if seen.get(key) != known.get(key)
        ]

    def _check_draws(self, month: str, asked: Samples) -> None:
        samples = self.workspace.samples
        draw_ids: list[int] = samples.sample(month)["draw_id"].unique().sort().to_list()
        for draw_id in draw_ids:
            for one in samples.verify(draw_id):
                if one.failed:
                    wrong = "; ".join(str(finding) for finding in one.findings if finding.wrong)
                    raise QaError("closing.draw_wrong", draw=draw_id, what=wrong)
            if not samples.assignments(draw_id):
                raise QaError("closing.not_handed_out", draw=draw_id, month=month)
        mine = framed_calls(asked, month)
        for other in self.workspace.months():
            if other == month:
                continue
            theirs = framed_calls(samples, other)
            both = mine.filter(mine.is_in(theirs.implode())).sort()
            if both.len():
                raise QaError(
                    "closing.call_in_two_months", call=both[0], count=both.len(), month=month, other=other
                )


def _refuse_open(month: str, appeals: Sequence[str]) -> None:
    if appeals:
        raise QaError("closing.appeals_open", month=month, count=len(appeals), names=_few(appeals))


def _few(names: Sequence[Any]) -> str:
    return "、".join(map(str, names[:_SHOWN])) + ("…" if len(names) > _SHOWN else "")
