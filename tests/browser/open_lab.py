"""A JupyterLab that stays open from test to test: loading it and starting a kernel took most of the time."""

from tests.browser.lab_server import TOKEN, new_context, run_all
from tests.browser.watch import Watch

START_KERNEL = """async () => {
    await window.jupyterapp.restored;
    const kernel = await window.jupyterapp.serviceManager.kernels.startNew();
    kernel.dispose();
    return kernel.id;
}"""
OPEN = """async ([path, id]) => {
    await window.jupyterapp.commands.execute('docmanager:open', {path, kernel: {id}});
}"""
# A widget that is closed in the kernel leaves the page too; closed by its tab alone it would go on playing.
CLOSE = """async () => {
    const {shell} = window.jupyterapp;
    const {kernel} = shell.currentWidget.sessionContext.session;
    await kernel.requestExecute({code: '__import__("ipywidgets").Widget.close_all()', silent: true}).done;
    for (const tab of [...shell.widgets('main')]) tab.dispose();
}"""


class OpenLab:
    """A page with JupyterLab, and one kernel for all notebooks that are opened in it."""

    def __init__(self, browser, lab):
        self._context = new_context(browser)
        self._watch = Watch(self._context, lab)
        self.page = self._context.new_page()
        self.page.goto(f"{lab.address}/lab?token={TOKEN}&reset")
        self.page.wait_for_function("() => window.jupyterapp?.restored", timeout=60_000)
        self._kernel = self.page.evaluate(START_KERNEL)

    def run(self, notebook):
        """Open a notebook in a tab of its own and run all of it; returns the page."""
        self.page.evaluate(OPEN, [notebook, self._kernel])
        run_all(self.page)
        return self.page

    def clear(self):
        """Close all that a test opened; until then it may have asked nobody else, and nothing gone wrong."""
        self.page.evaluate(CLOSE)
        self._watch.check()

    def close(self):
        """Close the page instead: what a failed test left in it is nothing to begin with."""
        self._context.close()
        self._watch.check()
