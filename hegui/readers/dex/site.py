"""What reading the code of a package gives."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hegui.facts.package import Argument, Place


@dataclass(frozen=True, slots=True)
class Site:
    """A place in the code that uses a target. The fields of CallSite, and how it was found.

    `kind`: "call" is an invoke of the target itself, and only these are what cross references are in other tools;
    "field" the read of a field; "subclass" a call that names the app's own (or a platform) class below the target's;
    "handle" a method handle, call site or polymorphic invoke. `written` is the class that the instruction names.
    `shadowed`: the class is defined by an earlier DEX file too, so at run time this code is not there.
    """

    api: str
    pi_type: str | None
    perm_group: str | None
    target: str
    cls: str
    method: str
    offset: int
    kind: str
    opcode: int
    written: str
    dex: str
    at: "Place"
    shadowed: bool = False
    reach: tuple[str, ...] = ()
    args: "tuple[Argument, ...]" = ()
    gate: str | None = None


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """The code of a package (代码事实).

    `sites` are in the order of DEX files, methods and offsets. `urls` are the distinct http and https addresses in
    string constants, sorted. `packages` counts the classes defined per Java package (a/b/c). `faults` names DEX files
    that could not be read, and why. `coverage` says what was read and what limits the reading: the keys of
    `hidden.coverage`; unresolved_constants (carriers whose constant is not known, by kind); shadowed_classes;
    gates_left_out (methods with sites in which guards were not looked for to the end); and
    sites_cut, reach_cut, urls_cut (whether a bound ended the listing). `seconds` is processor time per step, for timings
    only: it never enters facts.
    """

    sites: tuple[Site, ...]
    urls: tuple[str, ...]
    packages: dict[str, int]
    coverage: dict[str, Any]
    faults: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict, compare=False)
