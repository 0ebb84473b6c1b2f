"""Article 7(1)(2), the list of functions: purpose, method, types, permissions with their frequency, sensitive items."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as package
from hegui.audit import policy_evidence as shows
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts, Unread, is_read
from hegui.facts.package import Permission
from hegui.facts.policy import Policy, StatedPermission, StatedType
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import is_app
from hegui.facts.queries.frequency import frequency
from hegui.regulations.policy_parts import absent, app_rules, types_en, types_zh


@check("cac-2026:7.1.2.1", "app-2021:6.1.2", needs=("policy",), missing=("NO_POLICY",))
def lists_each_function(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Each function with its purpose, method and types, in a structured list (R04). The 2021 draft asks for the content
    alone, not for a list."""
    rules = app_rules(facts)
    if rules is None:
        return
    listed = [one for one in rules.functions if one.form != "prose"]
    structured = asked.duty.id == "cac-2026:7.1.2.1"
    if not rules.functions:
        yield from absent(
            facts,
            rules,
            "规则没有按功能写明收集的目的、方式和种类",
            "the rules do not tell, function by function, why, how and what is collected",
            "collection",
        )
        return
    shown = tuple(shows.sentence(rules, one.span) for one in (listed or rules.functions)[:5] if one.span)
    shown = shown or (shows.whole(rules, ""),)
    clean = True
    # Of prose only what binds a type to a purpose was taken for a function; a row of a list stands there on its own.
    for one in listed:
        lacking = [
            name for name, part in (("目的", one.purpose), ("个人信息种类", one.types or one.said_types)) if not part
        ]
        if lacking:
            clean = False
            yield found(
                "violation" if structured else "risk",
                f"清单中“{one.name}”一项没有写明{'、'.join(lacking)}",
                f'the row "{one.name}" does not state its {" and ".join(_EN[name] for name in lacking)}',
                *((shows.sentence(rules, one.span),) if one.span else shown),
                basis="textual",
            )
    if not any(one.method for one in rules.functions):
        clean = False
        yield found("risk", "没有写明收集的方式", "the method of collecting is not stated", *shown, basis="textual")
    if structured and not listed:
        clean = False
        yield found(
            "risk",
            f"按功能的说明（{len(rules.functions)} 处）是叙述，不是结构化清单",
            f"functions are told in prose ({len(rules.functions)} places), not in a structured list",
            *shown,
            basis="textual",
            assumptions=("A-25",),
        )
    for scene in facts.decl.app.scenes if is_read(facts.decl) else ():
        if scene.types and not any(scene.name in one.name or one.name in scene.name for one in rules.functions):
            clean = False
            yield found(
                "risk",
                f"声明的功能场景“{scene.name}”在规则的功能清单中没有对应项",
                f'the declared scene "{scene.name}" has no row among the functions of the rules',
                *shown[:1],
                basis="textual",
            )
    if clean:
        yield found(
            "compliant",
            f"按功能写明目的、方式和种类，共 {len(rules.functions)} 项",
            f"purpose, method and types are stated for {len(rules.functions)} functions",
            *shown,
            basis="textual",
        )


_EN = {"目的": "purpose", "个人信息种类": "types of information"}


