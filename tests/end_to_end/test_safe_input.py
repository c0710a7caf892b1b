"""Names, numbers and words made to do harm: text in every export and panel, no file outside its folder."""

import csv
import re
from datetime import datetime, timedelta
from pathlib import Path

import ipywidgets
import numpy as np
import openpyxl
import pytest
import soundfile

from qa_audit.audit.actions import Fault, GiveVerdict, HandIn, PassRest, WriteComment
from qa_audit.audit.events import append
from qa_audit.calls.query import calls_frame, month_of
from qa_audit.messages import speaking
from qa_audit.pipeline import turns_key
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.store.parts import write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.turns import Transcript
from qa_audit.widgets.appeals import AppealsPanel
from qa_audit.widgets.day_bulletin import DayBulletin
from qa_audit.widgets.differences import Differences
from qa_audit.widgets.first_look import FirstLook
from qa_audit.widgets.monthly_scores import MonthlyScores
from qa_audit.widgets.settling import Settling
from qa_audit.widgets.trainer_review import TrainerReview
from qa_audit.workspace import Workspace
from tests.closing.made_workspace import draw

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
AGENTS = (
    ("=1+1", SCRIPT, "+cmd|' /C calc'!A0"),
    ("CON", "@SUM(A1:A9)", "-2+3"),
    ("../../../outside", f"{OVERRIDE}cod.exe", "＝1+1"),
    ("8" * 300, "＠SUM(A1)", "/etc/cron.d"),
)
WORDS = f'=HYPERLINK("http://x.invalid","点"){SCRIPT}'
MONTH, CALLS = "2026-10", 4
WRITES_HTML = re.compile(r"(inner|outer|insertAdjacent)HTML|document\.write|ContextualFragment|\beval\(")
DANGEROUS = tuple("=+-@＝＋－＠\t\r")
RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A month of such agents, all of it heard by an inspector of such a name."""
    home = tmp_path_factory.mktemp("hostile")
    recordings = home / "inside" / "录音"
    recordings.mkdir(parents=True)
    rows = [("呼叫流水号", "开始时间", "坐席工号", "坐席姓名", "班组", "录音文件")]
    for place, agent in enumerate(AGENTS):
        for at in range(CALLS):
            call = f"{'=-+@'[at]}c{place}{at}"
            name = f"c{place}{at}.wav"
            start = datetime(2026, 10, 1, 9) + timedelta(days=at * 2, minutes=place)
            rows.append((call, f"{start:%Y-%m-%d %H:%M:%S}", *agent, name))
            soundfile.write(recordings / name, np.full((80, 2), len(rows) / 32768, np.float32), 8000)
    with (home / "话单.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    made = Workspace.create(home / "中心", recordings=recordings, call_list=home / "话单.csv")
    made.import_calls()
    for call in calls_frame(made.database).iter_rows(named=True):
        transcript = Transcript(
            call["sha256"], 60.0, 2, "e", "m", "p", example_turns([f"A: {WORDS}", f"C: {WORDS}"])
        )
        key = turns_key(call, made.settings.transcribe, made.choices.digest)
        write_part(turns_frame(transcript), made.results, TURNS, month_of(call["start"]), key)
    made.score()
    draw(made, MONTH, CALLS)
    items = tuple(item.id for item in made.rubric.items)
    for call in calls_frame(made.database)["call_id"]:
        for who in ("李敏", SCRIPT):
            for action in (
                GiveVerdict("closing", "fail" if who == SCRIPT else "pass"),
                Fault("a" * 32, "closing", "major", 0.0, 5.0, WORDS, WORDS),
                WriteComment(WORDS),
                PassRest(items),
                HandIn(),
            ):
                append(made.database, call, who, action, made.rubric)
    call = calls_frame(made.database)["call_id"][0]
    made.appeals.file(call, "closing", at_s=None, text=WORDS, who=SCRIPT)
    made.database.dispose()
    return made.folder


@pytest.fixture(scope="module")
def exported(folder, tmp_path_factory):
    """A folder in a folder with all exports."""
    out = tmp_path_factory.mktemp("out") / "a" / "b" / "c" / "d"
    before = {path for path in out.parents[3].rglob("*") if path.is_file()}
    with speaking("zh"):
        workspace = Workspace.open(folder)
        workspace.report(MONTH, out / "month", formats=("xlsx", "html", "csv", "agents"))
        workspace.bulletin().write(out / "bulletin")
        for ending in ("xlsx", "csv"):
            workspace.follow_up.export(out / f"faults.{ending}")
        workspace.database.dispose()
    strange = {path for path in out.parents[3].rglob("*") if path.is_file()} - before
    assert all(path.is_relative_to(out) for path in strange)
    return out


@pytest.mark.slow
def test_no_cell_of_a_workbook_is_a_formula(exported):
    books = list(exported.rglob("*.xlsx"))
    assert len(books) == 2
    told = 0
    for path in books:
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.startswith(DANGEROUS):
                        told += 1
                        assert cell.data_type == "s", f"{path.name} {sheet.title} {cell.coordinate}"
                    assert cell.data_type != "f" or "HYPERLINK" not in str(cell.value)
                    assert cell.hyperlink is None or "x.invalid" not in str(cell.hyperlink.target)
    assert told > 20


@pytest.mark.slow
def test_no_cell_of_a_csv_begins_a_formula(exported):
    paths = list(exported.rglob("*.csv"))
    assert len(paths) > 3
    told = 0
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for cell in (cell for row in csv.reader(file) for cell in row):
                told += cell.startswith("'")
                number = cell.removeprefix("-").replace(".", "", 1).isdigit()
                assert number or not cell.startswith(DANGEROUS), (path.name, cell)
    assert told > 20


@pytest.mark.slow
def test_html_in_words_and_names_is_text_in_reports(exported):
    pages = list(exported.rglob("*.html"))
    assert len(pages) == 2
    for path in pages:
        page = path.read_text(encoding="utf-8")
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.slow
def test_files_have_names_that_every_system_takes(exported):
    names = [path.name for path in exported.rglob("*") if path.is_file()]
    assert sum(name.endswith(".pdf") for name in names) >= len(AGENTS)
    for name in names:
        assert name.split(".")[0].lower() not in RESERVED
        assert not set(name) & set('\\/:*?"<>|' + OVERRIDE)
        assert len(name.encode()) < 256


@pytest.mark.slow
def test_html_in_words_and_names_is_text_in_panels(folder):
    with speaking("zh"):
        workspace = Workspace.open(folder)
        panels = [
            AppealsPanel(workspace, [MONTH]),
            Differences(workspace),
            FirstLook(workspace, [MONTH]),
            MonthlyScores(workspace, [MONTH]),
            Settling(workspace),
            TrainerReview(workspace, [MONTH]),
            DayBulletin(workspace),
        ]
        told = [html.value for panel in panels for html in _htmls(panel.panel)]
        workspace.database.dispose()
    assert any("alert(1)" in one for one in told)
    for one in told:
        assert "<script>alert" not in one
        assert "<img src=x" not in one


def _htmls(widget):
    if isinstance(widget, ipywidgets.HTML):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from _htmls(child)


def test_the_player_writes_no_html_from_words():
    """What calls and people say reaches the page as text nodes only."""
    sources = sorted((Path(__file__).parents[2] / "js" / "src").glob("*.js"))
    assert len(sources) > 10
    for source in sources:
        code = source.read_text(encoding="utf-8")
        assert WRITES_HTML.search(code) is None, source.name
