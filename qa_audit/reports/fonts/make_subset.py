"""Make the bundled font from Debian's Noto Sans CJK: `python make_subset.py NotoSansCJK-Regular.ttc OUT.otf`.

Needs fontTools, which matplotlib brings along, and OpenCC. See README.md beside this file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import opencc
from fontTools import subset
from fontTools.ttLib import TTFont

FACE_SC = 2
"""Index of "Noto Sans CJK SC" in NotoSansCJK-Regular.ttc."""

FAMILY = "QA Audit Sans SC"
"""A name of its own, so that it is never mistaken for a whole Noto that a machine has."""


def gbk_characters() -> set[int]:
    """Code points of every character that GBK can write, ASCII among them."""
    pairs = (bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    text = "".join(pair.decode("gbk", errors="ignore") for pair in pairs)
    return {ord(character) for character in text} | set(range(0x20, 0x7F))


def rare_simplified(offered: set[int]) -> set[int]:
    """Of `offered`, simplified characters that came into Unicode after GBK, such as 䶮 and 𬭎 in names.

    A character is simplified where OpenCC knows another, traditional form of it.
    """
    traditional = opencc.OpenCC("s2t")
    later = {code for code in offered if code in range(0x3400, 0x4DC0) or code in range(0x9FA6, 0xA000)}
    later |= {code for code in offered if code >= 0x20000}
    return {code for code in later if traditional.convert(chr(code)) != chr(code)}


def wanted(offered: set[int]) -> set[int]:
    """GBK, and what GBK lacks but names, English text and figures use."""
    latin = set(range(0xA0, 0x180))
    punctuation = set(range(0x2010, 0x2040)) | {0x20AC, 0x2212, 0x2192}
    return gbk_characters() | latin | punctuation | rare_simplified(offered)


def main(source: Path, target: Path) -> None:
    """Subset the SC face of `source` to what is wanted, without layout features, under the name `FAMILY`."""
    # Without the time of making, equal input gives equal bytes.
    font = TTFont(source, fontNumber=FACE_SC, recalcTimestamp=False)
    options = subset.Options(
        layout_features=[],
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 7, 13, 14],
        name_languages=[0x409],
        hinting=False,
        desubroutinize=False,
        notdef_outline=True,
        drop_tables=["BASE", "DSIG", "GPOS", "GSUB", "GDEF", "VORG", "vhea", "vmtx"],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted(set(font.getBestCmap() or {})))
    subsetter.subset(font)
    names = font["name"]
    for number, name in (
        (1, FAMILY),
        (4, FAMILY),
        (3, FAMILY.replace(" ", "")),
        (6, FAMILY.replace(" ", "")),
    ):
        names.setName(name, number, platformID=3, platEncID=1, langID=0x409)
    font.save(target, reorderTables=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
