"""The three things that the machine's verdicts on an item may be.

- automatic: a fault counts as the machine found it
- assisted: it counts until people confirm or refute it, and is shown as theirs to confirm
- manual: it counts for nothing, people alone judge the item
"""

from __future__ import annotations

from typing import Literal, get_args

Status = Literal["manual", "assisted", "automatic"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""From the least to the most that the machine may do."""
START: Status = "assisted"
"""Before anybody decided, and for a rule that was changed."""
