"""Hostile input is parsed here: one child process per input, bounded in memory, time, files and network (DESIGN 1.5).

    caller ── control ──> fork server ── fork ──> child: confine, then stage after stage
       └──────────── length-prefixed JSON, one message a stage <─────────┘

The fork server is our own and not `multiprocessing`'s: that one imports the caller's `__main__` again in every child
(the console script, pytest, or a script without a guard) and sends pickles. Ours is a fresh interpreter without site
packages' start-up code, which imports the readers once and then forks: about 7 ms per input beside its stages. It
kills and reaps the children itself, so no process id is used by anyone who does not own it; it ends when its caller does.
"""

from hegui.readers.sandbox.caller import run, warm
from hegui.readers.sandbox.stages import KINDS, Fields, Layer, Partial, Reader, Result, Step

__all__ = ["KINDS", "Fields", "Layer", "Partial", "Reader", "Result", "Step", "run", "warm"]
