"""What the checks on traffic share: what left, to whom, on which side of a consent, and when silence says nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from hegui.audit import Evidence
from hegui.audit import traffic_evidence as shows
from hegui.catalogue.apis import WEAK_PI_TYPES
from hegui.catalogue.pi_types import pi_type
from hegui.catalogue.sdks import sdk
from hegui.facts import Facts, is_read
from hegui.facts.declaration import Role
from hegui.facts.queries.consent import Consents
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Run
from hegui.facts.traffic import Flow, Hit, Net
from hegui.words import Words

_MOST_SHOWN = 4
_HASHES = ("md5", "sha1", "sha256")

WHY_ACTOR = Words("抓包本身不说明是谁发送的", "a capture does not tell who sent it")


@dataclass(frozen=True)
class Sent:
    """Something recognised in a request."""

    flow: Flow
    hit: Hit

    @property
    def hashed(self) -> bool:
        return any(one in _HASHES for one in self.hit.encoding.split("+"))


@dataclass(frozen=True)
class Party:
    """Who a host belongs to. `role` and `agreement` as declared; None and "" where nobody said."""

    name: str
    names: tuple[str, ...]
    sdk_id: str
    role: Role | None
    agreement: str


def sent(facts: Facts) -> Iterator[Sent]:
    """All personal information recognised in what left the device; what is never a finding alone is left out."""
    for flow in facts.net.flows if is_read(facts.net) else ():
        if isinstance(flow.hits, tuple) and not _on_device(flow.host):
            yield from (Sent(flow, hit) for hit in flow.hits if hit.pi_type not in WEAK_PI_TYPES)


def _on_device(host: str) -> bool:
    """Whether the host is the device itself (RULES R74: localhost traffic)."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def party_of(facts: Facts, flow: Flow) -> Party | None:
    """The third party a flow goes to: declared with that host, or the SDK whose server it is.

    None: the operator's own, or nobody can tell whose.
    """
    app = facts.decl.app if is_read(facts.decl) else None
    recipients = app.recipients if app else ()
    known = sdk(flow.recipient) if flow.recipient else None
    names = (known.name.zh, known.name.en, known.operator, known.id) if known else ()
    named = next((one for one in recipients if any(_under(flow.host, host) for host in one.hosts)), None)
    named = named or next((one for one in recipients if one.name in names), None)
    if named is not None:
        return Party(named.name, (named.name, *names), flow.recipient, named.role, named.agreement or "")
    if known is None or (app and app.operator == known.operator):
        return None
    return Party(known.name.zh, names, known.id, None, "")


def to_strangers(facts: Facts) -> list[Sent]:
    """What went to hosts that are neither a known party's nor, by the declared official site, the operator's own."""
    site = facts.decl.app.official_site if is_read(facts.decl) else None
    own = (urlsplit(site).hostname or "").removeprefix("www.") if site else ""
    return [
        one
        for one in sent(facts)
        if not one.flow.recipient and party_of(facts, one.flow) is None and not (own and _under(one.flow.host, own))
    ]


def _under(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


def to_parties(facts: Facts) -> dict[Party, list[Sent]]:
    """What went to third parties, by party."""
    found: dict[Party, list[Sent]] = {}
    for one in sent(facts):
        party = party_of(facts, one.flow)
        if party is not None:
            found.setdefault(party, []).append(one)
    return found


# ------------------------------------------------------------------------------------------------------ consent

# Where a flow lies: before or after an agreement; unsure within what the clocks are off; or the capture belongs to no run
# that would show one.
Side = Literal["before", "after", "unsure", "untold"]


def sides_of(facts: Facts, several: list[Sent], scopes: tuple[str, ...]) -> set[Side]:
    """On which sides of an agreement of one of these scopes they lie. "rules" is the agreement to the rules themselves."""
    by_source: dict[str, list[Flow]] = {}
    for one in several:
        by_source.setdefault(one.flow.place.partition("#")[0], []).append(one.flow)
    return {side for source, flows in by_source.items() for side in _sides(facts, source, flows, scopes)}


def _sides(facts: Facts, source: str, flows: list[Flow], scopes: tuple[str, ...]) -> set[Side]:
    captures = facts.net.captures if is_read(facts.net) else ()
    capture = next((one for one in captures if one.source == source), None)
    run = _run_of(facts, capture.run_id) if capture else None
    if capture is None or run is None or run.meta.clock == "order" or not Consents(run).tells:
        return {"untold"}
    begins, other = _ms(run.meta.started_at), _ms(capture.started_at)
    if begins is None or other is None:
        return {"untold"}
    slack = capture.uncertainty_ms + run.meta.uncertainty_ms
    agreed = min(
        (
            one.t_ms
            for one in timeline(run).events(lambda what: what.type == "consent" and what.act == "agree")
            if (one.what.scope or "rules") in scopes
        ),
        default=None,
    )
    return {_side(flow.t_ms + other - begins, agreed, slack) for flow in flows}


def _side(at: float, agreed: int | None, slack: int) -> Side:
    if agreed is None or at + slack < agreed:
        return "before"
    return "after" if at - slack > agreed else "unsure"


def _run_of(facts: Facts, run_id: str) -> Run | None:
    runs = facts.trace.runs if is_read(facts.trace) else ()
    return next((one for one in runs if run_id and one.meta.run_id == run_id), None)


def _ms(moment: str) -> float | None:
    try:
        return datetime.fromisoformat(moment).timestamp() * 1000
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------------ silence


def unheard(net: Net) -> tuple[str, ...]:
    """Why it says little that nothing was recognised; () where everything could be read and markers were planted."""
    found = []
    if not net.flows:
        found.append("NO_CAPTURE")
    if any(not isinstance(one.hits, tuple) or one.gaps for one in net.flows):
        found.append("CAPTURE_ENCRYPTED")
    if not net.canaries:
        found.append("NO_CANARY")
    return tuple(found)


# -------------------------------------------------------------------------------------------------------- words


def kinds(several: list[Sent]) -> Words:
    codes = list(dict.fromkeys(one.hit.pi_type for one in several))
    return Words("、".join(pi_type(one).zh for one in codes), ", ".join(pi_type(one).en for one in codes))


def hosts(several: list[Sent]) -> str:
    return "、".join(list(dict.fromkeys(one.flow.host for one in several))[:_MOST_SHOWN])


def evidence(facts: Facts, several: list[Sent]) -> tuple[Evidence, ...]:
    """The first of each kind, a few in all."""
    first = {(one.hit.pi_type, one.flow.host): one for one in reversed(several)}
    return tuple(shows.hit(facts, one.flow, one.hit) for one in list(first.values())[::-1][:_MOST_SHOWN])
