"""Article 9(2), giving personal information to others: what the rules say of whom, what and why."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.facts import Facts
from hegui.regulations.policy_parts import app_rules

# Roles under which a recipient decides for itself; an entrusted processor does not.
_OWN_PURPOSES = ("shared", "joint", "transferred", "disclosed")


@check("cac-2026:9.2.1", needs=("policy",), missing=("NO_CAPTURE", "NO_UI", "ROLE_UNKNOWN"))
def says_it_gives_to_others(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Rules that say information goes to parties with purposes of their own call for separate consent (R16)."""
    rules = app_rules(facts)
    if rules is None:
        return
    for role, missing in ((_OWN_PURPOSES, ()), ((None,), ("ROLE_UNKNOWN",))):
        several = [one for one in rules.sharing if one.role in role and one.span]
        if several:
            names = "、".join(dict.fromkeys(one.recipient for one in several[:6]))
            unclear = "，未写明对方是受托处理还是自行决定" if missing else ""
            unclear_en = " in a role not told" if missing else ""
            yield found(
                None,
                f"规则写明向第三方提供个人信息{unclear}：{names}；是否取得单独同意，须看界面和流量",
                f"the rules say information goes to others{unclear_en}: {names}; separate consent takes screens and traffic",
                *(shows.sentence(rules, one.span) for one in several[:5] if one.span),
                basis="textual",
                missing=("NO_UI", "NO_CAPTURE", *missing),
                assumptions=("A-07",),
            )


@check("app-2021:6.5.1", needs=("policy",), missing=("NO_POLICY", "NO_CAPTURE"))
def tells_about_each_recipient(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Who gets it, for what, and which types: named recipients without these are a risk (R16, 2021 limb)."""
    rules = app_rules(facts)
    if rules is None:
        return
    for one in rules.sharing:
        lacking = [
            name
            for name, told in (("目的", one.purpose), ("个人信息种类", one.types))
            if not told and one.role != "entrusted"
        ]
        if lacking and one.span and one.recipient:
            yield found(
                "risk",
                f"规则写明向“{one.recipient}”提供个人信息，附近没有写明{'、'.join(lacking)}",
                f'the rules give information to "{one.recipient}" without telling '
                + " and ".join("the purpose" if name == "目的" else "the types" for name in lacking),
                shows.sentence(rules, one.span),
                basis="textual",
                missing=("HUMAN_PENDING",),
                assumptions=("A-07",),
            )
