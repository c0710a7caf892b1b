"""The rubric and how a call is judged by it."""
