"""A list that gets other figures while it is read stays as the reader left it."""

import json

from tests.browser.lab_server import NOTEBOOKS
from tests.browser.test_first_look import ROWS

SOURCE = """import polars as pl
from qa_audit.widgets.listing import Listing

def agents(score, letter="A"):
    names = [f"{letter}{n:02d}" for n in range(40)]
    return pl.DataFrame({"员工": names, "得分": [score + n for n in range(40)]})

listing = Listing(print)
listing.show(agents(0))
listing.widget"""
RUN = """async (code) => {
    const {kernel} = window.jupyterapp.shell.currentWidget.sessionContext.session;
    await kernel.requestExecute({code, silent: true}).done;
}"""
SEARCH = ".dt-search input"


def test_search_order_choice_and_focus_outlast_new_figures_but_not_new_rows(open_lab, lab):
    notebook = json.loads((NOTEBOOKS / "01_first_look.ipynb").read_text("utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    notebook["cells"] = [code | {"source": SOURCE}]
    (lab.folder / "listing.ipynb").write_text(json.dumps(notebook), "utf-8")
    page = open_lab.run("listing.ipynb")
    page.wait_for_selector(ROWS, timeout=60_000)
    for order in ("ascending", "descending"):
        page.locator("th", has_text="得分").click()
        page.wait_for_selector(f"th[aria-sort={order}]")
    page.locator(SEARCH).focus()
    page.keyboard.type("A1")
    first = page.locator(ROWS).first
    first.filter(has_text="A19").wait_for()
    page.evaluate(RUN, "listing.show(agents(200), same_rows=True)")
    first.filter(has_text="219").wait_for()
    assert page.locator(SEARCH).input_value() == "A1"
    page.wait_for_function(f"() => document.activeElement.matches('{SEARCH}')")
    # What is typed meanwhile goes on where it was.
    page.keyboard.type("4")
    first.filter(has_text="A14").wait_for()
    first.click()
    page.wait_for_function("() => document.activeElement.matches('tr.selected')")
    page.evaluate(RUN, "listing.show(agents(400), same_rows=True)")
    first.filter(has_text="414").wait_for()
    page.wait_for_function("() => document.activeElement.matches('tr.selected')")
    assert "A14" in page.evaluate("() => document.activeElement.innerText")
    page.evaluate(RUN, "listing.show(agents(0, 'B'))")
    first.filter(has_text="B00").wait_for()
    assert page.locator(SEARCH).input_value() == ""
    assert page.locator("tr.selected").count() == 0
