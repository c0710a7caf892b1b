"""The rubric and how a call is judged by it."""

from qa_audit.scoring.judge import score_call
from qa_audit.scoring.rubric_file import Rubric, load_rubric

__all__ = ["Rubric", "load_rubric", "score_call"]
