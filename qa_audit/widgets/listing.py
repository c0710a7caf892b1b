"""A list to choose from: sorted, searched and turned over by page in the browser, nothing fetched for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import polars as pl
from itables import JavascriptFunction
from itables.widget import ITable

from qa_audit.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 1_000
"""Rows that a list should have at most, for the browser gets all of them at once."""

_LANGUAGE = (
    *("search", "lengthMenu", "info", "infoEmpty", "infoFiltered", "zeroRecords", "emptyTable"),
    *("paginate.first", "paginate.previous", "paginate.next", "paginate.last"),
    *("aria.orderable", "aria.orderableReverse", "aria.orderableRemove", "aria.paginate.number"),
)
"""Texts of DataTables, by their place in its option `language`."""


_BY_KEYS = """function () {
    const table = this.api();
    const box = table.table().container();
    if (box.dataset.byKeys) return;
    box.dataset.byKeys = "true";
    const rows = () => table.rows({page: "current"}).nodes().toArray();
    const kept = KEPT;
    // One stop of Tab for the rows: where the focus is, else the chosen row, else the first.
    const stop = () => {
        const shown = rows();
        const chosen = shown.find((row) => row.classList.contains("selected"));
        const here = shown.find((row) => row === document.activeElement) ?? chosen ?? shown[0];
        for (const row of shown) {
            row.tabIndex = row === here ? 0 : -1;
            // Arrows would go on to the next cell; JupyterLab looks for this on what has the focus.
            row.dataset.lmSuppressShortcuts = "true";
        }
    };
    // DataTables would keep Tab within the rows of the last page.
    box.addEventListener("keydown", (event) => event.key === "Tab" && event.stopPropagation());
    box.addEventListener("focusin", (event) => {
        stop();
        kept.focus = event.target.matches("input[type=search]") ? "search" : rows().indexOf(event.target);
    });
    // Of a list that is taken away to be made anew the focus is kept.
    const left = () => box.isConnected && !box.contains(document.activeElement);
    box.addEventListener("focusout", () => setTimeout(() => left() && delete kept.focus));
    table.on("draw select deselect", stop);
    if ("focus" in kept) {
        setTimeout(() => {
            const search = box.querySelector("input[type=search]");
            (kept.focus === "search" ? search : rows()[kept.focus])?.focus();
            search.setSelectionRange(search.value.length, search.value.length);
        });
    }
}"""
"""What `select.keys` of DataTables (arrows move, Enter and Space choose) lacks; called whenever it draws."""

_KEPT = "((window.qaLists ??= {})[NAME] ??= {})"
"""What a list that is made anew with the same rows takes over: search, order and page, and the focus."""

SHORT = 6
"""Texts of no more characters, as names are, stay on one line."""


def short_columns(frame: pl.DataFrame) -> list[int]:
    """Places of the text columns whose cells are all short.

    >>> short_columns(pl.DataFrame({"姓名": ["刘晓燕"], "原话": ["您好，请问有什么事"], "得分": [91.5]}))
    [0]
    """
    return [
        place
        for place, column in enumerate(frame.iter_columns())
        if column.dtype == pl.String and (column.str.len_chars() <= SHORT).all()
    ]


class Listing:
    """One row is chosen by a click on it, or with arrows and Enter; `choose` is told the number of the row in
    the frame on show.

    Cells are shown as text, never as HTML. All rows go to the browser at once: see `MOST`.
    """

    def __init__(self, choose: Callable[[int], None], *, page_length: int = 10) -> None:
        self._choose = choose
        # Given again with every frame: the widget remembers none of them.
        self._options: dict[str, Any] = {
            "select": {"style": "single", "keys": True},
            "text_in_header_can_be_selected": False,  # a click on all of a heading sorts
            "stateSave": True,
            # DataTables knows more options than itables has written down.
            "warn_on_undocumented_option": False,
            "language": _texts(),
            "layout": {"topStart": None, "topEnd": "search", "bottomStart": "info", "bottomEnd": "paging"},
            "pageLength": page_length,
            "showIndex": False,
            "show_dtypes": False,
            "maxBytes": 0,
            "classes": "display compact",
            "style": {"width": "100%", "margin": "0"},
        }
        self._rows = uuid4().hex
        nothing = pl.DataFrame({"": pl.Series([], dtype=pl.String)})
        self.widget = ITable(nothing, **self._options, **self._keeping())
        self.widget.observe(self._chosen, "selected_rows")

    def show(self, frame: pl.DataFrame, *, same_rows: bool = False) -> None:
        """Show the rows of a frame, its columns under their names; none is chosen then.

        With `same_rows`, those on show with other figures, the choice stays, and so do the search, the
        order, the page and the focus in the browser.
        """
        chosen = self.widget.selected_rows if same_rows else []
        if not same_rows:
            self._rows = uuid4().hex
        self.widget.unobserve(self._chosen, "selected_rows")
        whole = [{"targets": short_columns(frame), "className": "dt-nowrap"}]
        self.widget.update(frame, selected_rows=chosen, columnDefs=whole, **self._options, **self._keeping())
        self.widget.observe(self._chosen, "selected_rows")

    def _keeping(self) -> dict[str, Any]:
        """Functions of the browser that keep what the reader did to the rows on show."""
        kept = _KEPT.replace("NAME", f'"{self._rows}"')
        return {
            # Its `initComplete` itables leaves as text.
            "drawCallback": JavascriptFunction(_BY_KEYS.replace("KEPT", kept)),
            # The choice is told by Python; kept here it would be looked for by ids that rows don't have.
            "stateSaveCallback": JavascriptFunction(
                f"function (_, {{select, ...state}}) {{ {kept}.state = state; }}"
            ),
            "stateLoadCallback": JavascriptFunction(f"function () {{ return {kept}.state ?? null; }}"),
        }

    @property
    def frame(self) -> pl.DataFrame:
        """What is on show."""
        shown = self.widget.df
        assert isinstance(shown, pl.DataFrame)
        return shown

    @property
    def chosen(self) -> int | None:
        """Number of the row that is chosen."""
        return next(iter(self.widget.selected_rows), None)

    @chosen.setter
    def chosen(self, row: int | None) -> None:
        self.widget.selected_rows = [] if row is None else [row]

    def _chosen(self, _change: Any = None) -> None:
        if self.chosen is not None:
            self._choose(self.chosen)


def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = {"select": {"rows": ""}}
    for name in _LANGUAGE:
        *outer, last = name.split(".")
        place = texts
        for part in outer:
            place = place.setdefault(part, {})
        place[last] = say(f"widget.list.{name}")
    return texts
