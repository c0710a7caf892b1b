"""A PostgreSQL server of a test run's own: made in a temporary folder, without a network port, deleted after.

It sorts as a Chinese office's server does and tells the time of Shanghai, so that nothing hangs on the order
or the clock that SQLite would have.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

OWNER = "qa_test"
"""The database's superuser; every role may connect through the socket without a password."""
_SETTINGS = {
    "listen_addresses": "",
    "timezone": "Asia/Shanghai",
    "max_connections": "60",
    "shared_buffers": "64MB",
    # Nothing of it is to outlive the run; `durable` turns them on where times are taken.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


def server_binaries():
    """The folder with `initdb` and `pg_ctl`, the newest there is; None where no server is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).resolve().parent if on_path else None


class Cluster:
    """A running server."""

    def __init__(self, folder, control):
        self.folder = folder
        self._control = control
        self.databases = []
        self._count = 0

    def url(self, database, role=OWNER):
        """Where a database is found, as `role`."""
        return f"postgresql+psycopg://{role}@/{database}?host={self.folder}"

    def new_database(self, template="template0"):
        """The name of a new database, empty or a copy of another one."""
        self._count += 1
        name = f"qa{self._count}"
        self._run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'",
            f"CREATE DATABASE {name} TEMPLATE {template}",
        )
        self.databases.append(name)
        return name

    def drop(self, names):
        """Delete databases, whoever still has them open."""
        self._run(*(f"DROP DATABASE {name} WITH (FORCE)" for name in names))
        self.databases = [one for one in self.databases if one not in names]

    def crash(self):
        """Stop at once, what is not on the disk being lost, and start again."""
        self._control("stop", "-m", "immediate")
        self._control("start")

    def _run(self, *statements):
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()


@contextmanager
def running_cluster(binaries, *, durable=False, **more):
    """A new server while the block runs; `durable` makes its commits wait for the disk, `more` is set too."""
    person = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="qapg"))  # short: a socket's path has 107 bytes at most
    if person is not None:
        os.chown(folder, person.pw_uid, person.pw_gid)

    def run(program, *arguments):
        identity = {} if person is None else {"user": person.pw_uid, "group": person.pw_gid}
        command = [str(binaries / program), *arguments]
        done = subprocess.run(
            command,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            **identity,
            **({} if person is None else {"extra_groups": []}),
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')}")

    data = str(folder / "data")
    settings = _SETTINGS | ({"fsync": "on", "synchronous_commit": "on"} if durable else {}) | more
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())

    def control(what, *arguments):
        log = ("-l", str(folder / "log"), "-o", f"-k {folder} {options}") if what == "start" else ()
        run("pg_ctl", what, "-w", "-D", data, *log, *arguments)

    try:
        run(
            *("initdb", "-D", data, "-U", OWNER, "-E", "UTF8", "--no-sync", "--auth=trust"),
            *("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh-CN"),
        )
        control("start")
        try:
            yield Cluster(folder, control)
        finally:
            control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


def _unprivileged():
    """Whom the server runs as: it refuses to be root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
