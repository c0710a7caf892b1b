"""Detectors learned from sentences: faults in wordings that stand in no list."""
