"""A real JupyterLab, and Debian's Chromium before it."""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa_audit.lab import CONFIG, START_PAGE, WORKSPACE_VARIABLE, lab_command
from qa_audit.reports.typefaces import bundled_path

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TOKEN = "of-the-tests"
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--ServerApp.port_retries=0",
    f"--IdentityProvider.token={TOKEN}",
    "--LabApp.expose_app_in_browser=True",
]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    address: str
    folder: Path
    """Root folder: the notebooks."""


@contextmanager
def running_lab(folder, workspace, **variables):
    """JupyterLab in `folder`, to which the notebooks are copied."""
    folder = Path(folder)
    for notebook in (*NOTEBOOKS.glob("*.ipynb"), NOTEBOOKS / START_PAGE):
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
        WORKSPACE_VARIABLE: str(workspace),
        **variables,
    }
    command = lab_command(folder, [*OPTIONS, f"--ServerApp.port={port}"])
    lab = Lab(f"http://127.0.0.1:{port}", folder)
    with (folder / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(f"{lab.address}/api?token={TOKEN}", server, folder / "lab.log")
            yield lab
        finally:
            server.terminate()
            server.wait(20)


@contextmanager
def browser_of(folder):
    """Chromium with a fresh profile, in which Chinese has a typeface."""
    from playwright.sync_api import sync_playwright

    fonts = Path(folder) / "fonts"
    fonts.mkdir(parents=True)
    shutil.copy(bundled_path(), fonts)
    environment = {**os.environ, "XDG_DATA_HOME": str(folder)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env=environment)
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser):
    """A profile of its own, with the window of an inspector's screen."""
    return browser.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")


def open_notebook(page, lab, notebook="03_audit_calls.ipynb"):
    """Load JupyterLab at a notebook and run all of it."""
    page.goto(f"{lab.address}/lab/tree/{notebook}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
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
