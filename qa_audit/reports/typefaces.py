"""Chinese characters in charts, the same on every machine.

The bundled font comes first even where the system has a Chinese one: a report then looks the same on the
server, in a notebook and in a dispute a year later, and its lines break at the same places. A system font
steps in only for characters that GBK lacks.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from matplotlib import font_manager

if TYPE_CHECKING:
    from pathlib import Path

BUNDLED = "QA Audit Sans SC"
"""Family name of the font beside this module, a subset of Noto Sans CJK SC."""

SYSTEM = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Heiti SC",
    "Noto Serif CJK SC",
    "SimSun",
    "Droid Sans Fallback",
)
"""System fonts that may lend a character, best first."""

LAST = "DejaVu Sans"
"""Comes with matplotlib; has symbols that Chinese fonts lack."""


def bundled_path() -> Path:
    """Where the bundled font lies."""
    with resources.as_file(
        resources.files("qa_audit").joinpath("reports/fonts/qa_audit_sans_sc.otf")
    ) as path:
        return path


@cache
def families() -> tuple[str, ...]:
    """Families for matplotlib's `fontfamily`: the bundled one, a system one if there is one, DejaVu Sans.

    matplotlib takes each character from the first that has it.

    >>> families()[0], families()[-1]
    ('QA Audit Sans SC', 'DejaVu Sans')
    """
    known = set(font_manager.get_font_names())
    if BUNDLED not in known:
        font_manager.fontManager.addfont(bundled_path())
    return (BUNDLED, *[name for name in SYSTEM if name in known][:1], LAST)
