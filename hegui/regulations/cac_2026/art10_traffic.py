"""Articles 5(2) and 10 on traffic: the content of communications, and other people's information, that left the device."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import traffic_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.acts import tells
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import timeline
from hegui.regulations.trace_parts import map_approved, scene_of, scenes
from hegui.regulations.traffic_parts import (
    WHY_ACTOR,
    Moment,
    SameRuns,
    Sent,
    evidence,
    hosts,
    is_given_to,
    kinds,
    party_of,
    sent,
    unheard,
)

# The kind of which a planted marker is the content of a communication; who called whom is not its content.
_CONTENT = ("sms",)


@check(
    "cac-2026:5.2.2",
    "cac-2026:5.2.1",
    "cac-2026:10.2",
    needs=("net",),
    missing=("NO_CANARY", "CAPTURE_ENCRYPTED", "NO_CAPTURE", "SERVER_SIDE", "HUMAN_PENDING"),
)
def sends_the_content_of_communications(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A planted message found in what left the device (R40). To a third party, it was given away; to any other host, what for
    must be asked. The user may have forwarded it."""
    if not is_read(facts.net):
        return
    found_there = [one for one in sent(facts) if one.hit.pi_type in _CONTENT and one.hit.basis == "canary"]
    given = [one for one in found_there if is_given_to(party_of(facts, one.flow))]
    if given and asked.duty.id != "cac-2026:5.2.1":
        yield found(
            "violation",
            f"预埋的短信内容发给了第三方：{hosts(given)}",
            f"the content of a planted message went to a third party: {hosts(given)}",
            *evidence(facts, given),
            basis="observed",
            actor=given[0].flow.origin,
            why_actor=WHY_ACTOR,
        )
    elif found_there:
        yield found(
            "risk",
            f"预埋的短信内容离开了设备：{hosts(found_there)}；用途待人工确认",
            f"the content of a planted message left the device: {hosts(found_there)}; what for awaits review",
            *evidence(facts, found_there),
            basis="observed",
            missing=("HUMAN_PENDING",),
            actor=found_there[0].flow.origin,
            why_actor=WHY_ACTOR,
        )
    else:
        yield found(
            None,
            "抓到的流量里没有预埋的短信内容",
            "the content of no planted message was found in what was captured",
            shows.coverage(facts, facts.net),
            basis="observed",
            missing=(*unheard(facts.net), "SERVER_SIDE"),
        )


_OTHERS = ("contacts", "sms", "call_log")


@check(
    "cac-2026:10.1",
    needs=("net",),
    missing=("NO_CANARY", "CAPTURE_ENCRYPTED", "NO_CAPTURE", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def sends_other_peoples_information(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A planted contact, message or call found in what left the device, and from which scene (R39). Where it left from,
    only the log of the same run tells; a hash with salt hides it, so that none was found clears nobody."""
    if not is_read(facts.net):
        return
    left = [one for one in sent(facts) if one.hit.pi_type in _OTHERS and one.hit.basis == "canary"]
    same = SameRuns(facts)
    by_why: dict[str, list[Sent]] = {}
    for one in left:
        by_why.setdefault(_from_where(facts, same.moment(one.flow)), []).append(one)
    for why, several in by_why.items():
        verdict, zh, en, missing = _WHERE[why]
        yield found(
            verdict,
            f"预埋的{kinds(several).zh}发送到 {hosts(several)}，{zh}",
            f"planted {kinds(several).en} sent to {hosts(several)}, {en}",
            *evidence(facts, several),
            basis="observed",
            missing=(missing,) if missing else (),
            actor=several[0].flow.origin,
            why_actor=WHY_ACTOR,
        )
    if not left:
        yield found(
            None,
            "抓到的流量里没有预埋的联系人、短信或通话记录；加盐的哈希无法辨认",
            "no planted contact, message or call was found in what was captured; a salted hash would not be recognised",
            shows.coverage(facts, facts.net),
            basis="observed",
            missing=unheard(facts.net) or ("NO_CANARY",),
        )


_WHERE: dict[str, tuple[Verdict, str, str, str]] = {
    "none": (
        "violation",
        "声明的场景均非通讯、加好友或备份",
        "and no declared scene is communication, friends or backup",
        "",
    ),
    "outside": (
        "violation",
        "当时不在通讯、加好友或备份场景",
        "outside any scene of communication, friends or backup",
        "",
    ),
    "exempt": (
        "risk",
        "属例外场景，范围是否必要待人工确认",
        "in an exempt scene; whether that much is needed awaits review",
        "HUMAN_PENDING",
    ),
    "unknown": ("risk", "发自哪个场景尚不清楚", "from which scene is not known", "SCENE_UNMAPPED"),
}


def _from_where(facts: Facts, at: Moment | None) -> str:
    exempt = [one for one in scenes(facts) if tells("about_others", one.name)]
    if not scenes(facts):
        return "unknown"
    if not exempt:
        return "none"
    if any(one.basic for one in exempt):
        return "exempt"
    if at is None:
        return "unknown"
    line = timeline(at.run)
    # The page may have changed within what the clocks are off.
    around = [scene_of(facts, line.page_at(round(at.t_ms + off))) for off in (-at.slack_ms, at.slack_ms)]
    if any(one in exempt for one in around):
        return "exempt"
    return "outside" if map_approved(facts) and None not in around else "unknown"
