"""What no page may do: ask another machine for something, or go wrong by itself."""

from urllib.parse import urlsplit


class Watch:
    """Watches all pages of a browser context."""

    def __init__(self, context, lab):
        self._home = urlsplit(lab.address).netloc
        self._asked, self._faults = [], []
        context.on("request", lambda request: self._asked.append(request.url))
        context.on("weberror", lambda fault: self._faults.append(str(fault.error)))

    def check(self):
        """The lab was asked and nobody else, and no page went wrong, since this was last checked."""
        asked, faults = [urlsplit(url) for url in self._asked], [*self._faults]
        self._asked.clear()
        self._faults.clear()
        hosts = {url.netloc for url in asked if url.scheme in ("http", "https", "ws", "wss")}
        assert hosts == {self._home}, hosts
        assert not faults, faults
