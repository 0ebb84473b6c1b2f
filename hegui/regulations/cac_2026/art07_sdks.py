"""Article 7(1)(3), the list of embedded SDKs: its fields, its links, and whether it names what is embedded."""

import re
from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as package
from hegui.audit import policy_evidence as shows
from hegui.facts import Facts, Unread, is_read
from hegui.facts.package import Package, Sdk
from hegui.facts.policy import Policy, StatedSdk
from hegui.facts.queries import code
from hegui.facts.queries.consistency import version_agrees
from hegui.facts.queries.policy_text import list_elsewhere
from hegui.regulations.policy_parts import app_rules

# What each duty asks of a row. The later draft wants five fields; the 2021 draft the name, function and rules.
_FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "cac-2026:7.1.3.1": {
        "name": ("名称", "name"),
        "package": ("包名", "package"),
        "version": ("版本", "version"),
        "function": ("主要功能", "function"),
        "operator": ("运营者", "operator"),
        "said_types": ("个人信息种类", "types of information"),
    },
    "app-2021:8.3.2": {"name": ("名称", "name"), "function": ("功能", "function")},
}


@check("cac-2026:7.1.3.1", "app-2021:8.3.2", needs=("policy",), missing=("NO_POLICY",))
def each_sdk_row_is_complete(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Every row of the SDK list has the fields the duty names (R07, limb 1)."""
    rules = app_rules(facts)
    if rules is None:
        return
    rows = [one for one in rules.sdks if one.form != "prose"]
    for lacking, several in _lacking(rows, asked.duty.id).items():
        names = "、".join(one.name for one in several[:8])
        zh = "、".join(_FIELDS[asked.duty.id][key][0] for key in lacking)
        en = ", ".join(_FIELDS[asked.duty.id][key][1] for key in lacking)
        yield found(
            "violation",
            f"SDK 清单中 {len(several)} 项没有写明{zh}：{names}{'等' if len(several) > 8 else ''}",
            f"{len(several)} rows of the SDK list lack {en}: {names}",
            *(shows.sentence(rules, one.span) for one in several[:5] if one.span),
            shows.whole(rules, ""),
            basis="textual",
        )
    if rules.sdks and not rows and asked.duty.id == "cac-2026:7.1.3.1":
        elsewhere = list_elsewhere(rules, "sdk_list")
        yield found(
            "undetermined" if elsewhere else "risk",
            "SDK 只在行文中提到，" + ("清单在另一份未提供的文件中" if elsewhere else "没有结构化清单"),
            "SDKs are named in prose only; "
            + ("the list is in another document, not given" if elsewhere else "there is no structured list"),
            *((shows.sentence(rules, elsewhere),) if elsewhere else ()),
            *(shows.sentence(rules, one.span) for one in rules.sdks[:3] if one.span),
            shows.whole(rules, ""),
            basis="textual",
            missing=("NO_POLICY",) if elsewhere else (),
            assumptions=("A-25",),
        )


def _lacking(rows: list[StatedSdk], duty: str) -> dict[tuple[str, ...], list[StatedSdk]]:
    """The rows that lack something, by what they lack. A package name or a name: the draft writes 名称（包名）."""
    groups: dict[tuple[str, ...], list[StatedSdk]] = {}
    for one in rows:
        told = {
            "name": one.name or one.package,
            "package": one.package or one.name,
            "version": one.version,
            "function": one.function or one.purpose,
            "operator": one.operator,
            "said_types": one.said_types or one.types,
        }
        lacking = tuple(key for key in _FIELDS[duty] if not told[key])
        if lacking:
            groups.setdefault(lacking, []).append(one)
    return groups


@check("cac-2026:7.1.3.2", "app-2021:8.3.2", needs=("policy",), missing=("LINK_NOT_FETCHED",))
def each_sdk_row_links_its_rules(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Every row links the SDK's own rules (R08). Whether the link opens them is not asked of the network here."""
    rules = app_rules(facts)
    if rules is None:
        return
    rows = [one for one in rules.sdks if one.form != "prose"]
    without = [one for one in rows if not one.link or not re.match(r"https?://[^/\s]+\.[^/\s]+", one.link)]
    if without:
        names = "、".join(one.name for one in without[:8])
        yield found(
            "violation",
            f"SDK 清单中 {len(without)} 项没有规则链接：{names}{'等' if len(without) > 8 else ''}",
            f"{len(without)} rows of the SDK list have no link to the SDK's rules: {names}",
            *(shows.sentence(rules, one.span) for one in without[:5] if one.span),
            shows.whole(rules, ""),
            basis="textual",
        )
    elif rows:
        yield found(
            "undetermined",
            f"SDK 清单 {len(rows)} 项均有链接，链接能否打开、是否为该 SDK 的完整规则未核验（离线）",
            f"all {len(rows)} rows have a link; that it opens the SDK's complete rules was not checked (offline)",
            *(shows.sentence(rules, one.span) for one in rows[:5] if one.span),
            shows.whole(rules, ""),
            basis="textual",
            missing=("LINK_NOT_FETCHED",),
        )


@check("cac-2026:7.1.3.1", "app-2021:8.3.2", needs=("policy", "pkg.sdks"), missing=("NO_TRACE", "SDK_VERSION_UNKNOWN"))
def the_list_names_what_is_embedded(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Each SDK found in the package that collects is in the list, in its version; each row is found (R07, limbs 2 to 5).

    A package shows that an SDK is there, not that it acts: one missing from the list is a risk until a trace shows it.
    """
    rules, pkg = app_rules(facts), facts.pkg
    if rules is None or isinstance(pkg, Unread) or isinstance(pkg.sdks, Unread):
        return
    sure = [one for one in pkg.sdks if one.sdk_id != "unknown" and one.conf >= asked.number("sdk.conf")]
    by_id: dict[str, list[StatedSdk]] = {}
    for row in rules.sdks:
        if row.sdk_id:
            by_id.setdefault(row.sdk_id, []).append(row)
    elsewhere = list_elsewhere(rules, "sdk_list")
    clean = True
    for one in sure:
        if one.collects_pi and one.sdk_id not in by_id:
            clean = False
            yield _not_named(rules, pkg, one, elsewhere is not None)
        for row in by_id.get(one.sdk_id, []):
            if is_read(one.version) and row.version and not version_agrees(row.version, one.version):
                clean = False
                yield found(
                    "risk",
                    f"规则写 {one.name} 版本为 {row.version}，安装包中是 {one.version}",
                    f"the rules give {one.name} as version {row.version}, the package holds {one.version}",
                    *((shows.sentence(rules, row.span),) if row.span else ()),
                    package.sdk(pkg, one),
                    basis="textual",
                )
    hidden = code.hidden_by(pkg)
    for id, rows in by_id.items():
        if id not in {one.sdk_id for one in pkg.sdks} and any(row.form != "prose" for row in rows):
            clean = False
            yield found(
                "risk",
                f"规则列有 {rows[0].name}，安装包中没有发现，可能已过时，或代码被隐藏",
                f"the rules list {rows[0].name}, which was not found in the package: out of date, or hidden code",
                *(shows.sentence(rules, row.span) for row in rows[:2] if row.span),
                shows.whole(rules, ""),
                basis="textual",
                missing=hidden,
            )
    named = [one for one in sure if one.sdk_id in by_id]
    if clean and named and not hidden and not code.unowned(pkg):
        yield found(
            "compliant",
            f"安装包中识别出的 {len(named)} 个 SDK 均在规则的清单中",
            f"all {len(named)} SDKs recognised in the package are in the list of the rules",
            *(shows.sentence(rules, row.span) for one in named[:5] for row in by_id[one.sdk_id][:1] if row.span),
            shows.whole(rules, ""),
            basis="textual",
        )


@check("cac-2026:7.1.3.1", "cac-2026:7.1.3.2", "app-2021:8.3.2", needs=("pkg.sdks", "pkg.callsites"))
def embeds_no_sdk(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """No SDK recognised, and no code whose owner is unknown: there is nothing to list (R07)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(pkg.sdks, Unread):
        return
    rows = facts.policy.sdks if is_read(facts.policy) else ()
    if not pkg.sdks and not rows and not code.unowned(pkg) and is_read(pkg.unowned_code) and not code.hidden_by(pkg):
        yield found(
            "not_applicable",
            "代码完整可读，未发现嵌入 SDK",
            "the code was read whole and holds no embedded SDK",
            package.manifest(pkg, "no SDK of the catalogue, no code of unknown owner"),
        )


def _not_named(rules: Policy, pkg: Package, one: Sdk, elsewhere: bool) -> Finding:
    if elsewhere:
        return found(
            "undetermined",
            f"安装包含有 {one.name}；规则所说的 SDK 清单在另一份未提供的文件中",
            f"the package holds {one.name}; the SDK list that the rules point to was not given",
            package.sdk(pkg, one),
            shows.whole(rules, ""),
            basis="textual",
            missing=("NO_POLICY",),
        )
    return found(
        "risk",
        f"安装包含有 {one.name}（{one.pkg_prefix}），规则没有列出",
        f"the package holds {one.name} ({one.pkg_prefix}), which the rules do not list",
        package.sdk(pkg, one),
        shows.whole(rules, f"未见“{one.name}”"),
        basis="textual",
        missing=("NO_TRACE",),
        assumptions=("A-06",),
    )
