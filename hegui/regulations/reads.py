"""The places in the code that can read personal information, as checks of both drafts count them."""

from hegui.catalogue.apis import WEAK_PI_TYPES, entry
from hegui.facts.package import CallSite, Package
from hegui.facts.unread import Unread

# What a site does that gives the code something about the person; asking, checking and preparing do not.
_READS = ("read", "listen")


def reads(pkg: Package) -> tuple[CallSite, ...]:
    """Sites that read or listen to personal information. Left out: traits that are never a finding alone, and calls that
    only prepare or hint at a reading. Call only where `pkg.callsites` was read."""
    if isinstance(pkg.callsites, Unread):
        raise TypeError("call sites were not read; name pkg.callsites in the check's needs")
    return tuple(one for one in pkg.callsites if one.pi_type and one.pi_type not in WEAK_PI_TYPES and _counts(one))


def _counts(site: CallSite) -> bool:
    known = entry(site.api)
    return known is None or (known.act in _READS and not known.weak)
