"""Makes call recordings from written dialogues: what is said, how it sounds, where it lies in time."""
