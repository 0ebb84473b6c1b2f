"""Hostile input is parsed here: one child process per input, bounded in memory, time, files and network (DESIGN 1.5).

    caller ── control ──> fork server ── fork ──> child: confine, then stage after stage
       └──────────── length-prefixed JSON, one message a stage <─────────┘

The fork server is our own and not `multiprocessing`'s: that one imports the caller's `__main__` again in every child
(the console script, pytest, or a script without a guard) and sends pickles. Ours is a fresh interpreter without site
packages' start-up code, which imports the readers once and then forks: about 7 ms per input beside its stages. It
kills and reaps the children itself, so no process id is used by anyone who does not own it; it ends when its caller does.
Landlock is three system calls, made here: the wheel of that name knows no network rights and no scopes.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import re
import resource
import selectors
import signal
import socket
import struct
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, Protocol, cast

from hegui.facts.facts import Stage, StageState
from hegui.readers.errors import LimitReached, Malformed, NotSupported, ReadError
from hegui.readers.limits import MIB, Limits

# The modules that hold the stages of each kind of input.
KINDS = {"apk": "hegui.readers.apk.read"}

_ERRORS: dict[str, type[ReadError]] = {kind.code: kind for kind in (ReadError, NotSupported, Malformed, LimitReached)}
_LENGTH = struct.Struct("<I")
_EXIT = struct.Struct("<i")
_REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.")
_MOST_DESCRIPTORS = 4096
_SURROGATES = re.compile("[\ud800-\udfff]")

Fields = dict[str, Any]


@dataclass(frozen=True)
class Partial:
    """What a stage returns when it read some, but not all: the fields and why."""

    fields: Fields
    reason: str
    detail: str


@dataclass(frozen=True)
class Step:
    """A stage of a reader. `run` takes what the reader's `begin` returned and gives JSON-ready fields of `fields`.

    Values may be dataclasses, tuples, dicts with string keys, strings, numbers, booleans and None.
    `needs` names stages without which this one is skipped.
    """

    name: str
    run: Callable[[Any], Fields | Partial]
    fields: tuple[str, ...]
    needs: tuple[str, ...] = ()


class Reader(Protocol):
    """A reader module: its stages in order, what is worth doing once for all inputs, and how a reading begins."""

    STAGES: tuple[Step, ...]

    @staticmethod
    def prepare() -> None:
        """Import what the stages import and load their catalogues, in the fork server, before any input."""

    @staticmethod
    def begin(path: Path, limits: Limits, read: Fields) -> Any:
        """What the stages share. `read` holds the fields of stages that are done; it grows as stages end."""


@dataclass(frozen=True)
class Layer:
    """One layer of the confinement. `detail` says how it is in force, or why it is not."""

    name: str
    in_force: bool
    detail: str = ""


@dataclass(frozen=True)
class Result:
    """How the stages ended, in order; the fields read, not validated; errors of failed stages; wall seconds."""

    stages: tuple[Stage, ...]
    fields: Fields
    errors: dict[str, ReadError]
    seconds: dict[str, float]
    confinement: tuple[Layer, ...]
    children: int


def warm() -> None:
    """Start the fork server, so that it imports the readers while the caller does other things."""
    # What hinders it is told by `run`, which tries again.
    with contextlib.suppress(OSError):
        _SERVER.start()


def run(kind: str, path: Path, limits: Limits) -> Result:
    """Read one input in confined children. A stage that kills its child is `failed`; the next child goes on after it.

    Safe to call from several threads. Raises ReadError only when no child can be started at all.
    """
    reader = cast(Reader, importlib.import_module(KINDS[kind]))
    told = _Told(path.name, limits)
    deadline = time.monotonic() + limits.wall_s
    children = 0
    server_lost = False
    while pending := [step for step in reader.STAGES if step.name not in told.stages]:
        if children and time.monotonic() >= deadline:
            told.ended(pending[0].name, "failed", "TIME_LIMIT", f"no time left of {limits.wall_s:g} s")
            continue
        children += 1
        request = {
            "kind": KINDS[kind],
            "path": str(path.absolute()),
            "limits": asdict(limits),
            "sys_path": sys.path,
            "read": told.fields,
            "states": {name: stage.state for name, stage in told.stages.items()},
        }
        with _SERVER.child() as child:
            child.send(request)
            reason, detail = told.listen(child, pending, deadline)
            code = child.end()
        left = [step for step in pending if step.name not in told.stages]
        if left and not reason and code is None and not server_lost:
            # Somebody ended the server, which is no stage's fault; once more with a new one.
            server_lost = True
            _SERVER.stop(child.server)
        elif left:
            reason, detail = (reason, detail) if reason else _death(code, limits)
            told.ended(left[0].name, "failed", reason, detail)
    stages = tuple(told.stages[step.name] for step in reader.STAGES)
    return Result(stages, told.fields, told.errors, told.seconds, told.layers, children)


class _Told:
    """What the children of one reading have told so far. Nothing they say is trusted but for its shape."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.stages: dict[str, Stage] = {}
        self.fields: Fields = {}
        self.errors: dict[str, ReadError] = {}
        self.seconds: dict[str, float] = {}
        self.layers: tuple[Layer, ...] = ()

    def ended(self, stage: str, state: StageState, reason: str = "", detail: str = "") -> None:
        self.stages[stage] = Stage(stage, state, reason, detail)
        if state == "failed" and stage not in self.errors:
            kind = LimitReached if reason in ("TIME_LIMIT", "MEMORY_LIMIT") else ReadError
            self.errors[stage] = kind(
                f"{self.name}：{stage} 阶段未能读完（{reason}：{detail}）；请核实文件来源",
                f"{self.name}: the stage {stage} could not be read ({reason}: {detail}); check the origin of the file",
            )

    def listen(self, child: "_Child", pending: list[Step], deadline: float) -> tuple[str, str]:
        """Take messages until the child ends or its time is up. The reason and detail, when we end it."""
        most = self.limits.answer_mb * MIB
        expected = iter(pending)
        while True:
            now = time.monotonic()
            stage_ends = now + self.limits.stage_s
            try:
                message = child.receive(min(stage_ends, deadline), most)
                if message is None:
                    return "", ""
                if "layers" in message:
                    self.layers = tuple(Layer(*layer) for layer in message["layers"])
                    continue
                step = next(expected, None)
                if step is None or message["stage"] != step.name:
                    return "BAD_ANSWER", "an answer out of turn"
                self._take(step, message)
            except TimeoutError:
                limit = self.limits.stage_s if stage_ends < deadline else self.limits.wall_s
                return "TIME_LIMIT", f"more than {limit:g} s"
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError):
                return "BAD_ANSWER", "an answer that is not as agreed"

    def _take(self, step: Step, message: Mapping[str, Any]) -> None:
        state, reason, detail = message["state"], str(message["reason"]), str(message["detail"])
        if state not in ("done", "partial", "failed", "skipped"):
            raise ValueError(state)
        read = {key: value for key, value in message["fields"].items() if key in step.fields}
        seconds = float(message["seconds"])
        if "zh" in message and state == "failed":
            zh, en = str(message["zh"]), str(message["en"])
            if self.name not in en:
                zh, en = f"{self.name}：{zh}", f"{self.name}: {en}"
            self.errors[step.name] = _ERRORS.get(reason, ReadError)(zh, en)
        self.fields |= read
        self.seconds[step.name] = seconds
        self.ended(step.name, state, reason, detail)


