"""Article 13, limits of collection and use: relevant to the scene, stopped when done, nothing unnecessary."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.app_types import app_type
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.package import CallSite, Package
from hegui.facts.queries import code
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import is_app
from hegui.facts.queries.scenes import declared_for
from hegui.regulations.reads import reads
from hegui.words import Words


@check("cac-2026:13.2.1", "cac-2026:13.2.3", needs=("pkg.permissions", "pkg.min_sdk"))
def calls_nothing_protected(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Without a permission a user grants there is no call of one to be relevant, or to stop (R29, R31)."""
    if isinstance(facts.pkg, Unread) or not is_app(facts.pkg):
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


@check("cac-2026:13.1.1", "app-2021:6.3.1", needs=("pkg.callsites", "pkg.permissions"))
def reads_before_any_screen(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Code on the start-up path runs before any screen and so before consent; what it can read is a risk (R20, limb 5)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(pkg.permissions, Unread):
        return
    sites = reads(pkg)
    hidden = code.hidden_by(pkg)
    early = code.at_startup(sites)
    for (actor, kind), group in code.by_actor_and_type(early).items():
        open_ones = tuple(one for one in group if one.gate is None)
        yield _early(pkg, actor, kind, open_ones or group, gated=not open_ones, hidden=hidden)
    network = any(one.name == held.ANDROID + "INTERNET" for one in pkg.permissions)
    if not early and not sites and not network and not hidden:
        yield found(
            "not_applicable",
            "代码完整可读，其中没有读取个人信息的接口调用，也未申请网络权限",
            "the code was read whole: it calls nothing that reads personal information, and there is no network permission",
            shows.manifest(pkg, "no INTERNET; no call of a catalogued API"),
        )


def _early(
    pkg: Package, actor: str, kind: str, sites: tuple[CallSite, ...], *, gated: bool, hidden: tuple[str, ...]
) -> Finding:
    name, who = pi_type(kind), _actor(actor)
    first = sites[0]
    after = "，调用前有判断条件，是否在同意之后须看运行轨迹" if gated else ""
    after_en = "; a condition stands before the call, and whether it waits for consent takes a trace" if gated else ""
    # A library that everybody embeds acts by itself, such as a font provider looked up at start: shown, held against none.
    return found(
        None if gated or actor == "library" else "risk",
        f"{who.zh}在启动路径上（任何界面出现之前）可读取{name.zh}，{len(sites)} 处{after}",
        f"{who.en} can read {name.en} on the start-up path, before any screen, in {len(sites)} places{after_en}",
        *(shows.callsite(pkg, one) for one in sites[:5]),
        actor=actor,
        why_actor=Words(first.why_origin, first.why_origin),
        assumptions=("A-14",),
        missing=("NO_TRACE", *hidden),
    )


def _actor(actor: str) -> Words:
    names = {
        "app": Words("应用自身", "the app itself"),
        "library": Words("公共基础库", "a common library"),
        "unknown": Words("归属未明的代码", "code of unknown owner"),
    }
    return names.get(actor, Words(f"SDK {actor} ", f"the SDK {actor}"))


# Groups whose every use in bytecode is a call of the catalogue; the others can be used through intents or other ways.
_CALLED_ONLY = ("contacts", "call_log", "calendar", "location", "microphone", "sms")


@check("cac-2026:13.2.4", needs=("pkg.callsites", "pkg.permissions", "pkg.min_sdk"))
def asks_for_what_no_code_uses(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission asked for although no code of the package uses its group (R32, limb 1). Only where the code was read
    whole: native code, reflection or code from elsewhere may use what bytecode does not name."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(pkg.callsites, Unread) or code.hidden_by(pkg):
        return
    used = {one.perm_group for one in pkg.callsites}
    for one in held.dangerous(pkg):
        if one.group in _CALLED_ONLY and one.group not in used:
            yield found(
                "risk",
                f"申请了 {held.short(one)}，但代码中没有用到该组权限的接口调用，可能多余",
                f"asks for {held.short(one)}, but no code calls anything of that group: it may be superfluous",
                shows.permission(pkg, one),
                missing=("NO_TRACE",),
            )
