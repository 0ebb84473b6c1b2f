"""Article 19 (with 4, 7 and 22 to 25), SDKs: which are embedded, what each can reach, and what could change it."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.apis import LOADS_BYTECODE
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.package import Package, Sdk
from hegui.facts.queries import code
from hegui.facts.queries.closed_world import is_app
from hegui.regulations.reads import reads, sites_of, why
from hegui.regulations.sdk_parties import sdks_of
from hegui.words import Words

_OF_THE_APP = (
    "cac-2026:4.2.1",
    "cac-2026:7.1.3.1",
    "cac-2026:19.1.1",
    "cac-2026:19.1.2",
    "cac-2026:19.1.3",
    "app-2021:8.3.2",
    "app-2021:8.3.3",
    "app-2021:8.3.4",
)

_ABOUT_EMBEDDED = tuple(one for one in _OF_THE_APP if one not in ("cac-2026:7.1.3.1", "app-2021:8.3.2"))

_OF_THE_SDK = (
    "cac-2026:22.1",
    "cac-2026:22.2",
    "cac-2026:22.3",
    "cac-2026:23.1.1",
    "cac-2026:23.1.2",
    "cac-2026:23.1.3",
    "cac-2026:24.1",
    "cac-2026:24.2.1",
    "cac-2026:24.2.2",
    "cac-2026:25.1.1",
    "cac-2026:25.1.2",
    "app-2021:10.1",
    "app-2021:10.2.1",
    "app-2021:10.2.2",
    "app-2021:10.3",
    "app-2021:10.4.1",
    "app-2021:10.5",
)


@check(*_ABOUT_EMBEDDED, *_OF_THE_SDK, needs=("pkg.sdks", "pkg.callsites"))
def embeds_no_sdk(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Code read whole, all of it the app's own or a library's: no SDK, so no duty about one (R54, R55). The
    list of SDKs in the rules is article 7's."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or not is_app(pkg):
        return
    if not (sdks_of(pkg) or code.hidden_by(pkg) or code.unowned(pkg)):
        yield found(
            "not_applicable",
            "代码完整可读，均属应用自身或公共基础库，未嵌入收集类 SDK",
            "the code was read whole: all of it is the app's own or a common library's, and no SDK is embedded",
            shows.manifest(pkg, "no class under a package of a known SDK, none of unknown owner"),
        )


@check(*_OF_THE_APP, "cac-2026:22.1", "app-2021:10.1", "app-2021:10.2.1", needs=("pkg.callsites",))
def sdks_the_duty_is_about(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The SDKs of the package, or the SDK it is, with what the code of each can read (R07, R54–R56). Code
    whose owner is unknown may be an SDK too."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    for sdk in sdks_of(pkg):
        can = _reaches(pkg, sdk)
        version = sdk.version if not isinstance(sdk.version, Unread) else None
        verb = Words("嵌入", "embeds") if is_app(pkg) else Words("受检 SDK：", "the SDK audited:")
        yield found(
            None,
            f"{verb.zh} {sdk.name}" + (f" {version}" if version else "（版本未能确定）") + f"，{can.zh}",
            f"{verb.en} {sdk.name}" + (f" {version}" if version else " (version unknown)") + f", {can.en}",
            shows.sdk(pkg, sdk),
            actor=sdk.sdk_id,
            missing=("SDK_UNKNOWN",) if sdk.candidate else () if version else ("SDK_VERSION_UNKNOWN",),
        )

    names = code.unowned(pkg)
    if names:
        yield found(
            None,
            f"另有 {len(names)} 个代码包归属未明，可能是未识别的 SDK：{'、'.join(names[:5])}",
            f"{len(names)} more packages of code have no known owner and may be SDKs: {', '.join(names[:5])}",
            shows.manifest(pkg, ", ".join(names[:20])),
            actor="unknown",
            missing=("SDK_UNKNOWN",),
        )


def _reaches(pkg: Package, sdk: Sdk) -> Words:
    kinds = sorted({one.pi_type or "" for one in reads(pkg) if one.origin == sdk.sdk_id})
    if not kinds:
        return Words(
            "代码中未见其读取个人信息的调用", "whose code is not seen to call anything that reads personal information"
        )
    zh = "、".join(pi_type(kind).zh for kind in kinds)
    return Words(f"其代码可读取：{zh}", f"whose code can read: {', '.join(pi_type(kind).en for kind in kinds)}")


@check("app-2021:8.3.2", needs=("pkg.flags.packed",))
def hardening_is_a_third_party_too(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Who packed the code is a provider to be named as well (R07 in the 2021 profile); what it hides stays unseen."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or not pkg.flags.packer:
        return
    yield found(
        None,
        f"使用了加固服务 {pkg.flags.packer}，其提供者也应列入第三方",
        f"packed by {pkg.flags.packer}, whose provider is a third party to be named as well",
        shows.manifest(pkg, "; ".join(pkg.flags.why_packed[:5]) or pkg.flags.packer),
        missing=("PACKED",) if pkg.flags.packed is True else (),
    )


@check(
    "cac-2026:19.1.2",
    "cac-2026:19.1.3",
    "cac-2026:22.2",
    "cac-2026:22.3",
    "app-2021:8.3.4",
    "app-2021:10.2.2",
    needs=("pkg.callsites",),
)
def changes_without_a_new_version(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An SDK that loads other code can come to do what neither this reading nor its version shows (R55, R57)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    loading = [one for one in sites_of(pkg) if one.api in LOADS_BYTECODE]
    for sdk in sdks_of(pkg):
        sites = [one for one in loading if one.origin == sdk.sdk_id]
        if not sites and sdk.func_class not in ("hotfix", "plugin"):
            continue
        yield found(
            None,
            f"{sdk.name} 可加载本包以外的代码，版本不变时行为也可能改变；本次审核不覆盖其加载的内容",
            f"{sdk.name} can load code from outside this package, so it may change while its version stays; what it loads is "
            "not covered by this audit",
            *([shows.callsite(pkg, one) for one in sites[:5]] or [shows.sdk(pkg, sdk)]),
            actor=sdk.sdk_id,
            why_actor=why(sites[0]) if sites else None,
            missing=("DYN_CODE",),
        )