def _death(code: int | None, limits: Limits) -> tuple[str, str]:
    if code == -signal.SIGXCPU:
        return "TIME_LIMIT", f"more than {limits.cpu_s} s of processor time"
    if code is None:
        return "CRASHED", "the reading process was lost"
    if code < 0:
        return "CRASHED", f"the reading process died of {_signal_name(-code)}"
    return "CRASHED", f"the reading process ended with exit code {code}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


# --- the caller's side of the fork server ---


class _Child:
    """One child, seen from the caller: a socket to talk, and one that tells the exit code and whose closing kills."""

    def __init__(self, talk: socket.socket, life: socket.socket) -> None:
        self._talk = talk
        self._life = life
        self.server = 0

    def send(self, request: Fields) -> None:
        body = json.dumps(request).encode()
        # A child that died at birth is found out by `receive`.
        with contextlib.suppress(OSError):
            self._talk.sendall(_LENGTH.pack(len(body)) + body)

    def receive(self, deadline: float, most: int) -> Any:
        """The next message; None at the end. Raises TimeoutError, and ValueError when it is longer than `most`."""
        head = self._exactly(_LENGTH.size, deadline)
        if head is None:
            return None
        (length,) = _LENGTH.unpack(head)
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
            told = self._life.recv(_EXIT.size)
            if len(told) == _EXIT.size:
                return int(_EXIT.unpack(told)[0])
        return None

    def close(self) -> None:
        self._talk.close()
        self._life.close()


