"""Housekeeping of recordings: moved to another disk, kept, deleted."""
