"""Article 24 (with 17), options of an SDK: which of those embedded show things by what is known of the person."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.sdks import FUNC_CLASSES
from hegui.facts import Facts, Unread
from hegui.regulations.reads import reads
from hegui.regulations.sdk_parties import sdks_of

# Advertising, pushing and recommending are where a person's traits decide what is shown (R47, R59 limb 4).
_PERSONAL = ("ads", "mediation", "push", "content", "e_commerce")


@check("cac-2026:24.2.1", "cac-2026:24.2.2", "cac-2026:17.1", "app-2021:8.2.2", needs=("pkg.callsites",))
def may_show_by_personal_traits(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """SDKs for advertising, push or recommendation, and what they can read for it; the switch is seen in screens and guides."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    by_sdk = asked.duty.obligor == "sdk_operator"
    for sdk in sdks_of(pkg):
        if sdk.func_class not in _PERSONAL:
            continue
        function = FUNC_CLASSES[sdk.func_class]
        sites = [one for one in reads(pkg) if one.origin == sdk.sdk_id]
        yield found(
            None,
            f"{sdk.name} 用于{function.zh}，可能依据个人特征推送；应有关闭个性化的选项",
            f"{sdk.name} is for {function.en} and may go by personal traits; there should be an option to turn that off",
            shows.sdk(pkg, sdk),
            *(shows.callsite(pkg, one) for one in sites[:3]),
            actor=sdk.sdk_id,
            missing=("NO_DECL",) if by_sdk else ("NO_UI",),
        )


@check("cac-2026:24.1", needs=("pkg.callsites",))
def collects_what_an_option_should_govern(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """What an SDK's code can read, for each of which the operator of the app should have an option (R59, limb 1)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    for sdk in sdks_of(pkg):
        sites = {one.pi_type: one for one in reversed(reads(pkg)) if one.origin == sdk.sdk_id}
        if sites:
            yield found(
                None,
                f"{sdk.name} 的代码可读取 {len(sites)} 类个人信息，非必需的各类应有可配置的关闭选项",
                f"{sdk.name} has code that can read {len(sites)} kinds of personal information; those it does not need should "
                "have an option that turns them off",
                *(shows.callsite(pkg, sites[kind]) for kind in sorted(sites, key=str)),
                actor=sdk.sdk_id,
                missing=("NO_DECL",),
            )