@check("cac-2026:7.1.2.2", needs=("pkg.permissions", "pkg.min_sdk"))
def permissions_the_rules_must_name(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The permissions the rules must name with their frequency are those of the manifest; with none, none (R05)."""
    if isinstance(facts.pkg, Unread) or not is_app(facts.pkg):
        return
    needed = held.dangerous(facts.pkg)
    if not needed:
        yield found(
            "not_applicable",
            "清单未申请任何需要用户授权的权限，规则中无权限可列",
            "the manifest asks for no permission a user grants, so the rules have none to list",
            package.manifest(facts.pkg, "no dangerous uses-permission"),
        )
        return
    names = "、".join(held.short(one) for one in needed)
    yield found(
        None,
        f"规则应逐项写明下列 {len(needed)} 项权限及调用频度：{names}",
        f"the rules must name these {len(needed)} permissions with their frequency: {names.replace('、', ', ')}",
        *package.permissions(facts.pkg, needed),
    )


@check("cac-2026:7.1.2.2", needs=("policy", "pkg.permissions", "pkg.min_sdk"), missing=("NO_TRACE",))
def permissions_in_rules_and_manifest_agree(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """What the manifest asks for is named in the rules with how often it is used; what they name is asked for (R05)."""
    rules, pkg = app_rules(facts), facts.pkg
    if rules is None or isinstance(pkg, Unread):
        return
    stated = _by_group(rules)
    needed = held.dangerous(pkg)
    for group, several in _groups(needed).items():
        if group not in stated:
            yield found(
                "risk",
                f"清单申请了{_group_zh(group)}权限（{'、'.join(held.short(one) for one in several)}），规则没有提到",
                f"the manifest asks for {', '.join(held.short(one) for one in several)}; the rules never name it",
                *package.permissions(pkg, several),
                shows.whole(rules, f"未见“{_group_zh(group)}”权限"),
                basis="textual",
                missing=("NO_TRACE",),
            )
    for group, named in stated.items():
        if group not in _groups(held.effective(pkg)):
            yield found(
                "risk",
                f"规则写有{_group_zh(group)}权限，安装包并未申请，可能是过时的内容",
                f"the rules name the permission {group}, which the package does not ask for: it may be out of date",
                shows.sentence(rules, named[0].span) if named[0].span else shows.whole(rules, named[0].said),
                basis="textual",
            )
    covered = {group: stated[group] for group in _groups(needed) if group in stated}
    yield from _frequencies(rules, covered)
    if (
        covered
        and set(covered) == set(_groups(needed))
        and all(_how_often(some) == "told" for some in covered.values())
    ):
        yield found(
            "compliant",
            f"清单申请的 {len(covered)} 组权限规则均已写明，并写明调用频度",
            f"all {len(covered)} groups of permissions the manifest asks for are named with their frequency",
            *(shows.sentence(rules, some[0].span) for some in covered.values() if some[0].span),
            *package.permissions(pkg, needed),
            basis="textual",
        )


@check("cac-2026:7.1.2.2", needs=("policy",), missing=("NO_PACKAGE",))
def permissions_named_come_with_a_frequency(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Without the package, the rules are held to themselves: a permission they list says how often it is used (R05)."""
    rules = app_rules(facts)
    if rules is not None and isinstance(facts.pkg, Unread):
        yield from _frequencies(rules, _by_group(rules))


def _frequencies(rules: Policy, stated: dict[str, list[StatedPermission]]) -> Iterator[Finding]:
    for group, several in stated.items():
        how = _how_often(several)
        if how == "told":
            continue
        vague = how == "as needed"
        said = [one for one in several if one.freq] if vague else several
        yield found(
            # A row of a list leaves the cell empty; a sentence may tell the frequency elsewhere in words not recognised.
            "risk" if vague or not any(_is_listed(rules, one) for one in several) else "violation",
            f"规则写明了{_group_zh(group)}权限，{'频度只写“必要时”一类' if vague else '没有写明调用频度'}",
            f"the rules name the permission {group} "
            + ("with a frequency such as “when needed”" if vague else "without its frequency"),
            *(shows.sentence(rules, one.span) for one in said[:3] if one.span),
            shows.whole(rules, ""),
            basis="textual",
            missing=("HUMAN_PENDING",),
        )


def _is_listed(rules: Policy, one: StatedPermission) -> bool:
    """Whether it stands in a row of a list of functions or in a cell of a table, not in running text."""
    if any(one in function.perms and function.form != "prose" for function in rules.functions):
        return True
    if one.span is None:
        return False
    return any(
        block.kind == "cell" and part.start <= one.span.start < part.end
        for block in rules.blocks
        for part in block.spans
    )


def _how_often(several: list[StatedPermission]) -> str:
    said = {frequency(one.freq) for one in several if one.freq}
    if said - {"as_needed"}:
        return "told"
    return "as needed" if said else "silent"


def _by_group(rules: Policy) -> dict[str, list[StatedPermission]]:
    """The permissions the rules state, by their group, or by name where they belong to none."""
    groups: dict[str, list[StatedPermission]] = {}
    every = (*rules.permissions, *(one for function in rules.functions for one in function.perms))
    for one in dict.fromkeys(every):
        groups.setdefault(one.group or one.name, []).append(one)
    return groups


def _groups(several: tuple[Permission, ...]) -> dict[str, tuple[Permission, ...]]:
    groups: dict[str, tuple[Permission, ...]] = {}
    for one in several:
        key = one.group or one.name
        groups[key] = (*groups.get(key, ()), one)
    return groups


def _group_zh(group: str) -> str:
    return GROUPS[group].zh if group in GROUPS else group


_SENSITIVE_EN = {
    ("必要性",): "necessity",
    ("对权益的影响",): "effect on the user",
    ("必要性", "对权益的影响"): "necessity and effect on the user",
}


@check("cac-2026:7.1.2.3", needs=("policy",), missing=("NO_TRACE",))
def explains_each_sensitive_item(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Each sensitive type with why it is necessary and what it means for the user (R06)."""
    rules = app_rules(facts)
    if rules is None:
        return
    sensitive: dict[str, list[StatedType]] = {}
    for one in rules.types:
        if one.sensitive and one.actor == "app":
            sensitive.setdefault(one.type, []).append(one)
    complete = []
    for kind, several in sensitive.items():
        lacking = [
            name
            for name, told in (
                ("必要性", any(one.necessity for one in several)),
                ("对权益的影响", any(one.impact for one in several)),
            )
            if not told
        ]
        if not lacking:
            complete.append(kind)
            continue
        spans = [one.span for one in several if one.span]
        yield found(
            "violation" if len(lacking) == 2 else "risk",
            f"敏感个人信息“{types_zh((kind,))}”没有说明{'和'.join(lacking)}",
            f"sensitive information ({types_en((kind,))}): {_SENSITIVE_EN[tuple(lacking)]} not told",
            *(shows.sentence(rules, span) for span in spans[:3]),
            shows.whole(rules, ""),
            basis="textual",
            missing=("HUMAN_PENDING",),
        )
    reasons = {one.necessity for kind in complete for one in sensitive[kind] if one.necessity}
    if len(complete) > 1 and len(reasons) == 1:
        yield found(
            "risk",
            f"{len(complete)} 种敏感个人信息的必要性说明完全相同，像套话",
            f"the same words explain all {len(complete)} sensitive types: boilerplate",
            *(shows.sentence(rules, span) for kind in complete[:3] if (span := sensitive[kind][0].span)),
            shows.whole(rules, ""),
            basis="textual",
            missing=("HUMAN_PENDING",),
        )
    elif complete and len(complete) == len(sensitive):
        yield found(
            "compliant",
            f"规则所列敏感个人信息均说明了必要性和影响：{types_zh(tuple(complete))}",
            f"necessity and effect are told for every sensitive type named: {types_en(tuple(complete))}",
            *(shows.sentence(rules, span) for kind in complete[:5] if (span := sensitive[kind][0].span)),
            shows.whole(rules, ""),
            basis="textual",
        )
