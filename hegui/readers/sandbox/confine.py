"""The layers of the confinement, each as far as the system allows; what is in force is reported, never assumed.

Landlock is three system calls, made here: the wheel of that name knows no network rights and no scopes.
"""

import os
import resource
import signal
import struct
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from hegui.readers.limits import MIB, Limits
from hegui.readers.sandbox.stages import Layer

_REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.")


def confine(path: Path, limits: Limits) -> list[Layer]:
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
    files, size = _files_and_size(path)
    start = _address_space() + size
    wanted = (
        ("RLIMIT_AS", start + limits.memory_mb * MIB),
        ("RLIMIT_CPU", limits.cpu_s),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_NOFILE", 63 + files),
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


def _files_and_size(path: Path) -> tuple[int, int]:
    """The files of the input, and the bytes they take when all are mapped at once; a map keeps its file open."""
    if not path.is_dir():
        return 1, path.stat().st_size
    with os.scandir(path) as entries:
        sizes = [entry.stat(follow_symlinks=False).st_size for entry in entries if entry.is_file(follow_symlinks=False)]
    return len(sizes), sum(sizes)


def _address_space() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 512 * MIB


def leave_network() -> Layer:
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
    """Only the input, a file or a folder, and Python's own libraries can be read; nothing written, no TCP, no signals."""

    def attempt() -> str:
        import ctypes

        libc = _libc()
        abi = _checked(libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION))
        rights = (1 << _FILE_RIGHTS.get(abi, 16)) - 1
        # struct landlock_ruleset_attr: files; from ABI 4 TCP bind and connect; from ABI 6 abstract sockets and signals.
        parts = (rights, *((3,) if abi >= 4 else ()), *((3,) if abi >= 6 else ()))
        wanted = struct.pack(f"<{len(parts)}Q", *parts)
        rules = _checked(libc.syscall(_LANDLOCK_CREATE, wanted, ctypes.c_size_t(len(wanted)), 0))
        folders = (*((path,) if path.is_dir() else ()), *_library_directories())
        for place, right in ((path, _READ_FILE), *((each, _READ_FILE | _READ_DIR) for each in folders)):
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
    ours = str(Path(__file__).parents[2])
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
