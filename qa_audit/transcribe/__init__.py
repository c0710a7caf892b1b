"""From audio to turns, on this machine only."""

import os

# OpenMP threads spin while they wait for each other; on cores that others use too, each of the thousands of
# small steps of decoding then costs a time slice (35 s of stereo, 2 cores, load 8: 70 s spinning, 11 s
# waiting passively). Read when torch is loaded, so it must be set before.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
