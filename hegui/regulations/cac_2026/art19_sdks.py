"""Article 19 (with 4 and 7), SDKs: which are embedded, and what each can reach."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.package import Package, Sdk
from hegui.facts.queries import code
from hegui.regulations.reads import reads
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


@check(*_OF_THE_APP, needs=("pkg.sdks", "pkg.callsites"))
def sdks_the_duty_is_about(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The SDKs found in the package, with what the code of each can read; with none in code read whole, no duty (R07, R54,
    R55). Code whose owner is unknown may be an SDK, so it leaves the question open."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(pkg.sdks, Unread):
        return
    if not pkg.sdks and not code.hidden_by(pkg) and not code.unowned(pkg):
        yield found(
            "not_applicable",
            "代码完整可读，均属应用自身或公共基础库，未嵌入收集类 SDK",
            "the code was read whole: all of it is the app's own or a common library's, and no SDK is embedded",
            shows.manifest(pkg, "no class under a package of a known SDK, none of unknown owner"),
        )
    for sdk in pkg.sdks:
        can = _reaches(pkg, sdk)
        version = sdk.version if not isinstance(sdk.version, Unread) else None
        yield found(
            None,
            f"嵌入 {sdk.name}" + (f" {version}" if version else "（版本未能确定）") + f"，{can.zh}",
            f"embeds {sdk.name}" + (f" {version}" if version else " (version unknown)") + f", {can.en}",
            Evidence("package_static", sdk.at[0] if sdk.at else sdk.pkg_prefix, f"{sdk.pkg_prefix}*", pkg.sha256),
            actor=sdk.sdk_id,
            missing=() if version else ("SDK_VERSION_UNKNOWN",),
        )
    if code.unowned(pkg):
        names = code.unowned(pkg)
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
