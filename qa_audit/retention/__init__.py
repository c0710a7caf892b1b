"""Recordings and what was said in them: moved, kept, deleted, masked."""
