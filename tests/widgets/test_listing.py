import polars as pl

from qa_audit.messages import speaking
from qa_audit.widgets.listing import Listing

ROWS = pl.DataFrame({"员工": ["王磊", "<b>赵</b>"], "得分": [91.5, None]})


def test_the_row_that_is_clicked_is_told_and_new_rows_choose_nothing():
    told = []
    listing = Listing(told.append)
    listing.show(ROWS)
    listing.widget.selected_rows = [1]
    assert (told, listing.chosen) == ([1], 1)
    listing.show(ROWS.head(1))
    assert (told, listing.chosen) == ([1], None)
    listing.chosen = 0
    assert told == [1, 0]
    listing.chosen = None
    assert told == [1, 0]


def test_other_figures_of_the_same_rows_leave_the_choice_and_ask_for_nothing():
    told = []
    listing = Listing(told.append)
    listing.show(ROWS)
    listing.chosen = 1
    listing.show(ROWS.with_columns(得分=80.5), same_rows=True)
    assert (told, listing.chosen) == ([1], 1)
    assert listing.frame["得分"].to_list() == [80.5, 80.5]
    listing.show(ROWS)
    assert listing.chosen is None


def test_rows_are_chosen_by_keys_as_well_with_each_frame():
    listing = Listing(print)
    listing.show(ROWS)
    sent = listing.widget._dt_args
    assert sent["select"] == {"style": "single", "keys": True}
    assert ["drawCallback"] in sent["keys_to_be_evaluated"]


def test_texts_are_escaped_and_in_the_language_in_force():
    with speaking("zh"):
        listing = Listing(print)
    listing.show(ROWS)
    sent = listing.widget._dt_args
    assert "&lt;b&gt;" in sent["data_json"]
    assert sent["language"]["search"] == "查找："
    assert sent["language"]["paginate"]["next"] == "下一页"
    assert sent["language"]["select"] == {"rows": ""}
    assert "itables-dtype" not in sent["table_html"]


def test_all_rows_are_sent():
    listing = Listing(print)
    many = pl.DataFrame({"原话": [f"没有听到：请问还有什么可以帮您 {n}" for n in range(1_000)]})
    listing.show(many)
    assert "filtered_row_count" not in listing.widget._dt_args
    assert listing.widget._dt_args["data_json"].count("[") == 1_001


def test_nothing_is_fetched_for_it():
    # The whole of DataTables lies in the package, and its script imports nothing.
    script = Listing(print).widget._esm
    assert "datatables.net/select" in script or "DataTable" in script
    assert 'from "http' not in script
    assert 'import("http' not in script
    assert "@import" not in Listing(print).widget._css
