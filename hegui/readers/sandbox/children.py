"""Children as the caller sees them: the fork server's handle, and one socket pair to talk, one to live, per child."""

import atexit
import contextlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

from hegui.readers.errors import ReadError
from hegui.readers.limits import MIB
from hegui.readers.sandbox.messages import EXIT, LENGTH
from hegui.readers.sandbox.stages import KINDS, Fields

# numpy must not start threads, which a forked child would lack. Some of the memory that was freed stays at hand for the next
# file, since taking pages anew costs time; a large buffer goes back to the system, which bounds the peak.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(MIB),
    "MALLOC_TRIM_THRESHOLD_": str(4 * MIB),
    "MALLOC_TOP_PAD_": str(MIB),
}


class Child:
    """One child, seen from the caller: a socket to talk, and one that tells the exit code and whose closing kills."""

    def __init__(self, talk: socket.socket, life: socket.socket) -> None:
        self._talk = talk
        self._life = life
        self.server = 0

    def send(self, request: Fields) -> None:
        body = json.dumps(request).encode()
        # A child that died at birth is found out by `receive`.
        with contextlib.suppress(OSError):
            self._talk.sendall(LENGTH.pack(len(body)) + body)

    def receive(self, deadline: float, most: int) -> Any:
        """The next message; None at the end. Raises TimeoutError, and ValueError when it is longer than `most`."""
        head = self._exactly(LENGTH.size, deadline)
        if head is None:
            return None
        (length,) = LENGTH.unpack(head)
        if length > most:
            raise ValueError("message too long")
        body = self._exactly(length, deadline)
        return None if body is None else json.loads(body)

    def _exactly(self, size: int, deadline: float) -> bytes | None:
        parts = bytearray()
        while len(parts) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._talk.settimeout(left)
            try:
                part = self._talk.recv(min(size - len(parts), MIB))
            except ConnectionResetError:
                return None
            if not part:
                return None
            parts += part
        return bytes(parts)

    def end(self) -> int | None:
        """Kill the child if it still lives, and its exit code (negative: the signal); None when the server is gone."""
        self._talk.close()
        with contextlib.suppress(OSError):
            self._life.shutdown(socket.SHUT_WR)
            self._life.settimeout(10)
            told = self._life.recv(EXIT.size)
            if len(told) == EXIT.size:
                return int(EXIT.unpack(told)[0])
        return None

    def close(self) -> None:
        self._talk.close()
        self._life.close()


class Server:
    """The fork server, started on first use, shared by the threads of a process, started anew after a fork."""

    def __init__(self) -> None:
        self._forget()
        atexit.register(self.stop)
        os.register_at_fork(after_in_child=self._after_fork)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._pid = 0

    def _after_fork(self) -> None:
        if self._control is not None:
            self._control.close()
        self._forget()

    def start(self, kinds: Iterable[str]) -> None:
        """Start the server unless it runs, and have it import the readers of these kinds in its idle time."""
        with self._lock:
            if self._control is None:
                self._control = self._start()
            for kind in kinds:
                self._control.sendall(_request(kind))

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        program = f"import sys; sys.path[:] = {sys.path!r}; from hegui.readers.sandbox.server import serve; serve()"
        try:
            # Spawned, not forked: the caller may have threads. Its own session: Ctrl-C is for the caller to handle.
            self._pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", "-c", program],
                {**os.environ, **ENVIRONMENT},
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
                    *((os.POSIX_SPAWN_OPEN, output, os.devnull, os.O_RDWR, 0) for output in (1, 2)),
                ],
                setsid=True,
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        return ours

    def stop(self, pid: int = 0) -> None:
        """End the server (only that one, when given) and with it every child, by their PR_SET_PDEATHSIG."""
        with self._lock:
            if pid in (0, self._pid):
                self._end()

    def _end(self) -> None:
        if self._control is None:
            return
        self._control.close()
        self._control = None
        with contextlib.suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)

    @contextlib.contextmanager
    def child(self, kind: str) -> Iterator[Child]:
        talk, talk_there = socket.socketpair()
        life, life_there = socket.socketpair()
        child = Child(talk, life)
        try:
            child.server = self._ask(kind, [talk_there.fileno(), life_there.fileno()])
            talk_there.close()
            life_there.close()
            yield child
        finally:
            # Closing `life` makes the server kill the child: also on Ctrl-C.
            child.close()
            talk_there.close()
            life_there.close()

    def _ask(self, kind: str, descriptors: list[int]) -> int:
        """Ask for a child at the other ends of `descriptors`; the process id of the server that was asked."""
        with self._lock:
            try:
                if self._control is None:
                    self._control = self._start()
                socket.send_fds(self._control, [_request(kind)], descriptors)
            except OSError:
                # Somebody ended the server: a new one, once.
                self._end()
                try:
                    self._control = self._start()
                    socket.send_fds(self._control, [_request(kind)], descriptors)
                except OSError as error:
                    raise ReadError(
                        f"无法启动读取进程：{error}；请检查内存和进程数上限",
                        f"cannot start the reading process: {error}; check memory and process limits",
                    ) from None
            return self._pid


def _request(kind: str) -> bytes:
    """What the server is asked with: see `server.serve`."""
    return bytes([list(KINDS).index(kind)])


SERVER = Server()
