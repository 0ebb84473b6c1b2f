"""The fork server: a fresh interpreter that has the readers imported and forks a child per request."""

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
from collections.abc import Iterator
from functools import cache
from types import FrameType
from typing import NoReturn

from hegui.readers.sandbox.child import live
from hegui.readers.sandbox.confine import leave_network
from hegui.readers.sandbox.messages import EXIT
from hegui.readers.sandbox.stages import KINDS

# More containers made than let go, before the young ones are looked through for cycles.
_COLLECT_AFTER = 100_000


def serve() -> NoReturn:
    """Import a reader, or fork a child, per request on standard input until the caller closes its end.

    A request is one byte, the place of the kind in KINDS. With two descriptors a child is forked; without, the reader is
    imported when there is nothing else to do. Readers that nobody asks for stay out: importing them all takes longer than
    reading a small package.

    Runs in a fresh, single-threaded interpreter, which nothing but `children.Server` starts.
    """
    control = socket.socket(fileno=os.dup(0))
    os.dup2(1, 0)
    network = leave_network()
    readers = list(KINDS.values())
    wanted: list[str] = []
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    # A child reads one input and ends, so what it could collect is little.
    gc.set_threshold(_COLLECT_AFTER)
    signal.signal(signal.SIGCHLD, _nothing)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    selector = selectors.DefaultSelector()
    selector.register(control, selectors.EVENT_READ)
    selector.register(woken, selectors.EVENT_READ)
    lives: dict[int, socket.socket] = {}
    while True:
        events = selector.select(0 if wanted else None)
        if wanted and not events:
            _prepare(wanted.pop(0))
        for key, _ in events:
            if key.fileobj is control:
                request, descriptors, _, _ = socket.recv_fds(control, 1, 2)
                if not request:
                    for pid in lives:
                        _kill(pid)
                    os._exit(0)
                # A reader that the caller registered later is imported by each child for itself.
                reader = readers[request[0]] if request[0] < len(readers) else ""
                if len(descriptors) < 2:
                    wanted.append(reader)
                    continue
                _prepare(reader)
                talk, life = descriptors
                pid = os.fork()
                if pid == 0:
                    live(talk, network)
                with contextlib.suppress(OSError):
                    os.setpgid(pid, pid)
                os.close(talk)
                lives[pid] = socket.socket(fileno=life)
                selector.register(lives[pid], selectors.EVENT_READ, pid)
            elif key.fileobj == woken:
                with contextlib.suppress(BlockingIOError):
                    os.read(woken, 512)
                for pid, status in _ended():
                    life_of = lives.pop(pid)
                    with contextlib.suppress(KeyError):
                        selector.unregister(life_of)
                    with contextlib.suppress(OSError):
                        life_of.sendall(EXIT.pack(os.waitstatus_to_exitcode(status)))
                    life_of.close()
            elif lives.get(key.data) is key.fileobj:
                # The caller wants no more of this child; it stays in `lives` until it is reaped.
                selector.unregister(key.fileobj)
                _kill(key.data)


@cache
def _prepare(reader: str) -> None:
    # What fails here fails again in the child, which can say so.
    with contextlib.suppress(Exception):
        importlib.import_module(reader).prepare()
    gc.freeze()


def _nothing(number: int, frame: FrameType | None) -> None:
    pass


def _kill(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)


def _ended() -> Iterator[tuple[int, int]]:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, status
