"""What the catalogue knows of the ids that facts hold. An id it does not know stays an id: facts may be older or newer."""

from hegui.catalogue.apis import LOADS_BYTECODE, WEAK_PI_TYPES, entry
from hegui.facts.package import CallSite
from hegui.words import Words


def api_name(site: CallSite) -> Words:
    """The short name of what a site calls; its class and member where the catalogue has none."""
    if known := entry(site.api):
        return known.name
    cls, arrow, member = site.target.partition(";->")
    short = (
        f"{cls.rpartition('/')[2]}.{member.partition('(')[0].partition(':')[0]}" if arrow else site.target or site.api
    )
    return Words(short, short)


def is_weak(site: CallSite) -> bool:
    """Never a finding alone: a trait shared by many devices, or a call that only prepares or hints at a reading."""
    known = entry(site.api)
    return site.pi_type in WEAK_PI_TYPES or (known is not None and known.weak)


def loads_bytecode(site: CallSite) -> bool:
    return site.api in LOADS_BYTECODE


def loads_other_code(site: CallSite) -> bool:
    return _act(site) == "load_code" and site.api not in LOADS_BYTECODE


def reflects(site: CallSite) -> bool:
    return _act(site) == "reflect"


def _act(site: CallSite) -> str:
    known = entry(site.api)
    if known is not None:
        return known.act
    if site.api.startswith(("code.reflect", "code.class_for_name", "code.proxy")):
        return "reflect"
    return "load_code" if site.api.startswith("code.") else ""
