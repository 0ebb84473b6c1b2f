"""Article 10(5) on traffic: personal information that an SDK passed on to somebody who is not its operator."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import trace_evidence as runs_show
from hegui.audit import traffic_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.clouds import is_cloud
from hegui.catalogue.pi_types import pi_type
from hegui.catalogue.sdks import Sdk, by_domain, sdk
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Event, Run
from hegui.facts.traffic import Net
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import kinds_of, run_name, tells_consent, timelines, why_actor
from hegui.regulations.trace_rules import is_sdk
from hegui.regulations.traffic_parts import (
    WHY_ACTOR,
    Party,
    Senders,
    Sent,
    Side,
    evidence,
    first_agreement,
    hosts,
    kinds,
    operators_own,
    own_scopes,
    party_at,
    sent,
    side,
    sides_of,
    unheard,
)
from hegui.words import Words


@dataclass(frozen=True)
class _Recipient:
    """To whom an SDK sent. own: its operator, or the app's; entrusted: by agreement; other: a known party of its own;
    untold: nobody can tell whose data lies there, as on a cloud's host, or on one of the SDK's that no list has."""

    kind: Literal["own", "entrusted", "other", "untold"]
    party: Party | None = None


def _recipient(facts: Facts, actor: str, host: str, owner: Sdk | None) -> _Recipient:
    sender = sdk(actor)
    party = party_at(facts, host, owner.id if owner else "")
    if operators_own(facts, host) or (owner and sender and owner.operator == sender.operator):
        return _Recipient("own")
    if party is not None:
        return _Recipient("entrusted" if party.role == "entrusted" and party.agreement else "other", party)
    # A known server and no third party: the app's own operator's, who is the one that collects.
    return _Recipient("untold" if owner is None or is_cloud(host) else "own")


def _judged(recipient: _Recipient, sides: set[Side]) -> tuple[Verdict | None, Words, str]:
    """What passing on to this recipient may be called on these sides of a consent, why, and what would settle it."""
    if recipient.kind in ("own", "entrusted"):
        return (
            None,
            Words("该 SDK 或应用运营者自有，或受托", "the SDK's or the app operator's own, or entrusted"),
            "SERVER_SIDE",
        )
    if sides == {"after"}:
        return None, Words("此前用户已同意", "after the user had agreed"), "SERVER_SIDE"
    if recipient.party is None:
        whose = Words(
            "主机归属不明（云、内容分发或未登记的主机）", "whose host it is, is not known (a cloud's, or on no list)"
        )
        return None, whose, "ROLE_UNKNOWN"
    if recipient.party.role is None:
        return "risk", Words("非该 SDK 运营者，角色未声明", "not its operator, in a role not declared"), "ROLE_UNKNOWN"
    if "before" in sides:
        without = Words("非该 SDK 运营者，此前没有用户同意", "not its operator, without the user's consent before")
        return "violation", without, ""
    return (
        "undetermined",
        Words("先于还是后于用户同意无从判断", "whether after a consent is not told"),
        "TRACE_NO_CONSENT",
    )


def _scopes(party: Party | None) -> tuple[str, ...]:
    """The draft of 2021 asks for the user's consent, and not for one of its own."""
    return ("rules", "third_party", *(own_scopes(party) if party else ()))


