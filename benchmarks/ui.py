"""How fast the player is in a real JupyterLab with a headless Chromium: `python -m benchmarks.ui`.

Prints medians: from the key for the next call until it is shown and its sound has moved on, for calls of 60 s
and of 60 min in stereo, each opened for the first time and its recording thrown out of the page cache; from a
verdict's key until it is saved; and the memory of kernel and browser over many calls audited in a row.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
import soundfile

from qa_audit.calls.query import calls_frame
from qa_audit.workspace import Workspace
from tests.browser.lab_server import browser_of, new_context, open_notebook, running_lab
from tests.browser.made_workspace import SAMPLES, write_turns

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTE, HOUR, SHORT = "minute", "hour", "short"
LENGTHS_S = {MINUTE: 60.0, HOUR: 3600.0, SHORT: 6.0}
TURN_S = 4.0
SAID = {
    "agent": "您好，请问有什么可以帮您？麻烦您说一下订单号，我帮您查询一下。",
    "customer": "你好，我上周买的东西还没有到，麻烦帮我看一下是怎么回事。",
}

WATCH = """
const Plain = window.Audio;
window.Audio = function () { return (window.qaSound = new Plain()); };
window.qaNext = (key) => new Promise((resolve, reject) => {
  const root = document.querySelector('.qa-player');
  const progress = root.querySelector('.qa-progress');
  const before = progress.textContent.split(' · ')[0];
  const start = performance.now();
  const look = () => {
    const shown = progress.textContent.split(' · ')[0] !== before && root.querySelector('.qa-turn');
    if (shown && !window.qaSound.paused && window.qaSound.currentTime > 0) resolve(performance.now() - start);
    else if (performance.now() - start > 60000) reject(new Error('not playing after a minute'));
    else setTimeout(look, 1);
  };
  root.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyN', bubbles: true}));
  look();
});
// When the kernel was last asked, and when it was last heard.
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  window.qaAsked ??= performance.now();
  return send.call(this, data);
};
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener('message', () => (window.qaHeard = performance.now()));
  }
};
window.qaVerdict = (code) => new Promise((resolve) => {
  const root = document.querySelector('.qa-player');
  const saved = root.querySelector('.qa-saved');
  window.qaAsked = undefined;
  const start = performance.now();
  new MutationObserver((_, observer) => {
    if (saved.dataset.state !== 'saved') return;
    observer.disconnect();
    resolve([performance.now(), window.qaAsked, window.qaHeard].map((time) => time - start));
  }).observe(saved, {attributes: true, attributeFilter: ['data-state']});
  root.dispatchEvent(new KeyboardEvent('keydown', {code, bubbles: true}));
});
"""


def make_calls(folder: Path, counts: dict[str, int]) -> Workspace:
    """A workspace with that many stereo calls of each length, 8 kHz A-law, made from a sample call."""
    speech, rate = soundfile.read(SAMPLES / "calls" / "20261021001.wav", dtype="float32")
    recordings = folder / "recordings"
    recordings.mkdir()
    rows = ["通话编号,开始时间,工号,录音文件"]
    day = 0
    for kind, count in counts.items():
        length = round(LENGTHS_S[kind] * rate)
        for number in range(count):
            # Each call begins elsewhere in the sample: two with the same bytes would be one recording.
            sound = np.resize(np.roll(speech, -977 * (day + 1), axis=0), (length, 2))
            name = f"{kind}{number:03d}"
            soundfile.write(recordings / f"{name}.wav", sound, rate, subtype="ALAW")
            begun = datetime(2026, 10, 1, 8) + timedelta(minutes=day)
            rows.append(f"{name},{begun:%Y-%m-%d %H:%M},8012,{name}.wav")
            day += 1
    (folder / "calls.csv").write_text("\n".join(rows), "utf-8")
    workspace = Workspace.create(folder / "workspace", recordings=recordings, call_list=folder / "calls.csv")
    workspace.import_calls()
    for call in calls_frame(workspace.database).iter_rows(named=True):
        kind = call["call_id"].rstrip("0123456789")
        write_turns(workspace, call, turns_of(LENGTHS_S[kind]))
    workspace.score()
    return workspace


def turns_of(length_s: float) -> list[dict[str, Any]]:
    """Turns of agent and customer in turn, `TURN_S` each."""
    roles = ("agent", "customer")
    return [
        {"role": roles[n % 2], "start_s": n * TURN_S, "end_s": (n + 0.9) * TURN_S, "text": SAID[roles[n % 2]]}
        for n in range(int(length_s / TURN_S))
    ]


def forget_files(folder: Path) -> None:
    """Throw the files of a folder out of the page cache, as far as the system lets us."""
    os.sync()
    for path in folder.rglob("*"):
        if path.is_file() and hasattr(os, "posix_fadvise"):
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def kernel_mb() -> float:
    """Resident memory of the notebook's kernel, in MB."""
    kernels = [
        one
        for one in psutil.Process().children(recursive=True)
        if "ipykernel_launcher" in " ".join(one.cmdline())
    ]
    return sum(one.memory_info().rss for one in kernels) / 1e6


