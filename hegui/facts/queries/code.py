"""What the code can read, and how far "not found in the code" may be trusted."""

from collections.abc import Iterable

from hegui.facts.package import CallSite, Package
from hegui.facts.unread import Unread, is_read


def at_startup(sites: Iterable[CallSite]) -> tuple[CallSite, ...]:
    """Those on a path that runs before any screen, and so before any consent."""
    return tuple(one for one in sites if one.reach[:1] == ("startup",))


def as_it_opens(sites: Iterable[CallSite]) -> tuple[CallSite, ...]:
    """Those on a path that runs while the launcher's screen opens, before the user can do anything in it."""
    return tuple(one for one in sites if one.reach[:1] == ("launcher",))


def unreached(site: CallSite) -> bool:
    """No path from an entry of the package to the site was found."""
    return site.reach[:1] in ((), ("unreached",))


def by_actor_and_type(sites: Iterable[CallSite]) -> dict[tuple[str, str], tuple[CallSite, ...]]:
    """The sites of each party and kind of information, in the order of the party's name and the kind."""
    groups: dict[tuple[str, str], list[CallSite]] = {}
    for one in sites:
        groups.setdefault((one.origin, one.pi_type or ""), []).append(one)
    return {key: tuple(groups[key]) for key in sorted(groups)}


def hidden_by(pkg: Package) -> tuple[str, ...]:
    """The reason codes under which a call that was not found may still be there; () when the code was read whole.

    Native libraries and reflection can call what bytecode does not name, so they count as DYN_CODE (RULES §4). What
    nobody looked at gives the code it was left unread with.
    """
    flags = pkg.flags
    codes = []
    if isinstance(flags.packed, Unread):
        codes.append(flags.packed.unread)
    elif flags.packed:
        codes.append("PACKED")
    dynamic = (flags.dyn_code, False), (flags.native_libs, ()), (flags.reflection, 0)
    codes += [part.unread for part, _ in dynamic if isinstance(part, Unread)]
    if any(is_read(part) and part != nothing for part, nothing in dynamic):
        codes.append("DYN_CODE")
    return tuple(dict.fromkeys(codes))


def unowned(pkg: Package) -> tuple[str, ...]:
    """Java packages of code that is neither the app's, nor a known SDK's, nor a known library's; () when unread."""
    return pkg.unowned_code if is_read(pkg.unowned_code) else ()
