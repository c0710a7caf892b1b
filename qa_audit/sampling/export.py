"""A draw as files that anyone can check with other programs: the frame, all tickets, what was recorded."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_audit.messages import QaError
from qa_audit.sampling.drawing import draw as all_tickets
from qa_audit.sampling.draws import read_draw
from qa_audit.sampling.freezing import commitments, frozen_frame
from qa_audit.sampling.hand_outs import hand_out_of, lock_of, replacements
from qa_audit.store.files import write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

MOBILE = re.compile(r"(?<!\d)(?:(?:00|\+)?86|0)?1[3-9]\d{9}(?!\d)")
"""A mobile number in the id of a call, with what is dialled before it."""

FRAME_FILE, TICKETS_FILE, DRAW_FILE = "frame.csv", "tickets.csv", "draw.json"


def draw_json(connection: Connection, draw_id: int) -> dict[str, Any]:
    """All that is kept of a draw but its frame, for scripts. Raises `QaError` `sampling.no_draw`."""
    made = read_draw(connection, draw_id)
    frozen = None if made.frame_id is None else frozen_frame(connection, made.frame_id)
    handed, locked = hand_out_of(connection, draw_id), lock_of(connection, draw_id)
    bound = {number for number, _ in made.nonces}
    kept = asdict(made)
    kept["tickets"] = made.tickets.to_dicts()
    kept["nonces"] = [{"commitment_id": number, **asdict(nonce)} for number, nonce in made.nonces]
    kept["alone"] = made.alone
    kept["frame"] = frozen and {
        "sha256": frozen.sha256,
        "frozen_at": frozen.frozen_at,
        "who": frozen.who,
        "design": json.loads(frozen.frame().design.as_text()),
    }
    kept["commitments"] = [
        asdict(one) for one in commitments(connection, made.month) if one.commitment_id in bound
    ]
    kept["replacements"] = [asdict(one) for one in replacements(connection, draw_id)]
    kept["hand_out"] = handed and asdict(handed)
    kept["lock"] = locked and asdict(locked)
    return json.loads(json.dumps(kept, default=lambda value: value.isoformat()))


def export_draw(
    connection: Connection, draw_id: int, folder: Path, mask: Callable[[str], str] | None = None
) -> list[Path]:
    """Write `frame.csv`, `tickets.csv` (of a random draw) and `draw.json` into a folder; the paths written.

    `sha256sum frame.csv` is the hash of the frame, so it is written as it is or not at all; `mask` is what
    the reason for a draw is masked by. Raises `QaError` `sampling.no_draw`, `sampling.numbers_in_ids` where
    ids of calls hold customers' numbers and not all may be seen, and those of `store.files`.
    """
    kept = draw_json(connection, draw_id)
    if mask is not None:
        ids = [row["call_id"] for row in kept["tickets"]]
        if kept["frame_id"] is not None:
            ids = frozen_frame(connection, kept["frame_id"]).frame().calls["call_id"].to_list()
        held = next((one for one in ids if MOBILE.search(one)), None)
        if held is not None:
            raise QaError("sampling.numbers_in_ids", draw=draw_id, call=MOBILE.sub("*" * 11, held))
        if kept["reason"] and (reason := mask(kept["reason"])) != kept["reason"]:
            kept |= {"reason": reason, "masked": ["reason"]}
    written = []
    if kept["frame_id"] is not None:
        frozen = frozen_frame(connection, kept["frame_id"])
        write_bytes(folder / FRAME_FILE, frozen.content)
        tickets = all_tickets(frozen.frame(), kept["seed"]).write_csv()
        write_text(folder / TICKETS_FILE, tickets)
        written = [folder / FRAME_FILE, folder / TICKETS_FILE]
    write_text(folder / DRAW_FILE, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    return [*written, folder / DRAW_FILE]
