"""A real JupyterLab, and Debian's Chromium before it."""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from qa_audit.lab import CONFIG, WORKSPACE_VARIABLE, lab_command
from qa_audit.reports.typefaces import bundled_path

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=user-gesture-required",
]


@contextmanager
def running_lab(folder, workspace, who="李敏", **variables):
    """JupyterLab on copies of the notebooks in `folder`; gives its address and token."""
    folder = Path(folder)
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(notebook, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join([str(CONFIG), os.environ.get("JUPYTER_CONFIG_PATH", "")]),
        "JUPYTER_CONFIG_DIR": str(folder / ".config"),
        "JUPYTER_DATA_DIR": str(folder / ".data"),
        "JUPYTER_RUNTIME_DIR": str(folder / ".runtime"),
        "PYTHONPATH": str(NOTEBOOKS.parent),
        "QA_AUDIT_WHO": who,
        WORKSPACE_VARIABLE: str(workspace),
        **variables,
    }
    options = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--no-browser", "--IdentityProvider.token=t", "--LabApp.expose_app_in_browser=True"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    with (folder / "lab.log").open("wb") as log:
        server = subprocess.Popen(lab_command(folder, options), env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/api?token=t", server, folder / "lab.log")
            yield address, "t"
        finally:
            server.terminate()
            server.wait(20)


@contextmanager
def chromium(playwright, folder, **options):
    """A browser page with a fresh profile, in which Chinese has a typeface; all its requests are noted."""
    fonts = Path(folder) / "share" / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    shutil.copy(bundled_path(), fonts)
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=CHROMIUM_FLAGS, env={**os.environ, "XDG_DATA_HOME": str(Path(folder) / "share")}
    )
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, "locale": "zh-CN", **options})
    page = context.new_page()
    page.requested = []
    context.on("request", lambda request: page.requested.append(request.url))
    try:
        yield page
    finally:
        browser.close()


def open_notebook(page, lab, notebook="03_audit_calls.ipynb"):
    """Open a notebook and run all of it; returns when the kernel has answered."""
    address, token = lab
    page.goto(f"{address}/lab/tree/{notebook}?token={token}&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=45_000)
    run_all(page)


def run_all(page):
    """Run every cell, by JupyterLab's own command, once its kernel is there."""
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext")
    page.evaluate(
        """async () => {
            const panel = window.jupyterapp.shell.currentWidget;
            await panel.context.ready;
            await panel.sessionContext.ready;
            await panel.sessionContext.session.kernel.info;
            await window.jupyterapp.commands.execute('notebook:run-all-cells');
        }"""
    )


def _wait_for(url, server, log):
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(log.read_text("utf-8", "replace"))
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(url)
