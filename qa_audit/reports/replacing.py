"""Write a file whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path`; it takes the place of `path` when the block ends well.

    After a fault, or Ctrl-C, the old file stands as it was and nothing is left beside it. Raises `QaError`:
    `report.disk_full`, `report.locked`, `report.not_writable`.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "a.csv") as out:
    ...         _ = out.write(b"x")
    ...     [file.name for file in Path(folder).iterdir()]
    ['a.csv']
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    except OSError as fault:
        raise _explained(fault, path) from fault
    finally:
        # What went wrong before matters more than that it cannot be tidied up.
        with suppress(OSError):
            temporary.unlink()


def _explained(fault: OSError, path: Path) -> QaError:
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return QaError("report.disk_full", path=str(path))
    if isinstance(fault, PermissionError) or fault.errno in (errno.EBUSY, errno.ETXTBSY):
        return QaError("report.locked", path=str(path))
    return QaError("report.not_writable", path=str(path), reason=fault.strerror or str(fault))
