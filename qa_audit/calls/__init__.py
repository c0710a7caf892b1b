"""Calls: the call list, agents and teams over time, recordings and what is missing."""
