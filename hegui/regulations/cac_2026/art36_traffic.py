"""Article 36 on traffic (with article 15(1)): personal information that left the device unencrypted."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import traffic_evidence as shows
from hegui.facts import Facts, is_read
from hegui.regulations.traffic_parts import WHY_ACTOR, Sent, evidence, hosts, kinds, sent, unheard
from hegui.words import Words

_ANY = Words("个人信息", "personal information")
_BIOMETRICS = Words("生物识别信息", "biometrics")


@check(
    "cac-2026:36.1.2",
    "app-2021:8.5.1",
    "app-2021:13.4",
    "app-2021:10.4.1",
    "cac-2026:15.1.2",
    needs=("net",),
    missing=("CAPTURE_ENCRYPTED", "NO_CANARY", "NO_CAPTURE"),
)
def sends_in_the_clear(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Personal information in a request without TLS (R74, limb 1). What stays on the device is no traffic.

    A build for debugging may differ from what users get, and a hash hides its value: both are a risk. Servers of a known SDK
    are what an SDK's duty is asked about; article 15 is about biometrics.
    """
    if not is_read(facts.net):
        return
    about = _BIOMETRICS if asked.duty.id == "cac-2026:15.1.2" else _ANY
    clear = [one for one in sent(facts) if not one.flow.tls and _concerns(asked, one)]
    open_values = [one for one in clear if not one.hashed]
    debug = is_read(facts.pkg) and facts.pkg.debuggable is True
    if open_values:
        yield found(
            "risk" if debug else "violation",
            f"未加密发送{kinds(open_values).zh}到 {hosts(open_values)}" + ("；这是调试构建" if debug else ""),
            f"sends {kinds(open_values).en} unencrypted to {hosts(open_values)}"
            + ("; a build for debugging" if debug else ""),
            *evidence(facts, open_values),
            basis="observed",
            actor=open_values[0].flow.origin,
            why_actor=WHY_ACTOR,
        )
    elif clear:
        yield found(
            "risk",
            f"未加密发送{kinds(clear).zh}的哈希到 {hosts(clear)}",
            f"sends hashes of {kinds(clear).en} unencrypted to {hosts(clear)}",
            *evidence(facts, clear),
            basis="observed",
            actor=clear[0].flow.origin,
            why_actor=WHY_ACTOR,
        )
    else:
        yield found(
            None,
            f"抓到的流量里没有未加密发送的{about.zh}",
            f"no {about.en} left unencrypted in what was captured",
            shows.coverage(facts, facts.net),
            basis="observed",
            missing=unheard(facts.net),
        )


def _concerns(asked: Asked, one: Sent) -> bool:
    if asked.duty.id == "cac-2026:15.1.2":
        return one.hit.pi_type.startswith("biometric.")
    return asked.duty.obligor != "sdk_operator" or bool(one.flow.recipient)
