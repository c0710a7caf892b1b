"""A month of a workspace: what its figures are made from, its book, its reports, its first look."""