class _Server:
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

    def start(self) -> None:
        with self._lock:
            if self._control is None:
                self._control = self._start()

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        program = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve()"
        try:
            # Spawned, not forked: the caller may have threads. Its own session: Ctrl-C is for the caller to handle.
            self._pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", "-c", program],
                os.environ,
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
    def child(self) -> Iterator[_Child]:
        talk, talk_there = socket.socketpair()
        life, life_there = socket.socketpair()
        child = _Child(talk, life)
        try:
            child.server = self._ask([talk_there.fileno(), life_there.fileno()])
            talk_there.close()
            life_there.close()
            yield child
        finally:
            # Closing `life` makes the server kill the child: also on Ctrl-C.
            child.close()
            talk_there.close()
            life_there.close()

    def _ask(self, descriptors: list[int]) -> int:
        """Ask for a child at the other ends of `descriptors`; the process id of the server that was asked."""
        with self._lock:
            try:
                if self._control is None:
                    self._control = self._start()
                socket.send_fds(self._control, [b"f"], descriptors)
            except OSError:
                # Somebody ended the server: a new one, once.
                self._end()
                try:
                    self._control = self._start()
                    socket.send_fds(self._control, [b"f"], descriptors)
                except OSError as error:
                    raise ReadError(
                        f"无法启动读取进程：{error}；请检查内存和进程数上限",
                        f"cannot start the reading process: {error}; check memory and process limits",
                    ) from None
            return self._pid


_SERVER = _Server()


# --- the fork server ---


def serve() -> NoReturn:
    """Fork a child per request on standard input until the caller closes its end.

    Runs in a fresh, single-threaded interpreter, which nothing but `_Server` starts.
    """
    control = socket.socket(fileno=os.dup(0))
    os.dup2(1, 0)
    network = _leave_network()
    for kind in KINDS.values():
        # What fails here fails again in the child, which can say so.
        with contextlib.suppress(Exception):
            importlib.import_module(kind).prepare()
    gc.freeze()
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, _nothing)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    selector = selectors.DefaultSelector()
    selector.register(control, selectors.EVENT_READ)
    selector.register(woken, selectors.EVENT_READ)
    lives: dict[int, socket.socket] = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj is control:
                _, descriptors, _, _ = socket.recv_fds(control, 1, 2)
                if len(descriptors) < 2:
                    for pid in lives:
                        _kill(pid)
                    os._exit(0)
                talk, life = descriptors
                pid = os.fork()
                if pid == 0:
                    _child(talk, network)
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
                        life_of.sendall(_EXIT.pack(os.waitstatus_to_exitcode(status)))
                    life_of.close()
            elif lives.get(key.data) is key.fileobj:
                # The caller wants no more of this child; it stays in `lives` until it is reaped.
                selector.unregister(key.fileobj)
                _kill(key.data)


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


