"""Articles 5(2) and 10(2) on traffic: the content of communications; article 15(2): biometrics that left the device."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import traffic_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.facts import Facts, is_read
from hegui.regulations.traffic_parts import (
    WHY_ACTOR,
    Sent,
    evidence,
    hosts,
    kinds,
    party_of,
    sent,
    sides_of,
    unheard,
)

# The kind of which a planted marker is the content of a communication; who called whom is not its content.
_CONTENT = ("sms",)
_BIOMETRICS = ("face", "finger", "voice", "iris", "gait")


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
    given = [one for one in found_there if _to_other(facts, one)]
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


def _to_other(facts: Facts, one: Sent) -> bool:
    party = party_of(facts, one.flow)
    return party is not None and party.role != "entrusted"


@check(
    "cac-2026:15.2.1",
    needs=("net",),
    missing=("CAPTURE_ENCRYPTED", "NO_CANARY", "NO_CAPTURE", "TRACE_NO_CONSENT", "HUMAN_PENDING"),
)
def lets_biometrics_leave(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A face, fingerprint, voice or other biometric found in what left the device, and whether it was agreed to before (R44)."""
    if not is_read(facts.net):
        return
    left = [one for one in sent(facts) if one.hit.pi_type.startswith("biometric.")]
    if not left:
        yield found(
            None,
            "抓到的流量里没有辨认出生物识别信息",
            "no biometrics were recognised in what was captured",
            shows.coverage(facts, facts.net),
            basis="observed",
            missing=unheard(facts.net),
        )
        return
    sides = sides_of(facts, left, ("biometric", *(f"biometric.{one}" for one in _BIOMETRICS)))
    verdict: Verdict = "violation" if "before" in sides else "risk"
    if verdict == "violation":
        zh, en, missing = "此前没有单独同意", "without a separate consent before", None
    elif sides == {"after"}:
        zh, en = "此前有单独同意，法律依据待人工确认", "after a separate consent; the legal basis awaits review"
        missing = "HUMAN_PENDING"
    else:
        zh, en = "此前是否单独同意没有记录", "whether it was agreed to before was not recorded"
        missing = "TRACE_NO_CONSENT"
    yield found(
        verdict,
        f"{kinds(left).zh}信息发送到 {hosts(left)}，{zh}",
        f"{kinds(left).en} sent to {hosts(left)}, {en}",
        *evidence(facts, left),
        basis="observed",
        assumptions=("A-19",),
        missing=(missing,) if missing else (),
        actor=left[0].flow.origin,
        why_actor=WHY_ACTOR,
    )
