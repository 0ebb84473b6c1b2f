"""Article 9(2) on traffic: personal information that went to third parties, in what role, and after which consent."""

import re
from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as said
from hegui.audit import traffic_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.facts import Facts, is_read
from hegui.facts.policy import Policy
from hegui.facts.queries.policy_text import fully_read, list_elsewhere
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.trace_parts import runs
from hegui.regulations.traffic_parts import (
    WHY_ACTOR,
    Party,
    Sent,
    Side,
    evidence,
    hosts,
    kinds,
    own_scopes,
    sent,
    sides_of,
    to_parties,
    to_strangers,
    unheard,
)
from hegui.words import Words

# What a flow's side of the consent makes of it, worst first.
_ORDER: tuple[Side, ...] = ("before", "unsure", "untold", "after")
# How a log writes several recipients of one consent.
_SEVERAL = re.compile(r"[、，,;；|]")


@check(
    "cac-2026:9.2.1",
    "app-2021:6.5.2",
    needs=("net",),
    missing=("ROLE_UNKNOWN", "TRACE_NO_CONSENT", "NO_DECL", "CAPTURE_ENCRYPTED", "NO_CANARY", "NO_CAPTURE", "NO_UI"),
)
def gives_to_third_parties(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Personal information that went to a party with purposes of its own, without the consent it takes (R16).

    The 2026 draft asks for a consent of its own for that party, that of 2021 for any. An entrusted processor is no third party.
    """
    if not is_read(facts.net):
        return
    fine: list[Sent] = []
    several = to_parties(facts)
    for party, given in several.items():
        verdict, words, missing = _judged(facts, asked, party, given)
        if verdict is None:
            fine += given
            continue
        yield found(
            verdict,
            f"向{party.name}（{hosts(given)}）发送{kinds(given).zh}：{words.zh}",
            f"{kinds(given).en} sent to {party.name} ({hosts(given)}): {words.en}",
            *evidence(facts, given),
            basis="observed",
            assumptions=("A-07",),
            missing=missing,
            actor=given[0].flow.origin,
            why_actor=WHY_ACTOR,
        )
    if len(fine) == sum(map(len, several.values())):
        strange = to_strangers(facts)
        lacking = (*unheard(facts.net), *(("ROLE_UNKNOWN",) if strange else ()))
        yield found(
            None if lacking else "compliant",
            ("发给第三方的个人信息均有委托协议或此前的同意" if fine else "抓到的流量里没有发给已知第三方的个人信息")
            + (f"；另有发往归属未明的 {hosts(strange)}" if strange else ""),
            (
                "what went to third parties is entrusted by agreement or was agreed to before"
                if fine
                else "no personal information went to a known third party in what was captured"
            )
            + (f"; some went to {hosts(strange)}, of unknown owner" if strange else ""),
            shows.coverage(facts, facts.net),
            *evidence(facts, [*fine, *strange]),
            basis="observed",
            missing=lacking,
        )


def _judged(
    facts: Facts, asked: Asked, party: Party, given: list[Sent]
) -> tuple[Verdict | None, Words, tuple[str, ...]]:
    """None where nothing is held against it."""
    if party.role == "entrusted":
        if party.agreement:
            return None, Words("", ""), ()
        return (
            "risk",
            Words("声明为受托方，未写明委托协议", "declared as entrusted; no agreement is named"),
            ("NO_DECL",),
        )
    own = own_scopes(party)
    for_any = ("rules",) if asked.duty.id == "app-2021:6.5.2" else ()
    sides = sides_of(facts, given, (*for_any, *own, "third_party", *_bundles(facts, party)))
    worst = next(one for one in _ORDER if one in sides)
    if worst == "after":
        if for_any or sides_of(facts, given, own) == {"after"}:
            return None, Words("", ""), ()
        bundle = Words("此前的同意没有单独指明它，或一并列了几个接收方", "the consent before did not name it alone")
        return "risk", bundle, ("NO_UI",)
    if party.role is None:
        return "risk", Words("对方是受托还是自行决定未声明", "its role was not declared"), ("ROLE_UNKNOWN",)
    if worst == "before":
        what = (
            Words("此前没有同意", "without consent before")
            if for_any
            else Words("此前没有针对它的单独同意", "without a separate consent for it before")
        )
        return "violation", what, ()
    if worst == "unsure":
        return (
            "undetermined",
            Words("与同意相距在时钟误差之内", "within what the clocks are off from the consent"),
            ("TRACE_NO_CONSENT",),
        )
    return (
        "undetermined",
        Words(
            "抓包没有对应的运行日志，先于还是后于同意无从判断",
            "no log of that run shows whether it was agreed to before",
        ),
        ("TRACE_NO_CONSENT",),
    )


def _bundles(facts: Facts, party: Party) -> set[str]:
    """The scopes of consents that name this party among several."""
    given = {
        what.scope or ""
        for run in runs(facts)
        for what in run.whats
        if what.type == "consent" and (what.scope or "").startswith("third_party:")
    }
    return {
        scope
        for scope in given
        if len(named := _SEVERAL.split(scope.removeprefix("third_party:"))) > 1
        and not {one.strip() for one in named}.isdisjoint({*party.names, party.sdk_id} - {""})
    }


@check(
    "app-2021:6.5.1",
    needs=("net", "policy"),
    missing=("ROLE_UNKNOWN", "NO_POLICY", "NO_CAPTURE", "NO_CANARY", "CAPTURE_ENCRYPTED", "HUMAN_PENDING"),
)
def a_recipient_is_not_named(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A third party that personal information went to and that the rules do not name, or name without saying what for or
    which kinds (R16, 2021 limb). Whether contact and manner stand beside it, a person reads."""
    rules = app_rules(facts)
    if rules is None or not is_read(facts.net):
        return
    if not any(True for _ in sent(facts)) and not unheard(facts.net):
        yield found(
            "not_applicable",
            "抓包全部可读、已预埋标记，没有个人信息离开设备",
            "all that was captured could be read, markers were planted, and no personal information left the device",
            shows.coverage(facts, facts.net),
            basis="observed",
        )
    elsewhere = list_elsewhere(rules, "sdk_list")
    whole = fully_read(facts) and elsewhere is None
    for party, given in to_parties(facts).items():
        if party.role == "entrusted":
            continue
        if _names(rules, party):
            yield _named(rules, party, given)
            continue
        known = party.role is not None
        yield found(
            ("violation" if known else "risk") if whole else "undetermined",
            f"向{party.name}（{hosts(given)}）发送{kinds(given).zh}，规则没有写明这一接收方"
            + ("" if whole else "（但清单另在他处或未能读完）"),
            f"{kinds(given).en} sent to {party.name} ({hosts(given)}), whom the rules do not name"
            + ("" if whole else " (but the list is elsewhere, or could not be read to the end)"),
            *evidence(facts, given),
            *([said.sentence(rules, elsewhere)] if elsewhere else []),
            said.whole(rules, f"未见“{party.name}”"),
            basis="observed",
            assumptions=("A-07",),
            missing=("NO_POLICY",) if not whole else () if known else ("ROLE_UNKNOWN",),
            actor=given[0].flow.origin,
            why_actor=WHY_ACTOR,
        )


def _named(rules: Policy, party: Party, given: list[Sent]) -> Finding:
    """What the rules say of a recipient they name, as far as its row was read."""
    rows = [one for one in rules.sdks if (party.sdk_id and one.sdk_id == party.sdk_id) or one.name in party.names]
    shared = [one for one in rules.sharing if one.recipient in party.names]
    told = [(one.purpose or one.function, one.types, one.span) for one in rows]
    told += [(one.purpose, one.types, one.span) for one in shared]
    lacks = [
        words
        for words, said_so in (
            (Words("目的", "the purpose"), any(purpose for purpose, _, _ in told)),
            (Words("种类", "the kinds"), any(types for _, types, _ in told)),
        )
        if told and not said_so
    ]
    zh = f"规则写明了{party.name}" + (f"，但未见{'、'.join(one.zh for one in lacks)}" if lacks else "")
    en = f"the rules name {party.name}" + (f", but not {' and '.join(one.en for one in lacks)}" if lacks else "")
    spans = [span for _, _, span in told if span]
    return found(
        "risk" if lacks else None,
        zh + "；联系方式与方式等五项是否齐全待人工核对",
        en + "; whether all five items stand there awaits review",
        *(said.sentence(rules, span) for span in spans[:2]),
        said.whole(rules, party.name),
        basis="textual",
        assumptions=("A-07",),
        missing=("HUMAN_PENDING",),
        actor=given[0].flow.origin,
        why_actor=WHY_ACTOR,
    )


def _names(rules: Policy, party: Party) -> bool:
    if party.sdk_id and any(row.sdk_id == party.sdk_id for row in rules.sdks):
        return True
    return any(name in rules.text for name in party.names if name)
