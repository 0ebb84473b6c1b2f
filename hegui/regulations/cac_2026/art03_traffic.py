"""Article 3(2) on traffic: sensitive personal information that left the device, and whether it was agreed to by itself."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit.verdict import Verdict
from hegui.catalogue.pi_types import is_sensitive
from hegui.facts import Facts
from hegui.regulations.traffic_parts import WHY_ACTOR, Sent, evidence, hosts, kinds, sent, sides_of


@check("cac-2026:3.2.2", "app-2021:6.6", needs=("net",), missing=("TRACE_NO_CONSENT", "NO_UI", "HUMAN_PENDING"))
def sends_sensitive_information(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Sensitive information that left the device with no consent of its own for that kind before (R17).

    A log may lack what the screens showed, a field the user fills in beside its notice is notice and act, and the box of the
    system does not count: without a consent on record it is a risk, and a person must look at the screens.
    """
    grouped: dict[str, list[Sent]] = {}
    for one in sent(facts):
        if is_sensitive(one.hit.pi_type):
            grouped.setdefault(one.hit.pi_type, []).append(one)
    for kind, several in grouped.items():
        family = kind.partition(".")[0]
        sides = sides_of(facts, several, (family, kind, f"sensitive:{family}", f"sensitive:{kind}"))
        after = sides == {"after"}
        verdict: Verdict | None = None if after else "risk" if "before" in sides else "undetermined"
        zh, en = _WORDS["after" if after else "before" if "before" in sides else "untold"]
        yield found(
            verdict,
            f"敏感个人信息（{kinds(several).zh}）发送到 {hosts(several)}，{zh}",
            f"sensitive information ({kinds(several).en}) sent to {hosts(several)}, {en}",
            *evidence(facts, several),
            basis="observed",
            assumptions=("A-29",),
            missing=("HUMAN_PENDING",) if after or verdict == "risk" else ("TRACE_NO_CONSENT",),
            actor=several[0].flow.origin,
            why_actor=WHY_ACTOR,
        )


_WORDS = {
    "after": ("此前有针对它的单独同意；告知内容待人工核对", "after a consent of its own; what it told awaits review"),
    "before": ("此前没有记录到针对它的单独同意", "with no consent of its own on record before"),
    "untold": (
        "没有可对时的运行日志，是否先有单独同意无从判断",
        "and no log whose clock can be related tells of a consent",
    ),
}
