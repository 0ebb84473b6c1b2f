"""Article 13, limits of collection and use: relevant to the scene, stopped when done, nothing unnecessary."""

from collections.abc import Callable, Iterator
from functools import partial

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.app_types import app_type
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.permissions.loader import RUNTIME_LEVEL
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread, is_read
from hegui.facts.package import CallSite, Package
from hegui.facts.queries import code
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import is_app
from hegui.facts.queries.scenes import declared_for, declared_reading
from hegui.regulations.reads import can_read, reads
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


@check("cac-2026:13.1.1", "cac-2026:3.2.1", "app-2021:6.3.1", needs=("pkg.callsites",))
def reads_before_the_user_can_agree(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """What code can read on the start-up path, before any screen, and while the first screen opens (R20, limb 5)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    sites = reads(pkg)
    for when, early in ((_BEFORE_ANY_SCREEN, code.at_startup(sites)), (_AS_IT_OPENS, code.as_it_opens(sites))):
        yield from can_read(pkg, asked, early, partial(_says_early, when), assumptions=("A-14",), also=_waits(pkg))
    if asked.duty.id == "cac-2026:3.2.1" or not is_app(pkg) or isinstance(pkg.permissions, Unread):
        return
    network = held.named(pkg.permissions, held.ANDROID + "INTERNET")
    if not (sites or network or code.hidden_by(pkg)):
        yield found(
            "not_applicable",
            "代码完整可读，其中没有读取个人信息的接口调用，也未申请网络权限",
            "the code was read whole: it calls nothing that reads personal information, and there is no network permission",
            shows.manifest(pkg, "no INTERNET; no call of a catalogued API"),
        )


_BEFORE_ANY_SCREEN = Words("在启动路径上（任何界面出现之前）", "on the start-up path, before any screen,")
_AS_IT_OPENS = Words(
    "在首个界面打开过程中（用户操作之前）", "while the first screen opens, before the user's first act,"
)


def _says_early(when: Words, who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}{when.zh}可读取{pi_type(kind).zh}，{places} 处；是否等待同意，须看运行轨迹",
        f"{who.en} can read {pi_type(kind).en} {when.en} in {places} places; whether it waits for consent takes a trace",
    )


# Where a component goes on from is the intent it was started with.
_STARTED_BY_INTENT = ("onStartCommand(", "onHandleIntent(", "onReceive(")


def _waits(pkg: Package) -> Callable[[CallSite], Words | None]:
    """What may keep an early call from reading before the user agrees."""
    asks_first = is_read(pkg.target_sdk) and pkg.target_sdk >= RUNTIME_LEVEL

    def doubt(site: CallSite) -> Words | None:
        if site.gate is not None:
            return Words("调用前有判断条件", "a condition stands before the call")
        if site.api.startswith("screen."):
            return Words("每次录屏系统都先请用户同意", "the system asks the user before each capture of the screen")
        on_command = any(name in step for step in site.reach[2:] for name in _STARTED_BY_INTENT)
        if on_command and asks_first and site.perm_group in GROUPS:
            return Words(
                "经由按指令启动的组件，且首次启动时尚未授权",
                "by way of a component started on command, and the permission is not yet granted at first launch",
            )
        return None

    return doubt


# What no permission protects, so that the permissions of the declared kind say nothing about it.
_UNPROTECTED = ("app_list", "running_apps", "clipboard", "device_id.mac", "device_id.serial", "device_id.oaid")


@check("cac-2026:3.3.2", "cac-2026:13.2.4", "app-2021:7.0", needs=("pkg.callsites", "decl"))
def reads_beyond_the_declared_scenes(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Unprotected information that code can read and that no declared scene names (R32, limb 2)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(facts.decl, Unread) or not facts.decl.app.scenes:
        return
    beyond = [one for one in reads(pkg) if one.pi_type in _UNPROTECTED and not declared_reading(facts, one)]
    yield from can_read(pkg, asked, beyond, _says_undeclared, missing=("NO_TRACE", "HUMAN_PENDING"))


def _says_undeclared(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}的代码可读取{pi_type(kind).zh}，{places} 处，声明的场景均未列出该类信息",
        f"{who.en} has code that can read {pi_type(kind).en} in {places} places, which no declared scene names",
    )


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