def heap_mb(page: Any) -> float:
    """JavaScript memory in use after a collection, in MB."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return metrics["JSHeapUsedSize"] / 1e6


def start(page: Any, lab: Any, calls: list[str]) -> None:
    """Open the notebook on some calls and press a first key, as browsers want it before they make a sound."""
    import json

    notebook = json.loads((lab.folder / "03_audit_calls.ipynb").read_text("utf-8"))
    notebook["cells"][-1]["source"][-1] = f"audit_calls(who={calls[0]!r}, calls={calls!r})"
    (lab.folder / "bench.ipynb").write_text(json.dumps(notebook), "utf-8")
    open_notebook(page, lab, "bench.ipynb")
    page.wait_for_selector(".qa-turn", timeout=60_000)
    page.wait_for_timeout(500)
    page.keyboard.press("Space")
    page.wait_for_function("() => window.qaSound.currentTime > 0.3", timeout=60_000)


def times_to_next(page: Any, lab: Any, calls: list[str], recordings: Path) -> list[float]:
    """Milliseconds from the key to sound, for each of the calls but the first."""
    start(page, lab, calls)
    found = []
    for _ in calls[1:]:
        page.wait_for_timeout(1_500)  # the call before has been heard for a moment, its peaks are read
        forget_files(recordings)
        found.append(page.evaluate("() => window.qaNext()"))
    return found


def times_to_save(page: Any) -> list[tuple[float, float, float]]:
    """Milliseconds from a verdict's key until it is saved, sent and answered, while the call plays."""
    found = []
    for number in range(20):
        found.append(tuple(page.evaluate("code => window.qaVerdict(code)", f"Digit{1 + number % 4}")))
        page.wait_for_timeout(150)
    return found


def memory_of_a_day(page: Any, lab: Any, calls: list[str]) -> list[tuple[int, float, float]]:
    """(calls audited, kernel MB, JavaScript MB) at a few points of auditing all the calls."""
    start(page, lab, calls)
    found = []
    marks = {10, len(calls) // 4, len(calls) // 2, len(calls) * 3 // 4, len(calls)}
    for number in range(1, len(calls) + 1):
        page.keyboard.press("a")
        page.keyboard.press("h")
        page.keyboard.press("Enter")
        page.wait_for_selector(".qa-blind[data-state=done]", timeout=60_000)
        if number in marks:
            found.append((number, kernel_mb(), heap_mb(page)))
        if number < len(calls):
            page.evaluate("() => window.qaNext()")
    return found


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=8, help="calls of 60 s")
    parser.add_argument("--hours", type=int, default=4, help="calls of 60 min")
    parser.add_argument("--day", type=int, default=200, help="calls audited in a row")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        begun = time.perf_counter()
        counts = {MINUTE: given.minutes, HOUR: given.hours, SHORT: given.day}
        workspace = make_calls(home, {kind: count for kind, count in counts.items() if count})
        print(f"made {sum(counts.values())} calls in {time.perf_counter() - begun:.0f} s")
        ids = calls_frame(workspace.database)["call_id"].to_list()
        (home / "lab").mkdir()
        with running_lab(home / "lab", workspace.folder) as lab, browser_of(home / "browser") as browser:
            context = new_context(browser)
            context.add_init_script(WATCH)
            for kind, limit_ms in ((MINUTE, 300), (HOUR, 1500)):
                own = [one for one in ids if one.startswith(kind)]
                if len(own) < 2:
                    continue
                page = context.new_page()
                report(
                    f"next call of {LENGTHS_S[kind]:.0f} s shown and playing",
                    times_to_next(page, lab, own, home / "recordings"),
                    limit_ms,
                )
                saved, asked, heard = zip(*times_to_save(page), strict=True)
                report(f"verdict saved in a call of {LENGTHS_S[kind]:.0f} s", saved, 50)
                print(
                    f"  of which until it was sent {statistics.median(asked):.0f} ms, "
                    f"until it was answered {statistics.median(heard):.0f} ms"
                )
                page.close()
            own = [one for one in ids if one.startswith(SHORT)]
            if own:
                page = context.new_page()
                for number, kernel, heap in memory_of_a_day(page, lab, own):
                    print(
                        f"after {number:3d} calls audited: kernel {kernel:.0f} MB, JavaScript {heap:.1f} MB"
                    )


def report(what: str, times_ms: Sequence[float], limit_ms: float) -> None:
    """One line: median, lowest and highest."""
    median = statistics.median(times_ms)
    verdict = "within" if median <= limit_ms else "OVER"
    print(
        f"{what}: median {median:.0f} ms ({min(times_ms):.0f}-{max(times_ms):.0f}, n={len(times_ms)}), "
        f"{verdict} {limit_ms:.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
