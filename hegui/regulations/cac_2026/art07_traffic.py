"""Article 7(1) on traffic: what the rules say does not leave the device or is not given to others, held against what did."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as said
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts
from hegui.facts.policy import Stated
from hegui.facts.queries.consistency import covers
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.traffic_parts import WHY_ACTOR, Party, Sent, evidence, hosts, party_of, sent

# What each kind of traffic contradicts: a kind that left at all was collected and uploaded.
_LEFT = ("collect", "upload")
_DENIED = {
    "collect": ("收集", "is not collected"),
    "upload": ("上传", "is not uploaded"),
    "share": ("向他人提供", "is not shared"),
}


@check("cac-2026:7.1.0.2", "app-2021:6.0.1", needs=("policy", "net"), missing=("HUMAN_PENDING",))
def sends_what_the_rules_deny(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The rules say that a kind is not collected, not uploaded or not shared, and it is seen to leave (R02, limb 1).

    Sharing is contradicted only by a third party that is not declared as entrusted, and fully only where its role is declared.
    A general denial (设备信息), a hash of the value, or rules that state the kind elsewhere, leave a person to read them.
    """
    rules = app_rules(facts)
    if rules is None:
        return
    grouped: dict[tuple[str, str], tuple[Stated, list[Sent]]] = {}
    for one in sent(facts):
        party = party_of(facts, one.flow)
        for stated in rules.negatives:
            act, _, about = stated.value.partition(":")
            if about and covers(about, one.hit.pi_type) and (act in _LEFT or (act == "share" and _is_other(party))):
                grouped.setdefault((act, one.hit.pi_type), (stated, []))[1].append(one)
    for (act, kind), (stated, several) in grouped.items():
        exact = covers(stated.value.partition(":")[2], kind) == "exactly"
        sure = act != "share" or any((party := party_of(facts, one.flow)) and party.role for one in several)
        two_minded = act == "collect" and any(covers(one.type, kind) for one in rules.types)
        clear = exact and sure and not two_minded and not all(one.hashed for one in several)
        name, (zh, en) = pi_type(kind), _DENIED[act]
        yield found(
            "violation" if clear else "risk",
            f"规则称不{zh}{name.zh}，流量中却发往 {hosts(several)}" + ("" if clear else "，待人工核对"),
            f"the rules say that {name.en} {en}; it was sent to {hosts(several)}" + ("" if clear else ", for review"),
            *([said.sentence(rules, stated.span)] if stated.span else []),
            *evidence(facts, several),
            basis="observed",
            missing=() if clear else ("HUMAN_PENDING",),
            actor=several[0].flow.origin,
            why_actor=WHY_ACTOR,
        )


def _is_other(party: Party | None) -> bool:
    return party is not None and party.role != "entrusted"
