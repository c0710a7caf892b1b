"""Every export of a workspace with a call full of personal data, searched for it: also inside workbooks."""

import re
import zipfile

import numpy as np
import polars as pl
import pytest
import soundfile
from click.testing import CliRunner

from qa_audit.audit.actions import Fault, GiveVerdict, HandIn, PassRest, WriteComment
from qa_audit.audit.events import append
from qa_audit.cli import cli
from qa_audit.messages import speaking
from qa_audit.reports import bulletin, month_files
from qa_audit.reports.html_page import html_of
from qa_audit.settings import PrivacySettings
from qa_audit.widgets.trainer_review import TrainerReview
from qa_audit.workspace import Workspace
from tests.closing import made_workspace

CALL = "10-8001-00"
SECRETS = {
    "phone": "13812345678",
    "spoken phone": "幺三八幺二三四五六七八",
    "id card": "11010519491231002X",
    "bank card": "6222021234567890123",
    "order": "SF1234567890",
    "name": "王晓明",
    "address": "杭州市西湖区文三路478号",
}
FULL = (
    f"王晓明先生，您手机{SECRETS['phone']}，也就是{SECRETS['spoken phone']}，身份证{SECRETS['id card']}，"
    f"卡号{SECRETS['bank card']}，订单{SECRETS['order']}，住在{SECRETS['address']}，对吗"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A month with such a call: said, corrected, commented, appealed."""
    usual = made_workspace.words_of

    def words_of(agent, number):
        if (agent, number) != (0, 0):
            return usual(agent, number)
        return [f"A: {FULL}", f"C: {FULL}", f"A: 你他妈有病吧{FULL}", "A: 挂了"]

    shorter = made_workspace.soundfile.write

    def write(path, sound, rate):
        shorter(path, np.tile(sound, (12_000, 1)) if path.stem == CALL else sound, rate)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(made_workspace, "words_of", words_of)
        patched.setattr(made_workspace.soundfile, "write", write)
        made = made_workspace.make(tmp_path_factory.mktemp("masked"))
    made_workspace.draw(made, "2026-10", calls=14)
    items = tuple(item.id for item in made.rubric.items)
    failed = [item for item in items if item in ("greeting", "closing")]
    for action in (
        *(GiveVerdict(item, "fail") for item in failed),
        *(Fault(f"{n:032x}", item, "major", 0.0, 30.0, FULL, FULL) for n, item in enumerate(failed, 1)),
        WriteComment(FULL),
        PassRest(items),
        HandIn(),
    ):
        append(made.database, CALL, "李敏", action, made.rubric)
    appeal = made.appeals.file(CALL, "closing", at_s=None, text=FULL, who="张三")
    made.appeals.reply(appeal.appeal_id, text=FULL, who="主管")
    made.appeals.decide(appeal.appeal_id, "overturned", reason=FULL, who="主管")
    made.samples.choose([CALL], "appeal", "主管", FULL)
    made.month_book.close("2026-10", "主管", leave_open="样例", without_word="样例")
    made.database.dispose()
    return made.folder


def _export(workspace, out, monkeypatch):
    """All exports; pages that would be PDF are written as HTML of the same document, to be searched."""
    for module in (month_files, bulletin):
        monkeypatch.setattr(module, "pdf_of", lambda document: html_of(document).encode())
    workspace.report("2026-10", out / "month", formats=("xlsx", "html", "pdf", "csv", "parquet", "agents"))
    workspace.bulletin().write(out / "bulletin")
    for ending in ("xlsx", "csv"):
        workspace.follow_up.export(out / f"faults.{ending}", with_clips=True)
    workspace.month_book.export("2026-10", out / "closed")
    for draw in workspace.samples.draws():
        workspace.samples.export(draw.draw_id, out / "draws" / str(draw.draw_id))
    found = ["find", "杭州市西湖区", "--workspace", str(workspace.folder)]
    for name, given in (("table", found), ("json", [*found, "--json"])):
        (out / "found").mkdir(exist_ok=True)
        (out / "found" / f"{name}.txt").write_text(CliRunner().invoke(cli, given).output, encoding="utf-8")
    review = TrainerReview(workspace, ["2026-10"])
    review.playlist = [one for one in review._found() if one.call_id == CALL]
    assert review.playlist
    for name in ("export_page", "export_folder"):
        review.buttons[name].click()
        assert "已导出" in review.said.value
    (workspace.folder / "playlists").rename(out / "playlists")


def _words_in(path):
    """All that a file holds as text."""
    if path.suffix == ".parquet":
        return str(pl.read_parquet(path).to_dicts())
    if path.suffix in (".xlsx", ".zip"):
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if path.suffix in (".mp3", ".png"):
        return ""
    text = path.read_bytes().decode("utf-8", "replace")
    return re.sub(r"data:audio/[^\"']*", "", text)


def _leaks(out):
    """Kind of file and secret, of all that are found."""
    found = set()
    for path in out.rglob("*"):
        if path.is_file():
            told = re.sub(r"<[^>]*>|\s", "", _words_in(path))
            where = f"{path.relative_to(out).parts[0].split('.')[0]}{path.suffix}"
            found |= {(where, name) for name, secret in SECRETS.items() if secret in told}
            found |= {(where, "file name") for secret in SECRETS.values() if secret in path.name}
    return found


def _loudest(out):
    """Loudest sample of each exported clip; what was recorded is next to silence, a tone is not."""
    return [np.abs(soundfile.read(path)[0]).max() for path in sorted(out.rglob("*.mp3"))]


@pytest.mark.slow
def test_no_export_holds_personal_data(folder, tmp_path, monkeypatch):
    with speaking("zh"):
        workspace = Workspace.open(folder)
        _export(workspace, tmp_path, monkeypatch)
        workspace.database.dispose()
    assert _leaks(tmp_path) == set()
    assert "*" * 11 in (tmp_path / "found" / "json.txt").read_text("utf-8")
    assert len(list((tmp_path / "faults_clips").glob("*.mp3"))) > 0
    assert min(_loudest(tmp_path)) > 0.05


@pytest.mark.slow
def test_who_may_see_it_gets_it_and_the_search_would_have_found_it(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("qa_audit.store.persons.login", lambda: "wangfang")
    with speaking("zh"):
        workspace = Workspace.open(folder)
        privacy = PrivacySettings(unmasked=("wangfang",))
        workspace = workspace.__class__(
            workspace.folder, workspace.settings.model_copy(update={"privacy": privacy}), workspace.database
        )
        monkeypatch.setattr("qa_audit.open", lambda _folder: workspace)
        _export(workspace, tmp_path, monkeypatch)
        workspace.database.dispose()
    assert max(_loudest(tmp_path)) < 0.05
    everywhere = {where for where, _ in _leaks(tmp_path)}
    assert everywhere >= {
        *("month.xlsx", "month.html", "month.pdf", "month.csv", "month.parquet"),
        *("bulletin.html", "bulletin.pdf", "bulletin.txt", "faults.xlsx", "faults.csv"),
        *("closed.jsonl", "draws.json", "found.txt"),
        *("playlists.html",),
    }
