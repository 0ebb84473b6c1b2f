"""What the checks on traffic share: what left, to whom, on which side of a consent, and when silence says nothing."""

from bisect import bisect_left, bisect_right
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
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Event, Run
from hegui.facts.traffic import Flow, Hit, Net
from hegui.regulations.trace_parts import agreed_by_tap, tells_consent
from hegui.words import Words

_MOST_SHOWN = 4
# A log notes the connection, a capture the request on it; both are put down when they begin.
_APART_MS = 1000
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
    return party_at(facts, flow.host, flow.recipient)


def party_at(facts: Facts, host: str, sdk_id: str) -> Party | None:
    """The third party a host belongs to; `sdk_id` of the SDK whose server it is, or ""."""
    app = facts.decl.app if is_read(facts.decl) else None
    recipients = app.recipients if app else ()
    known = sdk(sdk_id) if sdk_id else None
    names = (known.name.zh, known.name.en, known.operator, known.id) if known else ()
    named = next((one for one in recipients if any(_under(host, each) for each in one.hosts)), None)
    named = named or next((one for one in recipients if one.name in names), None)
    if named is not None:
        return Party(named.name, (named.name, *names), sdk_id, named.role, named.agreement or "")
    if known is None or (app and app.operator == known.operator):
        return None
    return Party(known.name.zh, names, known.id, None, "")


def own_scopes(party: Party) -> tuple[str, ...]:
    """The scopes of a consent that is for this party alone, by any of its names."""
    return tuple(f"third_party:{one}" for one in (*party.names, party.sdk_id) if one)


# What carries messages for the app: to hand it their content is what it is there for, once it is entrusted with it.
_CARRIES_MESSAGES = frozenset({"im", "customer_service"})


def is_given_to(party: Party | None) -> bool:
    """Whether communications that went to this party were given to another (RULES R40): not to one that is entrusted, nor,
    while nobody said in what role, to one that carries the app's messages."""
    if party is None or party.role == "entrusted":
        return False
    known = sdk(party.sdk_id) if party.sdk_id else None
    return party.role is not None or known is None or known.func_class not in _CARRIES_MESSAGES


def to_strangers(facts: Facts) -> list[Sent]:
    """What went to hosts that are neither a known party's nor, by the declared official site, the operator's own."""
    return [
        one
        for one in sent(facts)
        if not one.flow.recipient and party_of(facts, one.flow) is None and not operators_own(facts, one.flow.host)
    ]


def operators_own(facts: Facts, host: str) -> bool:
    """Whether a host is under the operator's declared official site."""
    site = facts.decl.app.official_site if is_read(facts.decl) else None
    own = (urlsplit(site).hostname or "").removeprefix("www.") if site else ""
    return bool(own) and _under(host, own)


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


# ------------------------------------------------------------------------------------------ the log of the same run


@dataclass(frozen=True)
class Moment:
    """When, in the time of a run's log, a request was sent, and how far that may be off."""

    run: Run
    t_ms: float
    slack_ms: int


class SameRuns:
    """The runs that captures belong to, and how their clocks relate. Only what both sides state in full counts."""

    def __init__(self, facts: Facts) -> None:
        self._shift: dict[str, tuple[Run, float, int]] = {}
        runs = {one.meta.run_id: one for one in (facts.trace.runs if is_read(facts.trace) else ())}
        for capture in facts.net.captures if is_read(facts.net) else ():
            run = runs.get(capture.run_id) if capture.run_id else None
            if run is None or run.meta.clock == "order":
                continue
            begins, other = _ms(run.meta.started_at), _ms(capture.started_at)
            if begins is not None and other is not None:
                slack = capture.uncertainty_ms + run.meta.uncertainty_ms
                self._shift[capture.source] = (run, other - begins, slack)

    def moment(self, flow: Flow) -> Moment | None:
        """None where the capture belongs to no run, or the clocks cannot be related."""
        found = self._shift.get(flow.place.partition("#")[0])
        return Moment(found[0], flow.t_ms + found[1], found[2]) if found else None


def _ms(moment: str) -> float | None:
    try:
        return datetime.fromisoformat(moment).timestamp() * 1000
    except ValueError:
        return None


class Senders:
    """Who sent each flow. A capture does not tell; a log of the same run may, by the stack of its own flow to that host."""

    def __init__(self, facts: Facts) -> None:
        self._same = SameRuns(facts)
        self._logged: dict[tuple[str, str], list[Event]] = {}
        for run in facts.trace.runs if is_read(facts.trace) else ():
            for one in timeline(run).events(lambda what: what.type == "net" and bool(what.host)):
                self._logged.setdefault((run.meta.run_id, one.what.host or ""), []).append(one)

    def of(self, flow: Flow) -> tuple[str, tuple[Run, Event] | None]:
        """The origin of a flow, and the event of the log that tells; "unknown" where none or several parties may have sent it."""
        if flow.origin != "unknown":
            return flow.origin, None
        at = self._same.moment(flow)
        if at is None:
            return "unknown", None
        reach = at.slack_ms + _APART_MS
        logged = self._logged.get((at.run.meta.run_id, flow.host), [])
        first = bisect_left(logged, at.t_ms - reach, key=lambda one: one.t_ms)
        near = logged[first : bisect_right(logged, at.t_ms + reach, key=lambda one: one.t_ms)]
        if len({one.origin for one in near}) != 1:
            return "unknown", None
        return near[0].origin, (at.run, near[0])


# ------------------------------------------------------------------------------------------------------ consent

# Where a flow lies: before or after an agreement; unsure within what the clocks are off; or the capture belongs to no run
# that would show one.
Side = Literal["before", "after", "unsure", "untold"]


def sides_of(facts: Facts, several: list[Sent], scopes: tuple[str, ...]) -> set[Side]:
    """On which sides of an agreement of one of these scopes they lie. "rules" is the agreement to the rules themselves."""
    same = SameRuns(facts)
    agreed: dict[str, int | None] = {}
    sides: set[Side] = set()
    for one in several:
        at = same.moment(one.flow)
        if at is None or not tells_consent(at.run, at.t_ms):
            sides.add("untold")
            continue
        run_id = at.run.meta.run_id
        if run_id not in agreed:
            agreed[run_id] = first_agreement(at.run, scopes)
        lies = side(at.t_ms, agreed[run_id], at.slack_ms)
        # A consent of its own that the user gave by a tap, and that the log does not name as one.
        sides.add("untold" if lies == "before" and agreed_by_tap(at.run, at.t_ms + at.slack_ms) else lies)
    return sides


def first_agreement(run: Run, scopes: tuple[str, ...]) -> int | None:
    """When the user first agreed to one of these scopes; None if never."""
    given = timeline(run).events(lambda what: what.type == "consent" and what.act == "agree")
    return min((one.t_ms for one in given if (one.what.scope or "rules") in scopes), default=None)


def side(at: float, agreed: int | None, slack: int) -> Side:
    if agreed is None or at + slack < agreed:
        return "before"
    return "after" if at - slack > agreed else "unsure"


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
