"""Which acts take personal information (RULES D2): the one question that checks and pictures of a run ask alike."""

from typing import Protocol

from hegui.catalogue.apis.api import WEAK_PI_TYPES, entry

# How a file or a contact came to the app when the user picked it.
PICKED = frozenset({"picker", "saf", "photo_picker", "private", "own"})

_TAKING = frozenset({"api", "sensor", "loc", "file", "net"})
_ENDS = frozenset({"close", "stop"})


class Act(Protocol):
    """What is asked of an act; hegui.facts.trace.What is one."""

    @property
    def type(self) -> str: ...
    @property
    def api_id(self) -> str | None: ...
    @property
    def pi_type(self) -> str | None: ...
    @property
    def pi(self) -> tuple[str, ...]: ...
    @property
    def op(self) -> str | None: ...
    @property
    def via(self) -> str | None: ...
    @property
    def origin(self) -> str | None: ...
    @property
    def derived(self) -> bool: ...


def takes(act: Act) -> bool:
    """Whether it takes personal information, granted or not: a reading, an opened sensor, a flow that carries it.

    Left out: traits that are never a finding alone, what only ends a use, asks, checks or prepares, and the system's own.
    """
    if act.type not in _TAKING or act.derived or act.op in _ENDS or act.origin == "system":
        return False
    if act.type == "net":
        return bool(kinds_of(act))
    if not act.pi_type or act.pi_type in WEAK_PI_TYPES or act.via in PICKED:
        return False
    known = entry(act.api_id or "")
    return known is None or (not known.weak and (known.act in ("read", "listen") or act.type != "api"))


def kinds_of(act: Act) -> tuple[str, ...]:
    """The kinds of personal information it is about; of a flow those that are more than a common trait."""
    if act.type == "net":
        return tuple(one for one in act.pi if one not in WEAK_PI_TYPES)
    return (act.pi_type,) if act.pi_type else ()