# --- the child ---


def _child(talk: int, network: Layer) -> NoReturn:
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setpgid(0, 0)
        # Neither the control socket nor those of other children may reach code that reads hostile input.
        os.closerange(3, talk)
        os.closerange(talk + 1, _MOST_DESCRIPTORS)
        (length,) = _LENGTH.unpack(_read_all(talk, _LENGTH.size))
        request = json.loads(_read_all(talk, length))
        sys.path[:] = request["sys_path"]
        path, limits = Path(request["path"]), Limits(**request["limits"])
        reader = cast(Reader, importlib.import_module(request["kind"]))
        layers = [*_confine(path, limits), network]
        _tell(talk, {"layers": [[layer.name, layer.in_force, layer.detail] for layer in layers]})
        _read_stages(talk, reader, path, limits, request["read"], request["states"])
        os._exit(0)
    finally:
        os._exit(70)


def _read_stages(talk: int, reader: Reader, path: Path, limits: Limits, read: Fields, states: dict[str, str]) -> None:
    state = reader.begin(path, limits, read)
    for step in reader.STAGES:
        if step.name in states:
            continue
        began = time.perf_counter()
        message = _run_step(step, state, states)
        states[step.name] = message["state"]
        read.update(message["fields"])
        _tell(talk, {"stage": step.name, "seconds": time.perf_counter() - began, **message})


def _run_step(step: Step, state: Any, states: dict[str, str]) -> Fields:
    """Run one stage. Whatever goes wrong in it is its own failure; this is the edge where all of it is recorded."""
    for need in step.needs:
        if states[need] not in ("done", "partial"):
            return _message("skipped", "STAGE_FAILED", f"needs {need}, which is {states[need]}")
    try:
        result = step.run(state)
    except ReadError as error:
        return _message("failed", error.code, str(error)) | {"zh": error.words.zh, "en": error.words.en}
    except MemoryError:
        return _message("failed", "MEMORY_LIMIT", "needs more memory than the limits allow")
    except RecursionError:
        return _message("failed", "MALFORMED", "nested too deep")
    except Exception as error:
        return _message("failed", "CRASHED", _what_broke(error))
    if isinstance(result, Partial):
        return _message("partial", result.reason, result.detail, result.fields)
    return _message("done", "", "", result)


def _message(state: str, reason: str, detail: str, read: Fields | None = None) -> Fields:
    return {"state": state, "reason": reason, "detail": detail, "fields": read or {}}


def _what_broke(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}: {error}{where}"


def _read_all(fd: int, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = os.read(fd, size - len(parts))
        if not part:
            os._exit(0)
        parts += part
    return bytes(parts)


def _tell(fd: int, message: Fields) -> None:
    text = json.dumps(message, ensure_ascii=False, default=_plain)
    # Half a surrogate pair, as damaged string pools hold, has no UTF-8 form.
    body = _SURROGATES.sub("\ufffd", text).encode()
    view = memoryview(_LENGTH.pack(len(body)) + body)
    while view:
        view = view[os.write(fd, view) :]


def _plain(value: object) -> Fields:
    if is_dataclass(value):
        return {part.name: getattr(value, part.name) for part in fields(value)}
    raise TypeError(f"{type(value).__name__} is not JSON")


# --- the layers of the confinement, each as far as the system allows ---


def _confine(path: Path, limits: Limits) -> list[Layer]:
    return [_die_with_server(), *_limit_resources(path, limits), _landlock(path), _hook()]


def _libc() -> Any:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def _die_with_server() -> Layer:
    def attempt() -> str:
        _checked(_libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))
        return "SIGKILL"

    return _layer("dies with its server", attempt)