@check(
    "app-2021:10.5",
    needs=("net",),
    missing=(
        "NO_CAPTURE",
        "CAPTURE_ENCRYPTED",
        "NO_CANARY",
        "SERVER_SIDE",
        "ROLE_UNKNOWN",
        "TRACE_NO_STACK",
        "TRACE_NO_CONSENT",
    ),
)
def an_sdk_passes_on(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An SDK sent personal information to somebody else without the user's consent before (R76). Who sent it, the log of
    the same run tells, by the stack of its own flow to that host; what servers pass on among themselves, nobody sees."""
    if not is_read(facts.net):
        return
    senders = Senders(facts)
    grouped: dict[tuple[str, str], list[tuple[Sent, tuple[Run, Event] | None]]] = {}
    nobodys: list[Sent] = []
    for one in sent(facts):
        actor, by = senders.of(one.flow)
        if is_sdk(actor):
            grouped.setdefault((actor, one.flow.host), []).append((one, by))
        elif actor == "unknown":
            nobodys.append(one)
    for (actor, host), given in grouped.items():
        several = [one for one, _ in given]
        recipient = _recipient(facts, actor, host, sdk(several[0].flow.recipient))
        weighed = _judged(recipient, sides_of(facts, several, _scopes(recipient.party)))
        by = given[0][1]
        logged = (runs_show.event(facts, *by),) if by else ()
        why = why_actor(by[1]) if by else WHY_ACTOR
        yield _told(
            Words("", ""), actor, recipient, host, kinds(several), weighed, (*evidence(facts, several), *logged), why
        )
    yield from _the_rest(facts, facts.net, nobodys)


def _the_rest(facts: Facts, net: Net, nobodys: list[Sent]) -> Iterator[Finding]:
    yield found(
        None,
        f"发往 {hosts(nobodys)} 的个人信息不知由谁发送"
        if nobodys
        else "其余流量中没有 SDK 向他人发送的个人信息；服务端之间的共享看不到",
        f"who sent personal information to {hosts(nobodys)} is not known"
        if nobodys
        else "in the other traffic no SDK sent personal information to others; what servers share is not seen",
        shows.coverage(facts, net),
        *evidence(facts, nobodys),
        basis="observed",
        missing=(*unheard(net), *(("TRACE_NO_STACK",) if nobodys else ()), "SERVER_SIDE"),
    )


@check(
    "app-2021:10.5",
    needs=("trace",),
    missing=("SERVER_SIDE", "ROLE_UNKNOWN", "TRACE_NO_CONSENT"),
)
def an_sdk_is_logged_passing_on(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The same from a log alone, where it tells what its flows carry (R76)."""
    for run, line in timelines(facts):
        grouped: dict[tuple[str, str], list[Event]] = {}
        for one in line.events(lambda what: what.type == "net" and bool(kinds_of(what))):
            if is_sdk(one.origin) and not line.foreign(one.what):
                grouped.setdefault((one.origin, one.what.host or ""), []).append(one)
        for (actor, host), several in grouped.items():
            recipient = _recipient(facts, actor, host, by_domain(host))
            weighed = _judged(recipient, _sides(run, line, several, _scopes(recipient.party)))
            codes = list(dict.fromkeys(kind for one in several for kind in kinds_of(one.what)))
            name = Words("、".join(pi_type(one).zh for one in codes), ", ".join(pi_type(one).en for one in codes))
            shown = (*runs_show.events(facts, run, several), runs_show.whole(facts, run))
            yield _told(run_name(run), actor, recipient, host, name, weighed, shown, why_actor(several[0]))


def _sides(run: Run, line: Timeline, several: list[Event], scopes: tuple[str, ...]) -> set[Side]:
    agreed = first_agreement(run, scopes)
    return {
        side(one.t_ms, agreed, line.slack(one.what)) if tells_consent(run, one.t_ms) else "untold" for one in several
    }


def _told(
    where: Words,
    actor: str,
    recipient: _Recipient,
    host: str,
    name: Words,
    weighed: tuple[Verdict | None, Words, str],
    shown: tuple[Evidence, ...],
    why: Words,
) -> Finding:
    verdict, says, missing = weighed
    to = f"{recipient.party.name}（{host}）" if recipient.party else host
    to_en = f"{recipient.party.name} ({host})" if recipient.party else host
    return found(
        verdict,
        (f"{where.zh}：" if where.zh else "") + f"{who(actor).zh}向 {to} 发送{name.zh}：{says.zh}",
        (f"{where.en}: " if where.en else "") + f"{who(actor).en} sends {name.en} to {to_en}: {says.en}",
        *shown,
        basis="observed",
        assumptions=("A-07",),
        missing=(missing,) if missing else (),
        actor=actor,
        why_actor=why,
    )
