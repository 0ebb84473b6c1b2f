"""Article 34, complaints: a channel in the rules, and a time limit of at most 15 working days."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.facts import Facts
from hegui.regulations.policy_parts import absent, app_rules, promised_limit


@check("cac-2026:34.1.1", needs=("policy",), missing=("LINK_NOT_FETCHED", "NO_RECORD"))
def rules_give_a_complaint_channel(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A channel for complaints in the rules (R73, limb 1). The official site must give it too, and it must answer."""
    rules = app_rules(facts)
    if rules is None:
        return
    channel = rules.complaint.get("channel")
    if channel is None:
        yield from absent(
            facts, rules, "规则没有写明投诉、举报渠道", "the rules give no channel for complaints", "contact"
        )
        return
    evidence = (shows.sentence(rules, channel.span),) if channel.span else (shows.whole(rules, channel.value),)
    yield found(
        None,
        f"规则写明投诉渠道：{channel.value or '（见原文）'}；官网是否同样公布、是否有人受理，未核验",
        f"the rules give a channel: {channel.value or '(see the text)'}; the official site and an answer were not checked",
        *evidence,
        basis="textual",
        missing=("LINK_NOT_FETCHED", "NO_RECORD"),
    )


@check("cac-2026:34.1.3", needs=("policy",), missing=("NO_RECORD",))
def promises_an_answer_in_time(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A promised limit above 15 working days violates; whether a lawful one is kept takes records (R73, limb 3)."""
    rules = app_rules(facts)
    said = rules.complaint.get("limit") if rules else None
    if rules is not None and said is not None:
        yield from promised_limit(rules, said, "violation", "投诉处理", "answer complaints")