def _limit_resources(path: Path, limits: Limits) -> Iterator[Layer]:
    # What the process starts with and the mapped input are not charged to the reader.
    start = _address_space() + path.stat().st_size
    wanted = (
        ("RLIMIT_AS", start + limits.memory_mb * MIB),
        ("RLIMIT_CPU", limits.cpu_s),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_NOFILE", 64),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NPROC", 0),
    )
    for name, value in wanted:

        def attempt(name: str = name, value: int = value) -> str:
            kind = getattr(resource, name)
            _, hard = resource.getrlimit(kind)
            soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
            # At the soft processor limit SIGXCPU ends us, which tells more than the SIGKILL of the hard one.
            grace = 1 if name == "RLIMIT_CPU" and soft != hard else 0
            resource.setrlimit(kind, (soft, soft + grace))
            return f"{soft}, without effect for root" if name == "RLIMIT_NPROC" and os.geteuid() == 0 else str(soft)

        yield _layer(name, attempt)


def _address_space() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 512 * MIB


def _leave_network() -> Layer:
    """A network namespace of our own, with no way out. Inherited by every child."""

    def attempt() -> str:
        libc = _libc()
        if libc.unshare(_CLONE_NEWNET) == 0:
            return "own namespace"
        _checked(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET))
        return "own user and network namespace"

    return _layer("network namespace", attempt)


def _hook() -> Layer:
    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(_REFUSED):
            raise PermissionError(f"refused while reading: {event}")

    sys.addaudithook(refuse)
    return Layer("audit hook", True, "sockets and new processes refused")


# System calls 444 to 446 are the same on every architecture. Access rights: linux/landlock.h.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION = 1
_LANDLOCK_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# File rights by ABI: 13 in the first, then REFER, TRUNCATE, and IOCTL_DEV.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def _landlock(path: Path) -> Layer:
    """Only the input and Python's own libraries can be read; no writing, no TCP, no signals or sockets outwards."""

    def attempt() -> str:
        import ctypes

        libc = _libc()
        abi = _checked(libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION))
        rights = (1 << _FILE_RIGHTS.get(abi, 16)) - 1
        # struct landlock_ruleset_attr: files; from ABI 4 TCP bind and connect; from ABI 6 abstract sockets and signals.
        parts = (rights, *((3,) if abi >= 4 else ()), *((3,) if abi >= 6 else ()))
        wanted = struct.pack(f"<{len(parts)}Q", *parts)
        rules = _checked(libc.syscall(_LANDLOCK_CREATE, wanted, ctypes.c_size_t(len(wanted)), 0))
        for place, right in ((path, _READ_FILE), *((each, _READ_FILE | _READ_DIR) for each in _library_directories())):
            beneath = os.open(place, os.O_PATH | os.O_CLOEXEC)
            rule = struct.pack("<Qi", right, beneath)
            _checked(libc.syscall(_LANDLOCK_ADD, rules, _LANDLOCK_PATH_BENEATH, rule, 0))
            os.close(beneath)
        _checked(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        _checked(libc.syscall(_LANDLOCK_RESTRICT, rules, 0))
        os.close(rules)
        return f"ABI {abi}{', TCP denied' * (abi >= 4)}{', signals and sockets scoped' * (abi >= 6)}"

    return _layer("landlock", attempt)


def _library_directories() -> Iterable[Path]:
    """Where modules come from that a stage may still import: the standard library, site-packages, and hegui itself."""
    standard = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    installed = {entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))}
    ours = str(Path(__file__).parents[1])
    return (Path(each) for each in sorted({*standard, *installed, ours}) if os.path.isdir(each))


def _checked(returned: int) -> int:
    if returned < 0:
        import ctypes

        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return returned


def _layer(name: str, attempt: Callable[[], str]) -> Layer:
    try:
        return Layer(name, True, attempt())
    except (OSError, AttributeError, ValueError) as error:
        return Layer(name, False, str(error))
