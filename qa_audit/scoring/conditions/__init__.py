"""The conditions behind the checks of a rubric: a kind of check a file, each a function of one call."""
