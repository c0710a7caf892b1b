"""Housekeeping of recordings: moving old ones to another disk, keeping what must be kept, deleting the rest."""
