"""From estimates to a month that is closed, and can be computed again from what was kept of it."""
