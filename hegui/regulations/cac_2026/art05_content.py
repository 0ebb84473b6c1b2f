"""Article 5(2), secrecy of communications (通信秘密): rules that announce to look into the content of messages."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.catalogue.behaviours.acts import tells
from hegui.facts import Facts
from hegui.facts.policy import Policy, Span
from hegui.facts.queries.policy_text import sentences
from hegui.regulations.policy_parts import app_rules


@check("cac-2026:5.2.1", "cac-2026:10.2", needs=("policy",), missing=("HUMAN_PENDING", "NO_CANARY", "SERVER_SIDE"))
def announces_looking_into_messages(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A sentence of the rules says that the content of messages is scanned, filtered or the like (R40, limb 3). What a
    sentence denies, or keeps on the device, is left out; that no sentence says it proves nothing of the servers."""
    rules = app_rules(facts)
    if rules is None:
        return
    announced = [span for span in sentences(rules) if _announces(rules, span)]
    if announced:
        yield found(
            "risk",
            f"规则称会检查通信内容（{len(announced)} 处），依据与范围待人工确认",
            f"the rules say that the content of communications is looked into ({len(announced)} sentences); on what ground, "
            "and how far, awaits review",
            *(shows.sentence(rules, span) for span in announced[:3]),
            basis="textual",
            missing=("HUMAN_PENDING",),
        )
    else:
        yield found(
            None,
            "规则没有写明检查通信内容；服务端是否检查看不到",
            "the rules do not say that the content of communications is looked into; what servers do is not seen",
            shows.whole(rules, ""),
            basis="textual",
            missing=("NO_CANARY", "SERVER_SIDE"),
        )


def _announces(rules: Policy, span: Span) -> bool:
    said = rules.said(span)
    return tells("content_of_messages", said) and tells("looks_into", said) and not tells("not_looked_into", said)
