"""From findings to the scores of a month."""
