"""Article 13, limits of collection and use: relevant to the scene, stopped when done, nothing unnecessary."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.app_types import app_type
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts, Unread
from hegui.facts.queries import permissions as held
from hegui.facts.queries.scenes import declared_for


@check("cac-2026:13.2.1", "cac-2026:13.2.3", needs=("pkg.permissions", "pkg.min_sdk"))
def calls_nothing_protected(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Without a permission a user grants there is no call of one to be relevant, or to stop (R29, R31)."""
    if isinstance(facts.pkg, Unread):
        return
    if not held.grantable(facts.pkg):
        yield found(
            "not_applicable",
            "清单未申请任何需要用户授权的权限，不存在可与场景比对的权限调用",
            "the manifest asks for no permission a user grants, so there is no call to hold against a scene",
            shows.manifest(facts.pkg, "no dangerous uses-permission"),
        )


@check("cac-2026:3.3.2", "cac-2026:13.2.4", "app-2021:7.0", needs=("pkg.permissions", "pkg.min_sdk", "decl"))
def asks_beyond_the_declared_kind(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Permissions outside what the declared kind's basic function uses, and outside every declared scene (R32, limb 2)."""
    if isinstance(facts.pkg, Unread) or isinstance(facts.decl, Unread) or facts.decl.app.type is None:
        return
    kind = app_type(facts.decl.app.type)
    if kind is None:
        return
    for one in held.dangerous(facts.pkg):
        if one.group in kind.groups or declared_for(facts, one):
            continue
        group = GROUPS[one.group].zh if one.group in GROUPS else "其他"
        yield found(
            "risk",
            f"声明类型为“{kind.zh}”，其基本功能不需要 {held.short(one)}（{group}），也没有声明的场景用到它",
            f"declared as {kind.en}: its basic function does not need {held.short(one)}, and no declared scene uses it",
            shows.permission(facts.pkg, one),
            missing=("NO_TRACE", "SCENE_UNMAPPED"),
        )
