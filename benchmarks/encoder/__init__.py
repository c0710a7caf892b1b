"""Tuning the encoder that the sentence detectors ask (`qa_audit/scoring/learned/encoder.py`)."""
