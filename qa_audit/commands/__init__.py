"""Commands of `qa-audit`, a group a file: they parse and call, nothing else."""
