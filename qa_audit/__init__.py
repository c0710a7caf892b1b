"""A QA call-audit workbench: local transcripts, rubric scores with evidence, monthly figures."""

__version__ = "0.1.0"
