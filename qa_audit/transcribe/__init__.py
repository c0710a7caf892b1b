"""From audio to turns, on this machine only."""
