"""Articles 22 and 25, the rules of an SDK itself, given beside its AAR or JAR: whose they are, what they tell, which rights."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.facts import Facts, Unread
from hegui.facts.policy import Policy
from hegui.facts.queries.closed_world import is_app
from hegui.regulations.policy_parts import RIGHTS, absent, rights_named
from hegui.regulations.sdk_parties import sdks_of

# The rights R10 asks of an SDK: it has no account to cancel, and consent is withdrawn in the app.
_ASKED = tuple(key for key in RIGHTS if key not in ("cancel", "withdraw"))


def _sdk_rules(facts: Facts) -> Policy | None:
    """The rules given beside an SDK that is audited by itself; None for an app, whose rules they are then."""
    if isinstance(facts.policy, Unread) or isinstance(facts.pkg, Unread) or is_app(facts.pkg):
        return None
    return facts.policy


@check("cac-2026:22.1", "app-2021:10.1", needs=("policy", "pkg"), missing=("LINK_NOT_FETCHED", "NO_DECL"))
def is_the_rules_of_this_sdk(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Rules that name the SDK (R56, limb 3). That its own site publishes them is not asked of the network here."""
    rules = _sdk_rules(facts)
    if rules is None or isinstance(facts.pkg, Unread):
        return
    names = [name for one in sdks_of(facts.pkg) for name in (one.name, one.pkg_prefix) if name]
    named = [name for name in names if name.lower() in rules.text.lower()]
    if named:
        yield found(
            None,
            f"所给规则写明了 {named[0]}；是否在其官网公开、无须登录即可查看，未核验（离线）",
            f"the rules given name {named[0]}; that its own site publishes them without login was not checked (offline)",
            shows.whole(rules, rules.text[:120]),
            basis="textual",
            missing=("LINK_NOT_FETCHED",),
        )
    else:
        yield found(
            "risk",
            f"所给规则没有出现该 SDK 的名称（{'、'.join(names)}），可能是集团或别的产品的规则",
            f"the rules given never name the SDK ({', '.join(names)}): they may be a group's or another product's",
            shows.whole(rules, rules.text[:120]),
            basis="textual",
            missing=("LINK_NOT_FETCHED", "NO_DECL"),
        )


@check("app-2021:10.2.1", needs=("policy", "pkg"), missing=("LINK_NOT_FETCHED",))
def tells_purpose_method_types_and_retention(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """What app developers must be told of: purpose, method, types, period (R56, limb 3, the 2021 keys)."""
    rules = _sdk_rules(facts)
    if rules is None:
        return
    told = {
        ("处理目的", "purpose"): any(one.purpose for one in rules.functions) or any(one.purpose for one in rules.types),
        ("处理方式", "method"): any(one.method for one in rules.functions),
        ("个人信息类型", "types"): bool(rules.types) or any(one.types or one.said_types for one in rules.functions),
        ("保存期限", "retention"): bool(rules.retention),
    }
    lacking = [name for name, there in told.items() if not there]
    if lacking:
        yield found(
            "risk",
            f"规则中没有读到{'、'.join(zh for zh, _ in lacking)}",
            f"not found in the rules: {', '.join(en for _, en in lacking)}",
            shows.whole(rules, f"全文 {len(rules.text)} 字"),
            basis="textual",
            missing=("HUMAN_PENDING",),
        )


@check("cac-2026:25.1.2", needs=("policy", "pkg"), missing=("NO_RECORD",))
def says_how_users_reach_the_sdk(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Seven rights, each with a channel of the SDK's own (R10, R60)."""
    rules = _sdk_rules(facts)
    if rules is None:
        return
    gone = [key for key in _ASKED if key not in rules.rights]
    named = [key for key in _ASKED if key in rules.rights and not rules.rights[key].value]
    if gone:
        some = rights_named(gone)
        yield from absent(
            facts,
            rules,
            f"SDK 规则没有写明如何行使：{some.zh}",
            f"the SDK's rules do not say how to exercise: {some.en}",
        )
    elif named:
        yield found(
            "risk",
            f"只提到这些权利，没有写明途径：{rights_named(named).zh}",
            f"these rights are named, but no way to exercise them: {rights_named(named).en}",
            shows.whole(rules, ""),
            basis="textual",
        )
    else:
        yield found(
            "compliant",
            f"{len(_ASKED)} 项权利均写明途径（是否有人受理，须有测试记录）",
            f"all {len(_ASKED)} rights come with a way to exercise them (that somebody answers takes a test)",
            *(shows.sentence(rules, span) for key in _ASKED if (span := rules.rights[key].span)),
            shows.whole(rules, ""),
            basis="textual",
        )
